import type { ReactNode } from 'react';
import { useTranslate } from './translate';

export interface LayoutProps {
  conference: { slug: string; name: string } | null;
  /** Undefined where it is not known, as on an error page. */
  viewer: { name: string; reviews: boolean; organises: boolean; judges: boolean } | null | undefined;
  path: string;
  /** Of the page, as it stands on paper. */
  address: string;
  notice: string | null;
  children: ReactNode;
}

/** The frame of every page: where one is, who one is, and where one can go. */
export function Layout({ conference, viewer, path, address, notice, children }: LayoutProps) {
  const t = useTranslate();
  return (
    <>
      <header className="site">
        <div className="bar you">
          <a className="brand" href="/">
            Colloquy
          </a>
          <nav aria-label={t('layout.you')}>
            {viewer && (
              <>
                <a href="/account" dir="auto" aria-current={path === '/account' ? 'page' : undefined}>
                  {viewer.name}
                </a>
                <form method="post" action="/sign-out">
                  <button type="submit" className="plain">
                    {t('layout.signOut')}
                  </button>
                </form>
              </>
            )}
            {viewer === null && (
              <a
                href={`/sign-in${path.startsWith('/sign-in') || path === '/' ? '' : `?${new URLSearchParams({ next: path })}`}`}
              >
                {t('layout.signIn')}
              </a>
            )}
          </nav>
        </div>
        {conference && (
          <div className="bar conference">
            <a className="where" href={`/${conference.slug}`} dir="auto">
              {conference.name}
            </a>
            <nav aria-label={t('layout.conference')}>
              {rooms(viewer ?? null).map((room) => {
                const href = `/${conference.slug}/${room}`;
                return (
                  <a
                    key={room}
                    href={href}
                    aria-current={path === href ? 'page' : path.startsWith(`${href}/`) ? 'true' : undefined}
                  >
                    {t(`layout.${room}`)}
                  </a>
                );
              })}
            </nav>
          </div>
        )}
      </header>
      <main id="main" tabIndex={-1}>
        {notice && (
          <p className="notice" role="status">
            {notice}
          </p>
        )}
        {children}
      </main>
      <footer className="site">
        <p>{t('layout.promise')}</p>
        {address && <p className="on-paper">{address}</p>}
      </footer>
    </>
  );
}

function rooms(viewer: LayoutProps['viewer'] | null) {
  return [
    'programme' as const,
    'schedule' as const,
    'submit' as const,
    ...(viewer ? (['submissions', 'messages'] as const) : []),
    ...(viewer?.reviews ? (['review'] as const) : []),
    ...(viewer?.judges ? (['conduct'] as const) : []),
    ...(viewer?.organises ? (['organise'] as const) : []),
  ];
}

import { useTranslate } from './translate';

const PAGES = { conference: '', choices: '/choices', people: '/people', mail: '/mail' } as const;

export function OrganiseNav({ slug, current }: { slug: string; current: keyof typeof PAGES }) {
  const t = useTranslate();
  return (
    <nav className="tabs" aria-label={t('organise.title')}>
      {(Object.keys(PAGES) as (keyof typeof PAGES)[]).map((page) => (
        <a key={page} href={`/${slug}/organise${PAGES[page]}`} aria-current={page === current ? 'page' : undefined}>
          {t(`organise.${page}`)}
        </a>
      ))}
    </nav>
  );
}

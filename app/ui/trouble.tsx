import { useTranslate } from './translate';
import { TypedWords } from './typed-words';

export interface ProblemShown {
  retry: { path: string; fields: [string, string][] } | null;
  /** What somebody had typed. */
  typed: [string, string][];
  /** Whether another site has sent it. */
  foreign: boolean;
}

/** What is shown in place of a page: says what happened, and what to do now. */
export function Trouble({
  status,
  retry,
  typed,
  foreign,
  account = '',
}: ProblemShown & {
  /** Who is signed in; empty: nobody, or nobody knows. */
  account?: string;
  status: 400 | 403 | 404 | 405 | 413 | 429 | 500 | 503;
}) {
  const t = useTranslate();
  return (
    <section className="trouble">
      <p className="eyebrow">{status}</p>
      <h1>{t(`trouble.${status}.title`)}</h1>
      <p>
        {status === 404 && account
          ? t('trouble.404.signedIn', { name: account })
          : t(foreign ? 'trouble.foreign' : `trouble.${status}.text`)}
      </p>
      {typed.length > 0 && <TypedWords fields={typed} />}
      {retry ? (
        <form method="post" action={retry.path}>
          {retry.fields.map(([name, value], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and a name may stand in it twice
            <input key={index} type="hidden" name={name} value={value} />
          ))}
          <p>{t('trouble.kept')}</p>
          <button type="submit">{t('trouble.again')}</button>
        </form>
      ) : (
        <p>
          <a href="/">{t('trouble.home')}</a>
          {status === 404 && !account && (
            <>
              {' · '}
              <a href="/sign-in">{t('layout.signIn')}</a>
            </>
          )}
        </p>
      )}
    </section>
  );
}

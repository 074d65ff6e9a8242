import { useTranslate } from './translate';

/** Leads to the next page of a list, where there is one: `before` is null on the last. */
export function NextPage({ query }: { query: Record<string, string | null | undefined> }) {
  const t = useTranslate();
  if (Object.values(query).includes(null)) return null;
  const given = Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return (
    <nav className="pages" aria-label={t('filter.pages')}>
      <a className="button secondary" rel="next" href={`?${new URLSearchParams(given)}`}>
        {t('filter.next')}
      </a>
    </nav>
  );
}

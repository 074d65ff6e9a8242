import { useTranslate } from './translate';

/** A select of a filter form; its first entry means "all". */
export function ChoiceFilter({
  name,
  label,
  all,
  value,
  choices,
}: {
  name: string;
  label: string;
  all?: string;
  value: string;
  choices: { id: string; name: string }[];
}) {
  const t = useTranslate();
  return (
    <div className="field">
      <label htmlFor={`filter-${name}`}>{label}</label>
      <select id={`filter-${name}`} name={name} defaultValue={value}>
        <option value={all ?? ''}>{t('filter.all')}</option>
        {choices.map((choice) => (
          <option key={choice.id} value={choice.id}>
            {choice.name}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The link to the next page of a list. */
export function NextPage({ search, after }: { search: string; after: number | null }) {
  const t = useTranslate();
  if (after === null) return null;
  const params = new URLSearchParams(search);
  params.set('after', String(after));
  return (
    <nav className="pages" aria-label={t('filter.pages')}>
      <a className="button secondary" rel="next" href={`?${params}`}>
        {t('filter.next')}
      </a>
    </nav>
  );
}

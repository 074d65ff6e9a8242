import type { Translate } from '#locales/translate';
import { useTranslate } from './translate';

/** What somebody had typed into a form that cannot be shown again: to be read and copied, and to nothing else. */
export function TypedWords({ fields }: { fields: [string, string][] }) {
  const t = useTranslate();
  return (
    <section className="narrow" data-typed="">
      <h2>{t('trouble.typed')}</h2>
      <p>{t('trouble.typedLead')}</p>
      {fields.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and a name may stand in it twice
        <div key={index} className="field">
          <label htmlFor={`typed-${index}`}>{labelOf(name, t)}</label>
          <textarea
            id={`typed-${index}`}
            readOnly
            dir="auto"
            rows={Math.min(14, 1 + value.split('\n').length + Math.floor(value.length / 70))}
            defaultValue={value}
          />
        </div>
      ))}
    </section>
  );
}

function labelOf(name: string, t: Translate): string {
  const [, index, part = name] = /^authors\[(\d+)\]\.(\w+)$/.exec(name) ?? [];
  const label = part in LABELS ? t(LABELS[part as keyof typeof LABELS]) : part;
  return index === undefined ? label : `${t('submit.author', { number: Number(index) + 1 })}, ${label}`;
}

const LABELS = {
  title: 'submit.titleField',
  abstract: 'paper.abstract',
  keywords: 'paper.keywords',
  body: 'message.body',
  subject: 'message.subject',
  note: 'review.note',
  name: 'submit.authorName',
  affiliation: 'submit.affiliation',
  orcid: 'submit.orcid',
} as const;

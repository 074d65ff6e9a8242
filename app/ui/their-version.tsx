import { Abstract } from './abstract';
import { SubmissionText, type SubmissionTextProps } from './submission-text';
import { useTranslate } from './translate';

export interface TheirVersionProps {
  text: SubmissionTextProps;
  /** Names of the fields that both have changed; empty: all of it is another state of things. */
  conflicts: string[];
}

/** What somebody else has saved since a form was opened, where the form says otherwise. */
export function TheirVersion({ text, conflicts }: TheirVersionProps) {
  const t = useTranslate();
  const fields = {
    title: [t('submit.titleField'), text.title],
    formatId: [t('paper.format'), text.format],
    themeId: [t('paper.theme'), text.theme],
    abstract: [t('paper.abstract'), <Abstract key="abstract" {...text} text={text.abstract} />],
    keywords: [t('paper.keywords'), text.keywords.join(', ')],
    language: [t('submit.language'), text.language],
    authors: [
      t('submit.byline'),
      text.authors.map(({ name, affiliation }) => (affiliation ? `${name} (${affiliation})` : name)).join('; '),
    ],
  } as const;
  const shown = Object.entries(fields).filter(([name]) => conflicts.includes(name));
  return (
    <section className="theirs">
      <h2>{t('submit.theirs')}</h2>
      {shown.length === 0 ? (
        <SubmissionText text={text} />
      ) : (
        <dl className="facts">
          {shown.map(([name, [label, value]]) => (
            <div key={name}>
              <dt>{label}</dt>
              <dd dir="auto">{value || '–'}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

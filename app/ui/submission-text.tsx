import { Abstract } from './abstract';
import { useTranslate } from './translate';

export interface SubmissionTextProps {
  title: string;
  abstract: string;
  html: string | null;
  language: string;
  keywords: string[];
  format: string;
  theme: string;
  authors: { name: string; affiliation: string; presenter: boolean }[];
}

/** A submission to read: for its authors when it is locked, for reviewers, and as "the other version" of a stale form. */
export function SubmissionText({ text }: { text: SubmissionTextProps }) {
  const t = useTranslate();
  return (
    <article className="paper">
      <h2 dir="auto" className="title">
        {text.title || t('paper.untitled')}
      </h2>
      <ul className="authors">
        {text.authors.map((author, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name may stand twice in a byline
          <li key={index}>
            <bdi className="name">{author.name}</bdi>
            {author.affiliation && (
              <span className="affiliation">
                {' '}
                (<bdi>{author.affiliation}</bdi>)
              </span>
            )}
            {author.presenter && text.authors.length > 1 && <span className="tag">{t('paper.presenter')}</span>}
          </li>
        ))}
      </ul>
      <dl className="facts">
        <div>
          <dt>{t('paper.format')}</dt>
          <dd dir="auto">{text.format}</dd>
        </div>
        <div>
          <dt>{t('paper.theme')}</dt>
          <dd dir="auto">{text.theme}</dd>
        </div>
        {text.keywords.length > 0 && (
          <div>
            <dt>{t('paper.keywords')}</dt>
            <dd dir="auto">{text.keywords.join(', ')}</dd>
          </div>
        )}
      </dl>
      {text.abstract ? (
        <Abstract text={text.abstract} html={text.html} language={text.language} />
      ) : (
        <p className="empty">{t('paper.noAbstract')}</p>
      )}
    </article>
  );
}

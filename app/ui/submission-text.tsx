import { Abstract } from './abstract';
import { Byline, type BylineProps } from './byline';
import { Facts } from './facts';
import { useTranslate } from './translate';

export interface SubmissionTextProps extends BylineProps {
  title: string;
  abstract: string;
  html: string | null;
  language: string;
  keywords: string[];
  format: string;
  theme: string;
}

/** A submission to read: for its authors when it is locked, for reviewers, and as "the other version" of a stale form. */
export function SubmissionText({ text }: { text: SubmissionTextProps }) {
  const t = useTranslate();
  return (
    <article className="paper">
      <h2 dir="auto" className="title">
        {text.title || t('paper.untitled')}
      </h2>
      <Byline authors={text.authors} />
      <Facts paper={text} />
      {text.abstract ? (
        <Abstract text={text.abstract} html={text.html} language={text.language} />
      ) : (
        <p className="empty">{t('paper.noAbstract')}</p>
      )}
    </article>
  );
}

import type { SubmissionState } from '#db/schema';
import { StateTag } from './state-tag';
import { useTranslate } from './translate';

/** What an organiser is asked, or told, before a format or theme changes for those who use it. */
export type ChoiceQuestionProps = { slug: string } & (
  | { kind: 'remove'; name: string }
  | ({ kind: 'used'; name: string } & Use)
  | ({ kind: 'lower'; name: string; limit: number } & Use)
);

interface Use {
  papers: { ref: string; title: string; state: SubmissionState; published: boolean; words?: number }[];
  count: number;
  drafts: number;
}

/** Stands in the form that it asks about, so that what is typed there goes with the answer. */
export function ChoiceQuestion(question: ChoiceQuestionProps) {
  const t = useTranslate();
  const { kind, name, slug } = question;
  return (
    // biome-ignore lint/a11y/noAutofocus: it is what a person who pressed the button needs to read next
    <div className="summary question" role="alert" tabIndex={-1} autoFocus>
      <h3>
        {kind === 'lower'
          ? t('choice.lower', { name, limit: question.limit, count: question.count + question.drafts })
          : t(kind === 'remove' ? 'choice.remove' : 'choice.used', { name })}
      </h3>
      {kind === 'remove' && <p>{t('choice.removeLead')}</p>}
      {kind === 'used' && <UsedSentence use={question} />}
      {kind !== 'remove' && <Papers slug={slug} use={question} />}
      {kind === 'lower' && <p>{t('choice.lowerLead', { limit: question.limit })}</p>}
      {kind !== 'used' && (
        <div className="row">
          {kind === 'lower' && <input type="hidden" name="asked" value={question.limit} />}
          <button type="submit" name="intent" value={kind === 'lower' ? 'lower' : 'remove-now'} className="warn">
            {kind === 'lower' ? t('choice.lowerButton', { limit: question.limit }) : t('choice.removeButton', { name })}
          </button>
          <a className="button secondary" href={`/${slug}/organise/choices`}>
            {t('choice.keep')}
          </a>
        </div>
      )}
    </div>
  );
}

function UsedSentence({ use }: { use: Use }) {
  const t = useTranslate();
  return <p>{t(use.count + use.drafts > 0 ? 'choice.usedLead' : 'choice.usedOnce')}</p>;
}

const FIRST = 8;

function Papers({ slug, use: { papers, count, drafts } }: { slug: string; use: Use }) {
  const t = useTranslate();
  const more = count - FIRST;
  return (
    <>
      <PaperList slug={slug} papers={papers.slice(0, FIRST)} />
      {more > 0 && (
        <details>
          <summary>{t('choice.more', { count: more })}</summary>
          <PaperList slug={slug} papers={papers.slice(FIRST)} />
          {count > papers.length && <p>{t('choice.more', { count: count - papers.length })}</p>}
        </details>
      )}
      {drafts > 0 && <p>{t('choice.drafts', { count: drafts })}</p>}
    </>
  );
}

function PaperList({ slug, papers }: { slug: string; papers: Use['papers'] }) {
  const t = useTranslate();
  return (
    <ul>
      {papers.map(({ ref, title, state, published, words }) => (
        <li key={ref}>
          <a href={`/${slug}/review/${encodeURIComponent(ref)}`}>
            <span className="ref">{ref}</span> <bdi>{title || t('paper.untitled')}</bdi>
          </a>
          {words !== undefined && ` · ${t('submit.wordsSoFar', { words })}`}{' '}
          <StateTag state={state} published={published} />
        </li>
      ))}
    </ul>
  );
}

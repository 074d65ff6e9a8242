import type { PaperLine } from '~/domain/programme/paper';
import { neighbour, starId } from '~/paths';
import { Star } from './star';
import { useTranslate } from './translate';

/** A list of papers, as in the programme and in a person's schedule, where a line goes with its star. */
export function PaperLines({
  slug,
  papers,
  back,
  starredOnly = false,
}: {
  slug: string;
  papers: PaperLine[];
  back: string;
  starredOnly?: boolean;
}) {
  const t = useTranslate();
  return (
    <ol className="papers">
      {papers.map((paper, index) => (
        <li key={paper.ref}>
          <Star slug={slug} paper={paper} back={back} place={starredOnly ? placeWithout(papers, index) : undefined} />
          <div>
            <h2 dir="auto">
              <a href={`/${slug}/papers/${encodeURIComponent(paper.ref)}`}>{paper.title || t('paper.untitled')}</a>
            </h2>
            <p className="byline">
              <Names authors={paper.authors} />
            </p>
            <p className="meta">
              <span className="ref">{paper.ref}</span>
              <Dot />
              <bdi>{paper.format}</bdi>
              <Dot />
              <bdi>{paper.theme}</bdi>
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}

function placeWithout(papers: PaperLine[], index: number): string {
  const beside = neighbour(papers, index);
  return beside ? starId(beside.ref) : 'main';
}

/** Between two things in a line; gone where each has a line of its own. */
function Dot() {
  return (
    <span className="dot" aria-hidden="true">
      {' · '}
    </span>
  );
}

const NAMES_IN_A_LINE = 6;

export function Names({ authors }: { authors: { name: string }[] }) {
  const t = useTranslate();
  const shown = authors.slice(0, NAMES_IN_A_LINE);
  return (
    <>
      {shown.map((author, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name may stand twice in a byline
        <span key={index}>
          {index > 0 && ', '}
          <bdi>{author.name}</bdi>
        </span>
      ))}
      {authors.length > shown.length && ` ${t('paper.andMore', { count: authors.length - shown.length })}`}
    </>
  );
}

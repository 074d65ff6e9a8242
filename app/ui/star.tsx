import { anchored, starId } from '~/paths';
import { useTranslate } from './translate';

/**
 * The star of a paper: a form with one button, so that it works without scripts and before signing in. It leads back to
 * the page `back`, to the star itself or to what stands in its place.
 */
export function Star({
  slug,
  paper,
  back,
  place,
}: {
  slug: string;
  paper: { ref: string; title: string; starred: boolean };
  back: string;
  place?: string;
}) {
  const t = useTranslate();
  const label = t(paper.starred ? 'star.remove' : 'star.add', { title: paper.title || paper.ref });
  return (
    <form method="post" action={`/${slug}/papers/${encodeURIComponent(paper.ref)}/star`} className="star">
      <input type="hidden" name="back" value={anchored(back, place ?? starId(paper.ref))} />
      <input type="hidden" name="starred" value={paper.starred ? '0' : '1'} />
      <button
        type="submit"
        id={starId(paper.ref)}
        aria-pressed={paper.starred}
        aria-label={label}
        title={t(paper.starred ? 'star.removeShort' : 'star.addShort')}
      >
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path d="M12 2.6l2.9 5.9 6.5.9-4.7 4.6 1.1 6.5-5.8-3.1-5.8 3.1 1.1-6.5L2.6 9.4l6.5-.9z" />
        </svg>
      </button>
    </form>
  );
}

import type { Reach } from '~/domain/submission/byline/reach';
import { useTranslate } from './translate';

/** How an author can be reached, beside the name: for who has the paper in hand and for organisers. */
export function ReachTag({ reach }: { reach: Reach }) {
  const t = useTranslate();
  return <span className={`tag reach-${reach}`}>{t(`reach.${reach}`)}</span>;
}

/** The byline with how each of its people can be reached. */
export function ReachList({ authors }: { authors: { id: string; name: string; reach: Reach }[] }) {
  const t = useTranslate();
  const waits = authors.some((author) => author.reach === 'waiting');
  return (
    <section aria-labelledby="reach">
      <h2 id="reach">{t('reach.title')}</h2>
      <ul className="plainlist">
        {authors.map((author) => (
          <li key={author.id}>
            <bdi>{author.name}</bdi> <ReachTag reach={author.reach} />
          </li>
        ))}
      </ul>
      {waits && <p className="hint">{t('reach.waitingHint')}</p>}
    </section>
  );
}

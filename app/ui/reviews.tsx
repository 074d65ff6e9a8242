import { Timed } from './timed';
import { useTranslate } from './translate';

export function Reviews({
  reviews,
  leftOut,
}: {
  reviews: { reviewer: string; score: number; note: string; at: string }[];
  /** How many do not count, as their writers are authors. */
  leftOut: number;
}) {
  const t = useTranslate();
  return (
    <section>
      <h2>{t('review.all', { count: reviews.length })}</h2>
      {reviews.length === 0 && leftOut === 0 && <p className="empty">{t('review.none')}</p>}
      {leftOut > 0 && <p className="notice">{t('review.leftOut', { count: leftOut })}</p>}
      <ul className="lines">
        {reviews.map((review, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two reviewers may share a name
          <li key={index}>
            <p>
              <strong className="number">{review.score}</strong> <bdi>{review.reviewer}</bdi>{' '}
              <span className="meta">
                <Timed>{review.at}</Timed>
              </span>
            </p>
            {review.note && (
              <div className="letter" dir="auto">
                {review.note}
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

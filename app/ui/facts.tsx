import { useTranslate } from './translate';

/** Format, theme and keywords of a paper. */
export function Facts({ paper }: { paper: { format: string; theme: string; keywords: string[] } }) {
  const t = useTranslate();
  return (
    <dl className="facts">
      <div>
        <dt>{t('paper.format')}</dt>
        <dd dir="auto">{paper.format}</dd>
      </div>
      <div>
        <dt>{t('paper.theme')}</dt>
        <dd dir="auto">{paper.theme}</dd>
      </div>
      {paper.keywords.length > 0 && (
        <div>
          <dt>{t('paper.keywords')}</dt>
          <dd>
            {paper.keywords.map((keyword, index) => (
              <span key={keyword}>
                {index > 0 && ', '}
                <bdi>{keyword}</bdi>
              </span>
            ))}
          </dd>
        </div>
      )}
    </dl>
  );
}

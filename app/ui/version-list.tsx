import { Timed } from './timed';
import { useTranslate } from './translate';

export function VersionList({ versions }: { versions: { number: number; title: string; at: string }[] }) {
  const t = useTranslate();
  return (
    <details>
      <summary>{t('submission.versions', { count: versions.length })}</summary>
      <ol className="lines" reversed>
        {versions.map((version) => (
          <li key={version.number}>
            <bdi>{version.title || t('paper.untitled')}</bdi>{' '}
            <span className="meta">
              <Timed>{version.at}</Timed>
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

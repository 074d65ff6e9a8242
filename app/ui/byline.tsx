import { useTranslate } from './translate';

export interface BylineProps {
  authors: { name: string; affiliation: string; presenter: boolean; orcid?: string | null }[];
}

/** The authors of a paper in their order. */
export function Byline({ authors }: BylineProps) {
  const t = useTranslate();
  return (
    <ul className="authors">
      {authors.map((author, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name may stand twice in a byline
        <li key={index}>
          <bdi className="name">{author.name}</bdi>
          {author.affiliation && (
            <span className="affiliation">
              {' '}
              (<bdi>{author.affiliation}</bdi>)
            </span>
          )}
          {author.presenter && authors.length > 1 && <span className="tag">{t('paper.presenter')}</span>}
          {author.orcid && (
            <a className="orcid" href={`https://orcid.org/${author.orcid}`} rel="noopener">
              ORCID <span className="hidden">{t('paper.orcidOf', { name: author.name })}</span>
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

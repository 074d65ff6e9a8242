import type { Paper } from './paper';

interface Context {
  conference: { name: string; slug: string; startsOn: string | null };
  origin: string;
}

/** Highwire tags, which Google Scholar and reference managers read. */
export function citationTags(paper: Paper, { conference, origin }: Context): { name: string; content: string }[] {
  const date = (conference.startsOn ?? paper.publishedAt.slice(0, 10)).replaceAll('-', '/');
  return [
    { name: 'citation_title', content: paper.title },
    ...paper.authors.flatMap((author) => [
      { name: 'citation_author', content: author.name },
      ...(author.affiliation ? [{ name: 'citation_author_institution', content: author.affiliation }] : []),
      ...(author.orcid ? [{ name: 'citation_author_orcid', content: `https://orcid.org/${author.orcid}` }] : []),
    ]),
    { name: 'citation_conference_title', content: conference.name },
    { name: 'citation_publication_date', content: date },
    ...(paper.language ? [{ name: 'citation_language', content: paper.language }] : []),
    ...(paper.keywords.length > 0 ? [{ name: 'citation_keywords', content: paper.keywords.join('; ') }] : []),
    { name: 'citation_abstract_html_url', content: paperUrl(paper, { conference, origin }) },
  ];
}

/** schema.org ScholarlyArticle, as JSON-LD. */
export function scholarlyArticle(paper: Paper, { conference, origin }: Context): Record<string, unknown> {
  return {
    '@context': 'https://schema.org',
    '@type': 'ScholarlyArticle',
    identifier: paper.ref,
    url: paperUrl(paper, { conference, origin }),
    headline: paper.title,
    name: paper.title,
    abstract: paper.abstract,
    ...(paper.language && { inLanguage: paper.language }),
    ...(paper.keywords.length > 0 && { keywords: paper.keywords }),
    genre: paper.format,
    about: paper.theme,
    datePublished: paper.publishedAt,
    author: paper.authors.map((author) => ({
      '@type': 'Person',
      name: author.name,
      ...(author.orcid && { '@id': `https://orcid.org/${author.orcid}` }),
      ...(author.affiliation && { affiliation: { '@type': 'Organization', name: author.affiliation } }),
    })),
    isPartOf: {
      '@type': 'Event',
      name: conference.name,
      ...(conference.startsOn && { startDate: conference.startsOn }),
    },
  };
}

function paperUrl(paper: Paper, { conference, origin }: Context): string {
  return `${origin}/${conference.slug}/papers/${encodeURIComponent(paper.ref)}`;
}

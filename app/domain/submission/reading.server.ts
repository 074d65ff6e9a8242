import type { Viewer } from '../account/viewer';
import { htmlOf } from './markdown.server';
import type { Submission } from './queries.server';

/** A submission's text as people read it: names instead of ids, no mailbox, Markdown made HTML. */
export interface ReadingText {
  title: string;
  abstract: string;
  html: string | null;
  language: string;
  keywords: string[];
  format: string;
  theme: string;
  authors: { name: string; affiliation: string; presenter: boolean }[];
}

type Choice = { id: string; name: string };

export function readingText({ version, authors }: Submission, formats: Choice[], themes: Choice[]): ReadingText {
  return {
    title: version.title,
    abstract: version.abstract,
    html: htmlOf(version),
    language: version.language,
    keywords: version.keywords,
    format: formats.find((format) => format.id === version.formatId)?.name ?? '',
    theme: themes.find((theme) => theme.id === version.themeId)?.name ?? '',
    authors: authors.map(({ name, affiliation, presenter }) => ({ name, affiliation, presenter })),
  };
}

/** The same as the author's form holds it. Addresses are not in it: they are only ever written. */
export function formValues({ version, authors }: Submission, viewer: Viewer) {
  const check = (set: boolean) => (set ? 'on' : undefined);
  return {
    title: version.title,
    abstract: version.abstract,
    markdown: check(version.markup === 'markdown'),
    formatId: version.formatId as string,
    themeId: version.themeId as string,
    keywords: version.keywords.join(', '),
    language: version.language,
    authors: authors.map((author) => ({
      id: author.id as string,
      name: author.name,
      affiliation: author.affiliation,
      orcid: author.orcid ?? '',
      presenter: check(author.presenter),
      me: check(author.accountId === viewer.accountId),
      contactable: check(author.contactable),
      mayEdit: check(author.mayEdit),
    })),
  };
}

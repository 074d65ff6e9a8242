import type { Id, Markup } from '#db/schema';

/** An author as the public sees them: no mailbox, not even its id. */
export interface PublicAuthor {
  name: string;
  affiliation: string;
  orcid: string | null;
  presenter: boolean;
}

export interface PaperLine {
  ref: string;
  title: string;
  authors: PublicAuthor[];
  format: string;
  theme: string;
  starred: boolean;
}

export interface Paper extends PaperLine {
  submissionId: Id<'submission'>;
  versionId: Id<'version'>;
  abstract: string;
  markup: Markup;
  html: string | null;
  keywords: string[];
  language: string;
  publishedAt: string;
  /** Whether anybody in the byline can be written to. */
  contactable: boolean;
}

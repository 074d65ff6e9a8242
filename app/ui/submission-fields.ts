export type AuthorFields = {
  id?: string;
  name?: string;
  affiliation?: string;
  orcid?: string;
  address?: string;
  presenter?: string;
  contactable?: string;
  me?: string;
  mayEdit?: string;
  forgetAddress?: string;
};

/** The form's fields as text, the way a browser sends them. */
export type SubmissionFields = {
  intent?: string;
  key?: string;
  baseVersion?: string;
  title?: string;
  abstract?: string;
  markdown?: string;
  formatId?: string;
  themeId?: string;
  keywords?: string;
  language?: string;
  consent?: string;
  /** The abstract before its lines were joined. */
  unjoined?: string;
  authors?: AuthorFields[];
};

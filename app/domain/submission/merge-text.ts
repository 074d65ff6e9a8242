import type { Viewer } from '../account/viewer';
import { type Merge, merge } from '../merge';
import type { Author } from './byline/authors.server';
import { mergeByline } from './byline/merge';
import { type Line, linesOfForm, linesOfVersion, type Mailboxes } from './byline/same';
import type { Version } from './queries.server';
import type { AuthorInput, SubmissionInput } from './schema';

type Text = { version: Version; authors: Author[] };

/** Whose form it is, and what is looked at of it. */
export interface Reading {
  viewer: Viewer;
  mailboxes: Mailboxes;
  /** Whether the byline is not this form's to change: then nothing that it says of authors counts. */
  fixed: boolean;
}

interface Fields {
  title: string;
  abstract: string;
  markdown: boolean;
  formatId: string;
  themeId: string;
  keywords: string[];
  language: string;
  authors: Line[];
}
export type FieldName = keyof Fields;

/** How long an abstract may be is a matter of its format. */
const TOGETHER: readonly FieldName[][] = [['formatId', 'abstract', 'markdown']];

/** Whether a version says all that a form says. */
export function isSame(input: SubmissionInput, current: Text, reading: Reading): boolean {
  const { taken, conflicts } = mergeText(null, input, current, reading);
  return taken.length + conflicts.length === 0;
}

/** A form that was read from `base` beside what others have saved since. */
export function mergeText(
  base: Text | null,
  input: SubmissionInput,
  theirs: Text,
  { viewer, mailboxes, fixed }: Reading,
): Merge<FieldName> {
  const { lines, theirLines, baseLines } = bylinesOf(base, input, theirs, { viewer, mailboxes, fixed });
  const mine: Fields = {
    title: input.title,
    abstract: input.abstract,
    markdown: input.markdown,
    formatId: input.formatId,
    themeId: input.themeId,
    keywords: input.keywords,
    language: input.language ?? '',
    authors: lines,
  };
  const before = base && fieldsOf(base.version, baseLines);
  return merge<Fields>(before, mine, fieldsOf(theirs.version, theirLines), TOGETHER);
}

/** The authors of a form beside what others have made of them, line by line; null: that cannot be told apart. */
export function mergeAuthors(
  base: Text | null,
  input: SubmissionInput,
  theirs: Text,
  reading: Reading,
): AuthorInput[] | null {
  if (!base) return null;
  const { lines, theirLines, baseLines } = bylinesOf(base, input, theirs, reading);
  const byline = { base: baseLines, mine: lines, theirs: theirLines, form: input.authors, authors: theirs.authors };
  return mergeByline(byline, reading.viewer);
}

function bylinesOf(base: Text | null, input: SubmissionInput, theirs: Text, { viewer, mailboxes, fixed }: Reading) {
  const known = [...theirs.authors, ...(base?.authors ?? [])];
  const theirLines = linesOfVersion(theirs.authors, viewer);
  const lines = fixed ? theirLines : linesOfForm(input.authors, known, viewer, mailboxes);
  const baseLines = base ? linesOfVersion(base.authors, viewer) : [];
  // Who stands behind a line is not kept by version: where both differ in that, nobody knows who has changed it.
  const isKnown = base?.version.id === theirs.version.id;
  const before = baseLines.map((line) =>
    !isKnown && differInPerson(line.id, lines, theirLines) ? { ...line, who: '?' } : line,
  );
  return { lines, theirLines, baseLines: before };
}

function differInPerson(id: string, mine: Line[], theirs: Line[]): boolean {
  const [one, other] = [mine, theirs].map((lines) => lines.find((line) => line.id === id));
  if (!one || !other) return false;
  return one.who !== other.who || one.contactable !== other.contactable || one.mayEdit !== other.mayEdit;
}

/** The form with those fields that it takes from the other text, but for the authors, which are no words alone. */
export function takeFrom(input: SubmissionInput, { version }: Text, taken: readonly FieldName[]): SubmissionInput {
  const theirs = fieldsOf(version, []);
  const words = taken.filter((name) => name !== 'authors');
  return { ...input, ...Object.fromEntries(words.map((name) => [name, theirs[name]])) };
}

function fieldsOf(version: Version, authors: Line[]): Fields {
  return {
    title: version.title,
    abstract: version.abstract,
    markdown: version.markup === 'markdown',
    formatId: version.formatId,
    themeId: version.themeId,
    keywords: version.keywords,
    language: version.language,
    authors,
  };
}

import type { Viewer } from '../../account/viewer';
import type { AuthorInput } from '../schema';
import type { Author } from './authors.server';
import type { Line } from './same';

/** The bylines of a form and of what others have saved since, each with what a form decides of its lines. */
interface Bylines {
  /** What the form was read from. */
  base: readonly Line[];
  mine: readonly Line[];
  theirs: readonly Line[];
  /** The same as they are saved. */
  form: readonly AuthorInput[];
  authors: readonly Author[];
}

/**
 * A byline that two have changed: each line as whoever has touched it has put it, in the order of whoever has changed
 * that. Null: both have changed the same line, or both who stands there and in which order.
 */
export function mergeByline({ base, mine, theirs, form, authors }: Bylines, viewer: Viewer): AuthorInput[] | null {
  const order = (lines: readonly Line[]) => JSON.stringify(lines.map(({ id }) => id));
  const [before, here, there] = [order(base), order(mine), order(theirs)];
  if (here !== before && there !== before && here !== there) return null;
  const merged: AuthorInput[] = [];
  for (const { id } of here === before ? theirs : mine) {
    const own = mine.findIndex((line) => line.id === id);
    const other = theirs.findIndex((line) => line.id === id);
    if (own === -1 || other === -1) {
      // Only one of them has it; a line without an id is new, and the form's.
      merged.push(own === -1 ? asInput(authors[other]!, viewer) : form[own]!);
      continue;
    }
    const was = base.find((line) => line.id === id);
    const [one, two] = [mine[own]!, theirs[other]!];
    if (isSame(one, two) || isSame(two, was)) merged.push(form[own]!);
    else if (isSame(one, was)) merged.push(asInput(authors[other]!, viewer));
    else return null;
  }
  return merged;
}

function isSame(one: Line, other: Line | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** As the form would send a line that nobody has touched. */
function asInput({ id, name, affiliation, orcid, presenter, accountId, contactable, mayEdit }: Author, viewer: Viewer) {
  return {
    id: id as string,
    name,
    affiliation,
    orcid: orcid ?? undefined,
    presenter,
    me: accountId === viewer.accountId,
    forgetAddress: false,
    contactable,
    mayEdit,
  };
}

import type { Id } from '#db/schema';
import { addressKey } from '../../account/schema';
import type { Viewer } from '../../account/viewer';
import type { AuthorInput } from '../schema';
import type { Author } from './authors.server';

/** Of each address that a form gives, by its key. */
export type Mailboxes = ReadonlyMap<string, Id<'mailbox'>>;

/** All that a form decides of a line of the byline, so that two can be compared. */
export interface Line {
  id: string;
  name: string;
  affiliation: string;
  orcid: string | null;
  presenter: boolean;
  /** The person behind it: `me`, an account or a mailbox; empty: nobody is known. */
  who: string;
  /** Null: a confirmed author has said, and it is not the form's to say. */
  contactable: boolean | null;
  mayEdit: boolean;
}

/** Whether a form says of the byline what stands there already: the same people, spelt the same, in the same order. */
export function isSameByline(
  typed: readonly AuthorInput[],
  authors: readonly Author[],
  viewer: Viewer,
  mailboxes: Mailboxes,
): boolean {
  const lines = [linesOfForm(typed, authors, viewer, mailboxes), linesOfVersion(authors, viewer)] as const;
  return JSON.stringify(lines[0]) === JSON.stringify(lines[1]);
}

export function linesOfVersion(authors: readonly Author[], viewer: Viewer): Line[] {
  return authors.map((author) => ({
    id: author.id,
    name: author.name,
    affiliation: author.affiliation,
    orcid: author.orcid,
    presenter: author.presenter,
    who: whoOf(author, viewer),
    contactable: isTheirsToSay(author, viewer) ? null : author.contactable,
    mayEdit: author.mayEdit,
  }));
}

/** `known`: whoever the ids of the form may mean. */
export function linesOfForm(
  typed: readonly AuthorInput[],
  known: readonly Author[],
  viewer: Viewer,
  mailboxes: Mailboxes,
): Line[] {
  return typed.map((author) => {
    const before = author.id ? known.find(({ id }) => id === author.id) : undefined;
    return {
      id: author.id ?? '',
      name: author.name,
      affiliation: author.affiliation,
      orcid: author.orcid ?? null,
      presenter: author.presenter,
      who: whoIsMeant(author, before, viewer, mailboxes),
      contactable: before && isTheirsToSay(before, viewer) ? null : author.contactable,
      mayEdit: author.mayEdit,
    };
  });
}

/** The bylines that a form without ids may mean. */
interface Bylines {
  /** Whether it is the form that made the paper, and so knows no ids at all. */
  made: boolean;
  /** What the form was read from, or has made. */
  base: readonly Author[];
  now: readonly Author[];
}

/**
 * A form that is sent once more knows no ids of those whom its first time has made: its lines without one are those that
 * have come since it was read. One whose address stands there is that author, and so is one of the same name; in a form
 * that made the paper also one in the same place, if nobody is known to be behind that.
 */
export function withIds(
  typed: readonly AuthorInput[],
  { made, base, now }: Bylines,
  viewer: Viewer,
  mailboxes: Mailboxes,
): AuthorInput[] {
  const read = made ? [] : base;
  const left = new Map([...(made ? base : []), ...now].map((author) => [author.id as string, author]));
  for (const { id } of [...read, ...typed]) if (id) left.delete(id);
  const found = new Map<AuthorInput, string>();
  const take = (isIt: (author: AuthorInput, line: Author, place: number) => boolean) => {
    for (const [place, author] of typed.entries()) {
      const line = author.id || found.has(author) ? null : [...left.values()].find((one) => isIt(author, one, place));
      if (!line) continue;
      left.delete(line.id);
      found.set(author, line.id);
    }
  };
  take((author, line) => {
    const who = whoIsMeant(author, undefined, viewer, mailboxes);
    return who !== '' && who === whoOf(line, viewer);
  });
  take((author, line) => author.name === line.name);
  if (made) take((_, line, place) => base[place]?.id === line.id && whoOf(line, viewer) === '');
  return typed.map((author) => ({ ...author, id: author.id || found.get(author) }));
}

function whoOf(author: Author, viewer: Viewer): string {
  if (author.accountId === viewer.accountId) return 'me';
  // Of an author whom this viewer does not find by an address, none that they type is the same.
  return mayFind(author, viewer) ? (author.mailboxId ?? author.accountId ?? '') : author.id;
}

/**
 * Whether typing an author's address names that author again, with whatever they have answered. Once they have, only for
 * who has given it: nobody else is to learn which address it is by trying some.
 */
export function mayFind(author: Pick<Author, 'state' | 'givenBy'>, viewer: Pick<Viewer, 'accountId'>): boolean {
  return author.givenBy === viewer.accountId || (author.state !== 'confirmed' && author.state !== 'declined');
}

function whoIsMeant(author: AuthorInput, before: Author | undefined, viewer: Viewer, mailboxes: Mailboxes): string {
  const mailboxId = author.address ? mailboxes.get(addressKey(author.address)) : undefined;
  if (author.me || (mailboxId && viewer.mailboxIds.includes(mailboxId))) return 'me';
  if (author.address) return mailboxId ?? 'new';
  const stays = before && !author.forgetAddress && before.accountId !== viewer.accountId;
  return stays ? whoOf(before, viewer) : '';
}

/** Whether readers may write to somebody is theirs to say once they have said who they are. */
function isTheirsToSay(author: Author, viewer: Viewer): boolean {
  return author.state === 'confirmed' && author.accountId !== viewer.accountId;
}

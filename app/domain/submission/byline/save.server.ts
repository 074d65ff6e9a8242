import { newId } from '#db/ids';
import type { AuthorState, Id, Instant } from '#db/schema';
import type { Write } from '#db/write';
import { countMany, type Reached } from '../../account/limits.server';
import { mailboxesFor, newToByline } from '../../account/mailboxes.server';
import { addressKey } from '../../account/schema';
import type { Viewer } from '../../account/viewer';
import type { DomainContext } from '../../context';
import type { AuthorInput } from '../schema';
import type { Author } from './authors.server';
import { type Replaced, settleReplaced } from './replaced.server';
import { type Mailboxes, mayFind } from './same';

/** Who stands behind a line: what of a row in `authors` the form decides. */
interface Line {
  id: Id<'author'>;
  accountId: Id<'account'> | null;
  mailboxId: Id<'mailbox'> | null;
  givenBy: Id<'account'> | null;
  state: AuthorState;
  contactable: boolean;
  mayEdit: boolean;
}

interface Typed {
  submissionId: Id<'submission'>;
  versionId: Id<'version'>;
  authors: readonly AuthorInput[];
  /** Of each address in `authors` (`mailboxesGiven`). */
  mailboxes: Mailboxes;
  /** The byline that the form was made of. */
  before: readonly Author[];
  viewer: Viewer;
  now: Instant;
}

/** The mailboxes of the addresses that a form gives. */
export async function mailboxesGiven(
  trx: Write,
  ctx: DomainContext,
  authors: readonly AuthorInput[],
): Promise<Mailboxes> {
  return mailboxesFor(
    trx,
    ctx.clock,
    authors.flatMap((author) => author.address ?? []),
  );
}

/** Which entry names the viewer a second time, by an address of theirs; null: none does. */
export function secondSelf(authors: readonly AuthorInput[], viewer: Viewer, mailboxes: Mailboxes): number | null {
  const isSelf = ({ me, address }: AuthorInput) =>
    me || (address !== undefined && viewer.mailboxIds.includes(mailboxes.get(addressKey(address))!));
  const selves = authors.map((author, index) => ({ author, index })).filter(({ author }) => isSelf(author));
  return selves.length > 1 ? (selves.findLast(({ author }) => !author.me)?.index ?? null) : null;
}

/** Counts the addresses that are new to a byline, before there are mailboxes for them. */
export async function countAddresses(
  trx: Write,
  ctx: DomainContext,
  submissionId: Id<'submission'>,
  authors: readonly AuthorInput[],
): Promise<Reached | null> {
  const given = authors.flatMap((author) => author.address ?? []);
  return countMany(trx, ctx, 'bylineAddress', submissionId, await newToByline(trx, submissionId, given));
}

/**
 * Writes the byline of a version as its form says, and joins each line to a person. A line whose address is replaced or
 * forgotten is somebody else from now on; an address that stood in this byline before finds the same person again, with
 * whatever they have answered.
 */
export async function saveByline(trx: Write, typed: Typed): Promise<void> {
  if (typed.authors.length === 0) return;
  const earlier = await linesOf(trx, typed.submissionId);
  const known = new Map(typed.before.map((author) => [author.id as string, author]));
  const lines: Line[] = [];
  for (const author of typed.authors) {
    const before = author.id ? known.get(author.id) : undefined;
    if (author.id) known.delete(author.id);
    const mailboxId = author.address ? (typed.mailboxes.get(addressKey(author.address)) ?? null) : null;
    const free = earlier.filter((line) => !lines.some(({ id }) => id === line.id) && !known.has(line.id));
    lines.push(settled(personOf(author, { before, mailboxId, free }, typed.viewer), author, typed.viewer));
  }
  for (const line of lines) await upsertLine(trx, typed.submissionId, line);
  await settleReplaced(trx, typed.submissionId, replacedIn(typed, lines), typed.now);
  await insertLines(
    trx,
    typed.versionId,
    typed.authors.map((author, index) => ({ ...author, orcid: author.orcid ?? null, id: lines[index]!.id })),
  );
}

/** Of those who have not answered, whoever stands in the byline no more. */
function replacedIn({ before, authors }: Typed, lines: readonly Line[]): Replaced[] {
  const gone = before.filter(
    ({ id, state }) => (state === 'listed' || state === 'asked') && !lines.some((line) => line.id === id),
  );
  return gone.map(({ id, mailboxId }) => {
    const line = lines[authors.findIndex((author) => author.id === id)];
    const by = line?.mailboxId ? { authorId: line.id, mailboxId: line.mailboxId } : null;
    return { authorId: id, mailboxId, by };
  });
}

/** The same byline for a new version of the text. */
export async function copyByline(trx: Write, versionId: Id<'version'>, authors: readonly Author[]): Promise<void> {
  await insertLines(trx, versionId, authors);
}

async function insertLines(
  trx: Write,
  versionId: Id<'version'>,
  authors: readonly Pick<Author, 'id' | 'name' | 'affiliation' | 'orcid' | 'presenter'>[],
): Promise<void> {
  if (authors.length === 0) return;
  await trx
    .insertInto('version_authors')
    .values(
      authors.map((author, position) => ({
        version_id: versionId,
        position,
        author_id: author.id,
        name: author.name,
        affiliation: author.affiliation,
        orcid: author.orcid,
        presenter: author.presenter ? (1 as const) : (0 as const),
      })),
    )
    .execute();
}

/** Everybody who has ever stood in a byline of this submission. */
async function linesOf(trx: Write, submissionId: Id<'submission'>): Promise<Line[]> {
  const rows = await trx
    .selectFrom('authors')
    .select(['id', 'account_id as accountId', 'mailbox_id as mailboxId', 'given_by as givenBy', 'state'])
    .select(['contactable', 'may_edit as mayEdit'])
    .where('submission_id', '=', submissionId)
    .execute();
  return rows.map((row) => ({ ...row, contactable: row.contactable === 1, mayEdit: row.mayEdit === 1 }));
}

function personOf(
  author: AuthorInput,
  { before, mailboxId, free }: { before: Line | undefined; mailboxId: Id<'mailbox'> | null; free: Line[] },
  viewer: Viewer,
): Line {
  if (author.me || (mailboxId !== null && viewer.mailboxIds.includes(mailboxId))) return me(before, free, viewer);
  if (mailboxId !== null) {
    const isMeant = (line: Line) => line.mailboxId === mailboxId && mayFind(line, viewer);
    if (before && isMeant(before) && before.accountId !== viewer.accountId) return before;
    return free.find(isMeant) ?? somebody(mailboxId, viewer.accountId);
  }
  const isSame = before && !author.forgetAddress && before.accountId !== viewer.accountId;
  return isSame ? before : somebody(null, null);
}

function me(before: Line | undefined, free: Line[], viewer: Viewer): Line {
  const own =
    before?.accountId === viewer.accountId ? before : free.find((line) => line.accountId === viewer.accountId);
  // A line that has been given somebody's address, or their answer, is not taken from them by a tick.
  const line = own ?? (before && isNobodys(before, viewer) ? before : somebody(null, null));
  return { ...line, accountId: viewer.accountId, mailboxId: own ? line.mailboxId : null, state: 'confirmed' };
}

function isNobodys({ accountId, mailboxId, state }: Line, viewer: Viewer): boolean {
  const open = mailboxId === null || viewer.mailboxIds.includes(mailboxId);
  return open && accountId === null && (state === 'listed' || state === 'asked');
}

function somebody(mailboxId: Id<'mailbox'> | null, givenBy: Id<'account'> | null): Line {
  return { id: newId(), accountId: null, mailboxId, givenBy, state: 'listed', contactable: true, mayEdit: false };
}

/** Whether readers may write to somebody is theirs to say once they have said who they are. */
function settled(line: Line, author: AuthorInput, viewer: Viewer): Line {
  const theirs = line.state === 'confirmed' && line.accountId !== viewer.accountId;
  return { ...line, contactable: theirs ? line.contactable : author.contactable, mayEdit: author.mayEdit };
}

async function upsertLine(trx: Write, submissionId: Id<'submission'>, line: Line): Promise<void> {
  await trx
    .insertInto('authors')
    .values({
      id: line.id,
      submission_id: submissionId,
      account_id: line.accountId,
      mailbox_id: line.mailboxId,
      given_by: line.givenBy,
      state: line.state,
      contactable: line.contactable ? 1 : 0,
      may_edit: line.mayEdit ? 1 : 0,
      asked_at: null,
      reminded_at: null,
      answered_at: null,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        account_id: eb.ref('excluded.account_id'),
        mailbox_id: eb.ref('excluded.mailbox_id'),
        given_by: eb.ref('excluded.given_by'),
        state: eb.ref('excluded.state'),
        contactable: eb.ref('excluded.contactable'),
        may_edit: eb.ref('excluded.may_edit'),
      })),
    )
    .execute();
}

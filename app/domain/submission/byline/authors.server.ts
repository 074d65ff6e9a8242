import type { ExpressionBuilder } from 'kysely';
import type { Database } from '#db/open';
import type { AuthorState, Flag, Id, Tables } from '#db/schema';
import { primaryMailboxes } from '../../account/mailbox-owners.server';
import { suppressedAmong } from '../../account/suppression.server';
import type { Viewer } from '../../account/viewer';
import { type Reach, reachOf } from './reach';

/** A line of a byline as a version spells it: all that lists, readers and search need. */
export interface BylineAuthor {
  id: Id<'author'>;
  name: string;
  affiliation: string;
  orcid: string | null;
  presenter: boolean;
}

/** The same with the person behind it. */
export interface Author extends BylineAuthor {
  accountId: Id<'account'> | null;
  /** Stands for the address that was given for them, which nobody is shown. */
  mailboxId: Id<'mailbox'> | null;
  /** Who has given that address. */
  givenBy: Id<'account'> | null;
  state: AuthorState;
  contactable: boolean;
  mayEdit: boolean;
}

/** The bylines of many versions in one query. */
export async function bylines(db: Database, versionIds: Id<'version'>[]): Promise<Map<Id<'version'>, BylineAuthor[]>> {
  if (versionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('version_authors')
    .select(['version_id', 'author_id as id', 'name', 'affiliation', 'orcid', 'presenter'])
    .where('version_id', 'in', versionIds)
    .orderBy('version_id')
    .orderBy('position')
    .execute();
  return byVersion(rows.map(({ presenter, ...row }) => ({ ...row, presenter: isSet(presenter) })));
}

/** The people of a version's byline, in its order. */
export async function authorsOf(db: Database, versionId: Id<'version'>): Promise<Author[]> {
  return (await authorsOfVersions(db, [versionId])).get(versionId) ?? [];
}

/** The people in the bylines of many versions, in one query. */
export async function authorsOfVersions(
  db: Database,
  versionIds: Id<'version'>[],
): Promise<Map<Id<'version'>, Author[]>> {
  if (versionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('version_authors')
    .innerJoin('authors', 'authors.id', 'version_authors.author_id')
    .select(['version_id', 'authors.id', 'name', 'affiliation', 'orcid', 'presenter'])
    .select(['account_id as accountId', 'mailbox_id as mailboxId', 'given_by as givenBy', 'state'])
    .select(['contactable', 'may_edit as mayEdit'])
    .where('version_id', 'in', versionIds)
    .orderBy('version_id')
    .orderBy('position')
    .execute();
  return byVersion(
    rows.map(({ presenter, contactable, mayEdit, ...row }) => ({
      ...row,
      presenter: isSet(presenter),
      contactable: isSet(contactable),
      mayEdit: isSet(mayEdit),
    })),
  );
}

function byVersion<Row extends { version_id: Id<'version'> }>(
  rows: Row[],
): Map<Id<'version'>, Omit<Row, 'version_id'>[]> {
  const found = new Map<Id<'version'>, Omit<Row, 'version_id'>[]>();
  for (const { version_id, ...author } of rows) {
    const byline = found.get(version_id);
    if (byline) byline.push(author);
    else found.set(version_id, [author]);
  }
  return found;
}

/**
 * How each author can be reached, as the submitter and organisers of a submission see it. Until somebody has said yes it
 * depends on nothing but what has been typed there and on what became of the mail that asks them.
 */
export async function reachOfAuthors(
  db: Database,
  submissionId: Id<'submission'>,
  authors: readonly Author[],
): Promise<Map<Id<'author'>, Reach>> {
  const destinations = await destinationsOf(db, authors);
  const suppressed = await suppressedAmong(db, [...destinations.values()]);
  const bounced = await db
    .selectFrom('outbox')
    .select('mailbox_id')
    .where('submission_id', '=', submissionId)
    .where('kind', '=', 'author-asked')
    .where('state', '=', 'failed')
    .execute();
  const refused = new Set(bounced.map((row) => row.mailbox_id));
  return new Map(
    authors.map((author) => {
      const destination = destinations.get(author.id);
      const fails =
        destination !== undefined &&
        (author.state === 'confirmed' ? suppressed.has(destination) : refused.has(destination));
      return [author.id, reachOf({ ...author, fails })];
    }),
  );
}

/** Where mail to each of these authors goes: to their account, else to the address that was given for them. */
export async function destinationsOf(
  db: Database,
  authors: readonly Pick<Author, 'id' | 'accountId' | 'mailboxId'>[],
): Promise<Map<Id<'author'>, Id<'mailbox'>>> {
  const primary = await primaryMailboxes(
    db,
    authors.flatMap((author) => author.accountId ?? []),
  );
  const found = new Map<Id<'author'>, Id<'mailbox'>>();
  for (const { id, accountId, mailboxId } of authors) {
    const destination = (accountId && primary.get(accountId)) ?? mailboxId;
    if (destination) found.set(id, destination);
  }
  return found;
}

/**
 * Whether somebody in a version's byline can be written to by readers: has said that the paper is theirs, takes
 * messages about it, and has somewhere for them to go. To be asked within a query on `papers`.
 */
export function hasReachableAuthor(eb: ExpressionBuilder<Tables, 'papers'>) {
  return eb.exists(
    eb
      .selectFrom('version_authors')
      .innerJoin('authors', 'authors.id', 'version_authors.author_id')
      // Somebody whom an import has brought has no account in the byline, but may have said no by a link in a mail.
      .leftJoin('mailboxes', 'mailboxes.id', 'authors.mailbox_id')
      .leftJoin('accounts', (join) =>
        join.on((on) => on('accounts.id', '=', on.fn.coalesce('authors.account_id', 'mailboxes.account_id'))),
      )
      .leftJoin('paper_rules', (join) =>
        join
          .onRef('paper_rules.account_id', '=', 'accounts.id')
          .onRef('paper_rules.submission_id', '=', 'authors.submission_id'),
      )
      .select('authors.id')
      .whereRef('version_authors.version_id', '=', 'papers.version_id')
      .where('authors.state', '=', 'confirmed')
      .where('authors.contactable', '=', 1)
      .where((on) => on.or([on('authors.account_id', 'is not', null), on('authors.mailbox_id', 'is not', null)]))
      .where((on) =>
        on(
          on.fn.coalesce('paper_rules.letters_from', 'accounts.letters_from', on.val('anyone' as const)),
          '!=',
          'nobody',
        ),
      ),
  );
}

/** A person as the lines of bylines know them. */
export type Behind = Pick<Viewer, 'accountId' | 'mailboxIds'>;

/**
 * Whether a line is confirmed as this person's: by their account, or by an address of theirs that no account has come to
 * yet (`isPerson`). To be asked within a query on `authors`.
 */
export function isAuthorship({ accountId, mailboxIds }: Behind) {
  return (eb: ExpressionBuilder<Tables, 'authors'>) => {
    const byAccount = eb('authors.account_id', '=', accountId);
    const byAddress = eb.and([eb('authors.account_id', 'is', null), eb('authors.mailbox_id', 'in', mailboxIds)]);
    return eb.and([
      eb('authors.state', '=', 'confirmed'),
      mailboxIds.length > 0 ? eb.or([byAccount, byAddress]) : byAccount,
    ]);
  };
}

function isSet(flag: Flag): boolean {
  return flag === 1;
}

import { instant } from '#db/ids';
import { type Database, isPostgres } from '#db/open';
import type { Id } from '#db/schema';
import type { Clock } from '../clock';

/**
 * Marks addresses as known to be their owners', on the word of a conference that has written to them before. Returns
 * those for which that is new.
 */
export async function vouchForMailboxes(db: Database, clock: Clock, ids: Id<'mailbox'>[]): Promise<Id<'mailbox'>[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .updateTable('mailboxes')
    .set({ verified_at: instant(clock.now()) })
    .where('id', 'in', ids)
    .where('verified_at', 'is', null)
    .returning('id')
    .execute();
  return rows.map((row) => row.id);
}

/**
 * Whose mailbox it is, and whether that person has shown so. `settle`: nobody else may give it an owner before this
 * transaction ends (SQLite has one writer anyway).
 */
export async function mailboxOwner(
  db: Database,
  id: Id<'mailbox'>,
  options: { settle?: boolean } = {},
): Promise<{ accountId: Id<'account'> | null; verified: boolean }> {
  const query = db.selectFrom('mailboxes').select(['account_id', 'verified_at']).where('id', '=', id);
  const row = await (options.settle && isPostgres(db) ? query.forUpdate() : query).executeTakeFirstOrThrow();
  return { accountId: row.account_id, verified: row.verified_at !== null };
}

/** Whose each of these mailboxes is, where that is known. */
export async function ownersOf(
  db: Database,
  ids: readonly Id<'mailbox'>[],
): Promise<Map<Id<'mailbox'>, Id<'account'>>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('mailboxes')
    .select(['id', 'account_id'])
    .where('id', 'in', ids)
    .where('account_id', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [row.id, row.account_id!]));
}

/** Joins a mailbox to an account; the person has just read a mail sent there. */
export async function verifyMailbox(
  db: Database,
  clock: Clock,
  id: Id<'mailbox'>,
  accountId: Id<'account'>,
): Promise<void> {
  await db
    .updateTable('mailboxes')
    .set({ account_id: accountId, verified_at: instant(clock.now()) })
    .where('id', '=', id)
    .execute();
}

/** Joins a mailbox to an account before its owner has signed in, as an invitation does. */
export async function reserveMailbox(db: Database, id: Id<'mailbox'>, accountId: Id<'account'>): Promise<void> {
  await db
    .updateTable('mailboxes')
    .set({ account_id: accountId })
    .where('id', '=', id)
    .where('account_id', 'is', null)
    .execute();
}

/** The ids that stand for a person wherever addresses would. */
export async function mailboxIdsOf(db: Database, accountId: Id<'account'>): Promise<Id<'mailbox'>[]> {
  const rows = await db
    .selectFrom('mailboxes')
    .select('id')
    .where('account_id', '=', accountId)
    .where('verified_at', 'is not', null)
    .limit(20)
    .execute();
  return rows.map((row) => row.id);
}

/** Where mail to an account goes: the mailbox that it has chosen, else its oldest verified one. */
export async function primaryMailbox(db: Database, accountId: Id<'account'>): Promise<Id<'mailbox'> | null> {
  return (await primaryMailboxes(db, [accountId])).get(accountId) ?? null;
}

/** The same for many accounts in one query. Who has no verified mailbox is not in it. */
export async function primaryMailboxes(
  db: Database,
  accountIds: readonly Id<'account'>[],
): Promise<Map<Id<'account'>, Id<'mailbox'>>> {
  if (accountIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('mailboxes')
    .innerJoin('accounts', 'accounts.id', 'mailboxes.account_id')
    .select(['mailboxes.id', 'accounts.id as accountId', 'accounts.primary_mailbox_id as chosen'])
    .where('accounts.id', 'in', [...new Set(accountIds)])
    .where('verified_at', 'is not', null)
    .orderBy('mailboxes.created_at')
    .orderBy('mailboxes.id')
    .execute();
  const found = new Map<Id<'account'>, Id<'mailbox'>>();
  for (const row of rows) if (row.id === row.chosen || !found.has(row.accountId)) found.set(row.accountId, row.id);
  return found;
}

/** Lets mail to an account go to another of its verified mailboxes from now on. False where it is none of them. */
export async function choosePrimaryMailbox(
  db: Database,
  accountId: Id<'account'>,
  mailboxId: Id<'mailbox'>,
): Promise<boolean> {
  if (!(await mailboxIdsOf(db, accountId)).includes(mailboxId)) return false;
  await db.updateTable('accounts').set({ primary_mailbox_id: mailboxId }).where('id', '=', accountId).execute();
  return true;
}

/** Of each of these mailboxes all that its owner has shown to be theirs, itself included. */
export async function mailboxesOfOwners(
  db: Database,
  ids: Id<'mailbox'>[],
): Promise<Map<Id<'mailbox'>, Id<'mailbox'>[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('mailboxes as own')
    .innerJoin('mailboxes as other', (join) =>
      join.on((eb) =>
        eb.or([
          eb('other.id', '=', eb.ref('own.id')),
          eb.and([eb('other.account_id', '=', eb.ref('own.account_id')), eb('other.verified_at', 'is not', null)]),
        ]),
      ),
    )
    .select(['own.id', 'other.id as other'])
    .where('own.id', 'in', ids)
    .execute();
  const all = new Map<Id<'mailbox'>, Id<'mailbox'>[]>();
  for (const row of rows) all.set(row.id, [...(all.get(row.id) ?? []), row.other]);
  return all;
}

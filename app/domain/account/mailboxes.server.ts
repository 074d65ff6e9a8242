import { inspect } from 'node:util';
import { instant, newId } from '#db/ids';
import { type Database, isPostgres } from '#db/open';
import type { Id, Instant } from '#db/schema';
import type { Clock } from '../clock';
import { addressKey, personKey } from './schema';

/** An address on its way to its owner's own account page. Printed, logged or made JSON it says only that it is hidden. */
export class Mailbox {
  readonly #address: string;
  constructor(
    readonly id: Id<'mailbox'>,
    address: string,
    readonly verified: boolean,
    /** Since when nothing is sent there, because mail failed or was called spam. */
    readonly suppressedAt: Instant | null,
  ) {
    this.#address = address;
  }
  /** The one way to the text. Each call is a place to look at in review. */
  reveal(): string {
    return this.#address;
  }
  toString(): string {
    return '[hidden]';
  }
  toJSON(): string {
    return '[hidden]';
  }
  [inspect.custom](): string {
    return '[hidden]';
  }
}

/** The mailbox of an address, made if there is none. Does the same work either way. */
export async function mailboxFor(db: Database, clock: Clock, address: string): Promise<Id<'mailbox'>> {
  const key = addressKey(address);
  await db
    .insertInto('mailboxes')
    .values({
      id: newId(),
      account_id: null,
      address,
      address_key: key,
      person_key: personKey(address),
      verified_at: null,
      created_at: instant(clock.now()),
    })
    .onConflict((conflict) => conflict.column('address_key').doNothing())
    .execute();
  const found = await db.selectFrom('mailboxes').select('id').where('address_key', '=', key).executeTakeFirstOrThrow();
  return found.id;
}

/** The mailboxes of many addresses at once, by address key, made where there are none. */
export async function mailboxesFor(
  db: Database,
  clock: Clock,
  addresses: string[],
): Promise<Map<string, Id<'mailbox'>>> {
  const byKey = new Map(addresses.map((address) => [addressKey(address), address]));
  if (byKey.size === 0) return new Map();
  const created_at = instant(clock.now());
  await db
    .insertInto('mailboxes')
    .values(
      [...byKey].map(([address_key, address]) => ({
        id: newId<'mailbox'>(),
        account_id: null,
        address,
        address_key,
        person_key: personKey(address),
        verified_at: null,
        created_at,
      })),
    )
    .onConflict((conflict) => conflict.column('address_key').doNothing())
    .execute();
  const rows = await db
    .selectFrom('mailboxes')
    .select(['id', 'address_key'])
    .where('address_key', 'in', [...byKey.keys()])
    .execute();
  return new Map(rows.map((row) => [row.address_key, row.id]));
}

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

/** Which of these mailboxes nobody has shown to be theirs yet. */
export async function unverifiedAmong(db: Database, ids: Id<'mailbox'>[]): Promise<Set<Id<'mailbox'>>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('mailboxes')
    .select('id')
    .where('id', 'in', ids)
    .where('verified_at', 'is', null)
    .execute();
  return new Set(rows.map((row) => row.id));
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

/** The account that signs in with an address, if it is verified. */
export async function accountByAddress(
  db: Database,
  address: string,
): Promise<{ id: Id<'account'>; passwordHash: string | null } | null> {
  const row = await db
    .selectFrom('mailboxes')
    .innerJoin('accounts', 'accounts.id', 'mailboxes.account_id')
    .select(['accounts.id', 'accounts.password_hash as passwordHash'])
    .where('address_key', '=', addressKey(address))
    .where('verified_at', 'is not', null)
    .executeTakeFirst();
  return row ?? null;
}

/** A person's own addresses, for their own account page and nothing else. */
export async function ownMailboxes(db: Database, accountId: Id<'account'>): Promise<Mailbox[]> {
  const rows = await db
    .selectFrom('mailboxes')
    .select(['id', 'address', 'verified_at', 'suppressed_at'])
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .limit(20)
    .execute();
  return rows.map((row) => new Mailbox(row.id, row.address, row.verified_at !== null, row.suppressed_at));
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

/** Where mail to an account goes: its oldest verified mailbox. */
export async function primaryMailbox(db: Database, accountId: Id<'account'>): Promise<Id<'mailbox'> | null> {
  const row = await db
    .selectFrom('mailboxes')
    .select('id')
    .where('account_id', '=', accountId)
    .where('verified_at', 'is not', null)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Whether an address is this mailbox's, or another that its owner has shown to be theirs. */
export async function isAddressOf(db: Database, id: Id<'mailbox'>, address: string): Promise<boolean> {
  const found = await db
    .selectFrom('mailboxes as own')
    .leftJoin('mailboxes as other', (join) =>
      join.onRef('other.account_id', '=', 'own.account_id').on('other.verified_at', 'is not', null),
    )
    .select('own.id')
    .where('own.id', '=', id)
    .where((eb) =>
      eb.or([eb('own.address_key', '=', addressKey(address)), eb('other.address_key', '=', addressKey(address))]),
    )
    .executeTakeFirst();
  return found !== undefined;
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

/** Lets nothing more go there but what its owner asks for. */
export async function suppressMailbox(
  db: Database,
  clock: Clock,
  id: Id<'mailbox'>,
  why: 'bounce' | 'complaint',
): Promise<void> {
  await db
    .updateTable('mailboxes')
    .set({ suppressed_at: instant(clock.now()), suppressed_for: why })
    .where('id', '=', id)
    .where('suppressed_at', 'is', null)
    .execute();
}

/** Somebody has just read a mail there. Whether that is news: nothing more was sent there until now. */
export async function reviveMailbox(db: Database, id: Id<'mailbox'>): Promise<boolean> {
  const revived = await db
    .updateTable('mailboxes')
    .set({ suppressed_at: null, suppressed_for: null })
    .where('id', '=', id)
    .where('suppressed_at', 'is not', null)
    .executeTakeFirst();
  return revived.numUpdatedRows > 0n;
}

/** The mailboxes to which nothing is sent any more; to be asked within. */
export function suppressedMailboxes(db: Database) {
  return db.selectFrom('mailboxes').select('id').where('suppressed_at', 'is not', null);
}

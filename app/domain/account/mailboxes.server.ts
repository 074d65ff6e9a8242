import { inspect } from 'node:util';
import type { ExpressionBuilder } from 'kysely';
import { instant, newId } from '#db/ids';
import type { Database } from '#db/open';
import type { Id, Instant, Tables } from '#db/schema';
import { write } from '#db/write';
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

/** How many of these addresses nobody has given for that submission before. */
export async function newToByline(
  db: Database,
  submissionId: Id<'submission'>,
  addresses: readonly string[],
): Promise<number> {
  const keys = [...new Set(addresses.map(addressKey))];
  if (keys.length === 0) return 0;
  const known = await db
    .selectFrom('mailboxes')
    .innerJoin('authors', 'authors.mailbox_id', 'mailboxes.id')
    .select('address_key')
    .distinct()
    .where('authors.submission_id', '=', submissionId)
    .where('address_key', 'in', keys)
    .execute();
  return keys.length - known.length;
}

/** Mailboxes thrown away in one transaction. */
const BATCH = 200;

/**
 * Throws away addresses that nobody has confirmed, that stand in no byline, conversation or block, and that are older than
 * that, with what is left of the mail to them. What their readers have asked for, that nothing comes any more, stays.
 */
export async function forgetUnusedAddresses(db: Database, before: Instant): Promise<void> {
  for (;;) {
    const unused = await db
      .selectFrom('mailboxes')
      .select('id')
      .where('account_id', 'is', null)
      .where('verified_at', 'is', null)
      .where('unasked_at', 'is', null)
      .where((eb) => eb.or([eb('suppressed_for', 'is', null), eb('suppressed_for', '!=', 'complaint')]))
      .where('created_at', '<', before)
      .where(isUnused)
      .limit(BATCH)
      .execute();
    if (unused.length === 0) return;
    const ids = unused.map(({ id }) => id);
    await write(db, async (trx) => {
      await trx.deleteFrom('outbox').where('mailbox_id', 'in', ids).where('state', 'in', FINISHED).execute();
      // Whoever has been used meanwhile stays.
      await trx.deleteFrom('mailboxes').where('id', 'in', ids).where(isUnused).execute();
    });
  }
}

const FINISHED = ['sent', 'cancelled', 'failed', 'unknown'] as const;

function isUnused({ not, or, exists, selectFrom }: ExpressionBuilder<Tables, 'mailboxes'>) {
  const used = [
    selectFrom('authors').select('authors.id').whereRef('authors.mailbox_id', '=', 'mailboxes.id'),
    selectFrom('participants').select('participants.id').whereRef('participants.mailbox_id', '=', 'mailboxes.id'),
    selectFrom('blocks').select('blocks.name').whereRef('blocks.mailbox_id', '=', 'mailboxes.id'),
    selectFrom('blocks').select('blocks.name').whereRef('blocks.blocked_mailbox_id', '=', 'mailboxes.id'),
    selectFrom('suspensions').select('suspensions.id').whereRef('suspensions.mailbox_id', '=', 'mailboxes.id'),
    selectFrom('links').select('links.id').whereRef('links.mailbox_id', '=', 'mailboxes.id'),
    selectFrom('outbox')
      .select('outbox.id')
      .whereRef('outbox.mailbox_id', '=', 'mailboxes.id')
      .where('outbox.state', 'not in', FINISHED),
  ];
  return not(or(used.map((query) => exists(query))));
}

/** The persons that limits count for these mailboxes: one for addresses that differ by a plus-tag or dots alone. */
export async function personKeysOf(db: Database, ids: readonly Id<'mailbox'>[]): Promise<Map<Id<'mailbox'>, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('mailboxes').select(['id', 'person_key']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row.person_key]));
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

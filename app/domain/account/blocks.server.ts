import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { instant } from '#db/ids';
import type { Database } from '#db/open';
import type { Id, Instant } from '#db/schema';
import { write } from '#db/write';
import type { Config } from '~/config.server';
import type { DomainContext } from '../context';
import { pseudonym } from '../secret.server';
import type { Viewer } from './viewer';

/** Lets nothing more of that person reach the owner of `mailboxId`. They are not told, and blocking twice is once. */
export async function block(
  ctx: DomainContext,
  mailboxId: Id<'mailbox'>,
  person: { mailboxId: Id<'mailbox'>; name: string },
): Promise<void> {
  await write(ctx.db, (trx) =>
    trx
      .insertInto('blocks')
      .values({
        mailbox_id: mailboxId,
        blocked_mailbox_id: person.mailboxId,
        name: person.name,
        created_at: instant(ctx.clock.now()),
      })
      .onConflict((conflict) => conflict.columns(['mailbox_id', 'blocked_mailbox_id']).doNothing())
      .execute(),
  );
}

export interface Block {
  mailboxId: Id<'mailbox'>;
  blockedMailboxId: Id<'mailbox'>;
  name: string;
}

/** Whom a person has blocked, the newest first. */
export async function blocksOf(db: Database, mailboxIds: readonly Id<'mailbox'>[], limit = 200): Promise<Block[]> {
  if (mailboxIds.length === 0) return [];
  return db
    .selectFrom('blocks')
    .select(['mailbox_id as mailboxId', 'blocked_mailbox_id as blockedMailboxId', 'name'])
    .where('mailbox_id', 'in', mailboxIds)
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute();
}

/** Names a block to its owner's page: a mailbox's id would tell when it was made, and that two names are one person. */
export function blockKey(config: Config, { mailboxId, blockedMailboxId }: Block): string {
  return pseudonym(config, `block:${mailboxId}:${blockedMailboxId}`);
}

/** Lets a person through again whom the viewer has blocked, at whichever of their own mailboxes. */
export async function unblock(ctx: DomainContext, viewer: Viewer, blockedMailboxId: Id<'mailbox'>): Promise<void> {
  await write(ctx.db, (trx) =>
    trx
      .deleteFrom('blocks')
      .where('mailbox_id', 'in', viewer.mailboxIds)
      .where('blocked_mailbox_id', '=', blockedMailboxId)
      .execute(),
  );
}

/**
 * Who of `readers` has blocked whom of `writers`. A block is of the person: it holds for every mailbox of both
 * accounts, and for addresses that differ from the blocked one by a plus-tag or dots alone.
 */
export async function blockedPairs(
  db: Database,
  readers: readonly Id<'mailbox'>[],
  writers: readonly Id<'mailbox'>[],
): Promise<{ reader: Id<'mailbox'>; writer: Id<'mailbox'>; since: Instant }[]> {
  if (readers.length === 0 || writers.length === 0) return [];
  return blocking(db, readers)
    .select((eb) => ['reader.id as reader', 'writer.id as writer', eb.fn.min('blocks.created_at').as('since')])
    .where('writer.id', 'in', writers)
    .groupBy(['reader.id', 'writer.id'])
    .execute();
}

function blocking(db: Database, readers: readonly Id<'mailbox'>[]) {
  return db
    .selectFrom('mailboxes as reader')
    .innerJoin('mailboxes as blocker', (join) =>
      join.on((eb) =>
        eb.or([eb('blocker.id', '=', eb.ref('reader.id')), eb('blocker.account_id', '=', eb.ref('reader.account_id'))]),
      ),
    )
    .innerJoin('blocks', 'blocks.mailbox_id', 'blocker.id')
    .innerJoin('mailboxes as blocked', 'blocked.id', 'blocks.blocked_mailbox_id')
    .innerJoin('mailboxes as writer', (join) =>
      join.on((eb) =>
        eb.or([
          eb('writer.person_key', '=', eb.ref('blocked.person_key')),
          eb('writer.account_id', '=', eb.ref('blocked.account_id')),
        ]),
      ),
    )
    .where('reader.id', 'in', readers);
}

/** Between whom of these a block stands, whoever of the two has set it: nothing goes from one to the other. */
export async function partedPairs(
  db: Database,
  readers: readonly Id<'mailbox'>[],
  writers: readonly Id<'mailbox'>[],
): Promise<{ reader: Id<'mailbox'>; writer: Id<'mailbox'> }[]> {
  const theirs = await blockedPairs(db, writers, readers);
  return [
    ...(await blockedPairs(db, readers, writers)),
    ...theirs.map(({ reader, writer }) => ({ reader: writer, writer: reader })),
  ];
}

/** The same within a query: whether the person with these mailboxes has blocked whoever has the mailbox in that column. */
export function isBlockedBy(own: readonly Id<'mailbox'>[], column: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select 1 from blocks
    inner join mailboxes as blocked on blocked.id = blocks.blocked_mailbox_id
    inner join mailboxes as other on other.id = ${sql.ref(column)}
    where blocks.mailbox_id in (${sql.join(own)})
    and (other.person_key = blocked.person_key or other.account_id = blocked.account_id))`;
}

/** Whom of others a person has blocked, and who of them has blocked that person, since when. */
export interface Blocks {
  blocked: ReadonlySet<Id<'mailbox'>>;
  blockers: ReadonlyMap<Id<'mailbox'>, Instant>;
}

/** The blocks between the person with these mailboxes and each of the others. */
export async function blocksBetween(
  db: Database,
  own: readonly Id<'mailbox'>[],
  others: readonly Id<'mailbox'>[],
): Promise<Blocks> {
  if (own.length === 0 || others.length === 0) return { blocked: new Set(), blockers: new Map() };
  const theirs = blocking(db, others)
    .select((eb) => ['reader.id as other', eb.fn.min('blocks.created_at').as('since')])
    .select(sql.lit('they').as('who'))
    .where('writer.id', 'in', own)
    .groupBy('reader.id');
  const rows = await blocking(db, own)
    .select((eb) => ['writer.id as other', eb.fn.min('blocks.created_at').as('since')])
    .select(sql.lit('own').as('who'))
    .where('writer.id', 'in', others)
    .groupBy('writer.id')
    .unionAll(theirs)
    .execute();
  return {
    blocked: new Set(rows.filter(({ who }) => who === 'own').map(({ other }) => other)),
    blockers: new Map(rows.filter(({ who }) => who === 'they').map(({ other, since }) => [other, since])),
  };
}

import { instant } from '#db/ids';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
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
): Promise<{ reader: Id<'mailbox'>; writer: Id<'mailbox'> }[]> {
  if (readers.length === 0 || writers.length === 0) return [];
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
    .select(['reader.id as reader', 'writer.id as writer'])
    .distinct()
    .where('reader.id', 'in', readers)
    .where('writer.id', 'in', writers)
    .execute();
}

/** Whom of `writers` the person with these mailboxes has blocked. */
export async function blockedBy(
  db: Database,
  own: readonly Id<'mailbox'>[],
  writers: readonly Id<'mailbox'>[],
): Promise<Set<Id<'mailbox'>>> {
  return new Set((await blockedPairs(db, own, writers)).map(({ writer }) => writer));
}

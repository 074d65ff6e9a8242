import { instant, newId } from '#db/ids';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import type { Write } from '#db/write';
import type { Clock } from '../clock';

/** Whether somebody may not write at a conference now. */
export async function isSuspended(
  db: Database,
  conferenceId: Id<'conference'>,
  mailboxId: Id<'mailbox'>,
): Promise<boolean> {
  return (await suspendedAmong(db, [conferenceId], [mailboxId])).length > 0;
}

/** Who of the people with these mailboxes may not write now, and at which of these conferences. */
export async function suspendedAmong(
  db: Database,
  conferenceIds: readonly Id<'conference'>[],
  mailboxIds: readonly Id<'mailbox'>[],
): Promise<{ conferenceId: Id<'conference'>; mailboxId: Id<'mailbox'> }[]> {
  if (mailboxIds.length === 0) return [];
  return suspensionsOf(db, conferenceIds, mailboxIds)
    .select(['suspensions.conference_id as conferenceId', 'writer.id as mailboxId'])
    .execute();
}

/** Lets nothing more of a person go out at a conference, until it is lifted. */
export async function suspend(
  trx: Write,
  clock: Clock,
  suspension: { conferenceId: Id<'conference'>; mailboxId: Id<'mailbox'>; name: string },
): Promise<void> {
  await trx
    .insertInto('suspensions')
    .values({
      id: newId(),
      conference_id: suspension.conferenceId,
      mailbox_id: suspension.mailboxId,
      name: suspension.name,
      created_at: instant(clock.now()),
      lifted_at: null,
    })
    .execute();
}

/** Ends whatever keeps a person from writing at a conference, whichever of their mailboxes it was said of. */
export async function liftSuspensions(
  trx: Write,
  clock: Clock,
  conferenceId: Id<'conference'>,
  mailboxId: Id<'mailbox'>,
): Promise<void> {
  await trx
    .updateTable('suspensions')
    .set({ lifted_at: instant(clock.now()) })
    .where('id', 'in', suspensionsOf(trx, [conferenceId], [mailboxId]).select('suspensions.id'))
    .execute();
}

/**
 * What keeps the people with these mailboxes from writing. As a block, it is of the person: it holds for all their
 * mailboxes, and for addresses that differ by a plus-tag or dots alone.
 */
function suspensionsOf(db: Database, conferenceIds: readonly Id<'conference'>[], mailboxIds: readonly Id<'mailbox'>[]) {
  return db
    .selectFrom('suspensions')
    .innerJoin('mailboxes as suspended', 'suspended.id', 'suspensions.mailbox_id')
    .innerJoin('mailboxes as writer', (join) =>
      join.on((eb) =>
        eb.or([
          eb('writer.person_key', '=', eb.ref('suspended.person_key')),
          eb('writer.account_id', '=', eb.ref('suspended.account_id')),
        ]),
      ),
    )
    .where('suspensions.conference_id', 'in', conferenceIds)
    .where('suspensions.lifted_at', 'is', null)
    .where('writer.id', 'in', mailboxIds);
}

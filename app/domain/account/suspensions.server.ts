import type { Database } from '#db/open';
import type { Id } from '#db/schema';

/**
 * Whether somebody may not write at a conference now. As a block, it is of the person: it holds for all their
 * mailboxes, and for addresses that differ by a plus-tag or dots alone.
 */
export async function isSuspended(
  db: Database,
  conferenceId: Id<'conference'>,
  mailboxId: Id<'mailbox'>,
): Promise<boolean> {
  const found = await db
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
    .select('suspensions.id')
    .where('suspensions.conference_id', '=', conferenceId)
    .where('suspensions.lifted_at', 'is', null)
    .where('writer.id', '=', mailboxId)
    .executeTakeFirst();
  return found !== undefined;
}

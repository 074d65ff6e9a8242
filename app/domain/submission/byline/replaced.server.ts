import type { Id, Instant } from '#db/schema';
import type { Write } from '#db/write';
import { cancelHeld } from '../../mail/outbox.server';

/** Somebody who has not answered and whose line is gone from a byline. */
export interface Replaced {
  authorId: Id<'author'>;
  mailboxId: Id<'mailbox'> | null;
  /** Whom the line names now, if it was given another address; null: it was taken out. */
  by: { authorId: Id<'author'>; mailboxId: Id<'mailbox'> } | null;
}

/**
 * What waited for a yes that cannot come any more. Where an address was corrected, messages wait for the new one; else
 * their writers see that this author takes no part. The decision goes to the new one with their yes.
 */
export async function settleReplaced(
  trx: Write,
  submissionId: Id<'submission'>,
  replaced: readonly Replaced[],
  now: Instant,
): Promise<void> {
  for (const { authorId, mailboxId, by } of replaced) {
    if (mailboxId) await cancelHeld(trx, submissionId, mailboxId);
    await trx
      .updateTable('participants')
      .set(by ? { author_id: by.authorId, mailbox_id: by.mailboxId } : { left_at: now })
      .where('author_id', '=', authorId)
      .where('consent', '=', 'waiting')
      .where('left_at', 'is', null)
      .execute();
  }
}

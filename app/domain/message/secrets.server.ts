import type { Id } from '#db/schema';
import { mailboxesOfOwners } from '../account/mailbox-owners.server';
import type { DomainContext } from '../context';
import type { ClaimedLetter } from '../mail/claims.server';

/**
 * The mailboxes whose addresses each of these letters must not hold: all of everyone in its thread. None where the
 * writer has agreed to give one away.
 */
export async function secrets(
  { db }: DomainContext,
  letters: readonly Pick<ClaimedLetter, 'id' | 'message_id'>[],
): Promise<Map<Id<'outbox'>, Id<'mailbox'>[]>> {
  const messageIds = [...new Set(letters.map((letter) => letter.message_id).filter((id) => id !== null))];
  if (messageIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('messages')
    .innerJoin('participants', 'participants.thread_id', 'messages.thread_id')
    .select(['messages.id as messageId', 'participants.mailbox_id as mailboxId'])
    .where('messages.id', 'in', messageIds)
    .where('messages.discloses', '=', 0)
    .execute();
  const owned = await mailboxesOfOwners(db, [...new Set(rows.map((row) => row.mailboxId))]);
  const byMessage = new Map<Id<'message'>, Id<'mailbox'>[]>();
  for (const { messageId, mailboxId } of rows)
    byMessage.set(messageId, [...(byMessage.get(messageId) ?? []), ...(owned.get(mailboxId) ?? [])]);
  return new Map(letters.map((letter) => [letter.id, byMessage.get(letter.message_id!) ?? []]));
}

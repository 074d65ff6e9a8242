import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { blockedPairs } from '../account/blocks.server';

/**
 * Which of these letters their readers do not want, asked as they are about to go out: since they were queued somebody
 * may have muted or left the thread, said no, or blocked the writer; or the thread may have been closed.
 */
export async function unwantedLetters(
  db: Database,
  letters: readonly { id: Id<'outbox'>; mailbox_id: Id<'mailbox'>; message_id: Id<'message'> | null }[],
): Promise<Set<Id<'outbox'>>> {
  const carried = letters.filter((letter) => letter.message_id !== null);
  if (carried.length === 0) return new Set();
  const rows = await db
    .selectFrom('messages')
    .innerJoin('threads', 'threads.id', 'messages.thread_id')
    .innerJoin('participants as writer', 'writer.id', 'messages.participant_id')
    .innerJoin('participants as reader', 'reader.thread_id', 'messages.thread_id')
    .select([
      'messages.id as messageId',
      'reader.mailbox_id as reader',
      'writer.mailbox_id as writer',
      'threads.closed_at',
      'reader.muted_at',
      'reader.left_at',
      'reader.consent',
    ])
    .where('messages.id', 'in', [...new Set(carried.map((letter) => letter.message_id!))])
    .where('reader.mailbox_id', 'in', [...new Set(carried.map((letter) => letter.mailbox_id))])
    .execute();
  const blocked = await blockedPairs(
    db,
    [...new Set(rows.map((row) => row.reader))],
    [...new Set(rows.map((row) => row.writer))],
  );
  const isBlocked = new Set(blocked.map(({ reader, writer }) => `${reader} ${writer}`));
  const unwanted = new Set(
    rows
      .filter(
        (row) =>
          row.closed_at ||
          row.muted_at ||
          row.left_at ||
          row.consent === 'declined' ||
          isBlocked.has(`${row.reader} ${row.writer}`),
      )
      .map((row) => `${row.messageId} ${row.reader}`),
  );
  return new Set(
    carried.filter((letter) => unwanted.has(`${letter.message_id} ${letter.mailbox_id}`)).map((letter) => letter.id),
  );
}

import type { Id } from '#db/schema';
import { partedPairs } from '../account/blocks.server';
import { afterQuiet, quietHours } from '../account/quiet-hours';
import { suspendedAmong } from '../account/suspensions.server';
import type { DomainContext } from '../context';
import type { ClaimedLetter } from '../mail/claims.server';
import { type Objection, STOPPED, UNWANTED } from '../mail/outbox.server';
import { ownLinks } from '../mail/own-links';

/**
 * What stands against sending each of these letters now, asked as they are about to go out. Since they were queued their
 * reader may have muted or left the thread, said no, or blocked the writer; conduct contacts may have closed the thread
 * or suspended the writer; and the reader's quiet hours may have begun.
 */
export async function objections(
  ctx: DomainContext,
  letters: readonly Pick<ClaimedLetter, 'id' | 'kind' | 'mailbox_id' | 'message_id'>[],
): Promise<Map<Id<'outbox'>, Objection>> {
  const found = await readersOf(ctx, letters);
  const [writers, readers, conferences] = [
    each(found, (row) => row.writer),
    each(found, (row) => row.reader),
    each(found, (row) => row.conference_id),
  ];
  const blocked = new Set(
    (await partedPairs(ctx.db, readers, writers)).map(({ reader, writer }) => `${reader} ${writer}`),
  );
  const suspended = new Set(
    (await suspendedAmong(ctx.db, conferences, writers)).map(
      ({ conferenceId, mailboxId }) => `${conferenceId} ${mailboxId}`,
    ),
  );
  const links = ownLinks(ctx.config);
  const against = (kind: string, { reader, writer, ...row }: Row): Objection | null => {
    // First of all: a letter that is not wanted must not look handed on while others would still wait.
    const quiet = quietHours(row);
    const until = quiet && afterQuiet(quiet, ctx.clock.now());
    if (until && until > ctx.clock.now()) return { outcome: 'postponed', until };
    // Whoever has said yes meanwhile gets the message itself.
    if (kind === 'message-asked' && row.consent === 'given') return { outcome: 'cancelled', code: UNWANTED };
    if (row.muted_at || row.left_at || row.consent === 'declined' || blocked.has(`${reader} ${writer}`))
      return { outcome: 'cancelled', code: UNWANTED };
    // Looked for when it was taken; whatever has gone wrong since, it does not go out.
    if (links.held(row.body)) return { outcome: 'cancelled', code: 'link-inside' };
    if (row.closed_at || suspended.has(`${row.conference_id} ${writer}`))
      return { outcome: 'cancelled', code: STOPPED };
    return null;
  };
  const all = new Map<Id<'outbox'>, Objection>();
  for (const { id, kind, message_id, mailbox_id } of letters) {
    const row = found.get(`${message_id} ${mailbox_id}`);
    const objection = row && against(kind, row);
    if (objection) all.set(id, objection);
  }
  return all;
}

function each<T>(rows: Map<string, Row>, of: (row: Row) => T): T[] {
  return [...new Set([...rows.values()].map(of))];
}

type Row = Awaited<ReturnType<typeof readersOf>> extends Map<string, infer R> ? R : never;

/** By message and mailbox, what the portal knows of a message's writer, thread and reader. */
async function readersOf({ db }: DomainContext, letters: readonly Pick<ClaimedLetter, 'mailbox_id' | 'message_id'>[]) {
  const carried = letters.filter((letter) => letter.message_id !== null);
  if (carried.length === 0) return new Map<string, never>();
  const rows = await db
    .selectFrom('messages')
    .innerJoin('threads', 'threads.id', 'messages.thread_id')
    .innerJoin('participants as writer', 'writer.id', 'messages.participant_id')
    .innerJoin('participants as reader', 'reader.thread_id', 'messages.thread_id')
    .innerJoin('mailboxes', 'mailboxes.id', 'reader.mailbox_id')
    .leftJoin('accounts', 'accounts.id', 'mailboxes.account_id')
    .select(['messages.id as messageId', 'messages.body', 'reader.mailbox_id as reader', 'writer.mailbox_id as writer'])
    .select(['threads.conference_id', 'threads.closed_at', 'reader.muted_at', 'reader.left_at', 'reader.consent'])
    .select(['quiet_from', 'quiet_until', 'quiet_zone'])
    .where('messages.id', 'in', [...new Set(carried.map((letter) => letter.message_id!))])
    .where('reader.mailbox_id', 'in', [...new Set(carried.map((letter) => letter.mailbox_id))])
    .where('reader.consent', '!=', 'waiting')
    .execute();
  return new Map(rows.map((row) => [`${row.messageId} ${row.reader}`, row]));
}

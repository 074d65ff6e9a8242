import type { Database } from '#db/open';
import type { HeldReason, Id } from '#db/schema';
import { write } from '#db/write';
import type { Viewer } from '../account/viewer';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import { threadById } from './queries.server';
import { isRepeated, postAnswer, type Refusal } from './thread.server';

/** An answer that came by mail and waits for the word of whoever it seems to be from. */
export interface HeldReply {
  id: Id<'reply'>;
  body: string;
  leftOut: string;
  reason: HeldReason;
}

/** What waits in a thread for this viewer, oldest first; nobody else sees it. */
export async function heldReplies(db: Database, threadId: Id<'thread'>, viewer: Viewer): Promise<HeldReply[]> {
  if (viewer.mailboxIds.length === 0) return [];
  return db
    .selectFrom('replies')
    .innerJoin('participants', 'participants.id', 'replies.participant_id')
    .select(['replies.id', 'replies.body', 'replies.left_out as leftOut', 'replies.reason'])
    .$narrowType<{ reason: HeldReason }>()
    .where('participants.thread_id', '=', threadId)
    .where('participants.mailbox_id', 'in', viewer.mailboxIds)
    .where('replies.outcome', '=', 'held')
    .orderBy('replies.received_at')
    .limit(20)
    .execute();
}

export type Released = { ok: true } | { ok: false; reason: 'missing' } | ({ ok: false } & Refusal);

/** Passes a held answer on, as its writer has now put it; whether it may hold an address has been asked (heldSchema). */
export async function releaseReply(
  ctx: DomainContext,
  conference: Conference,
  threadId: string,
  viewer: Viewer,
  input: { id: string; body: string; consent: boolean },
  network: string | null = null,
): Promise<Released> {
  return write(ctx.db, async (trx) => {
    const thread = await threadById(trx, conference.id, threadId, viewer);
    const held = thread && (await heldReplies(trx, thread.id, viewer)).find(({ id }) => id === input.id);
    // Sent once more since its answer was lost.
    if (thread && !held && (await isRepeated(trx, viewer.accountId, input.id))) return { ok: true };
    if (!thread || !held) return { ok: false, reason: 'missing' };
    const { participants, own: writer } = thread;
    // Of two presses one finds it still held.
    const settled = await trx
      .updateTable('replies')
      .set({ outcome: 'relayed', body: '', left_out: '' })
      .where('id', '=', held.id)
      .where('outcome', '=', 'held')
      .executeTakeFirst();
    if (settled.numUpdatedRows !== 1n) return { ok: false, reason: 'missing' };
    const { accountId: keyOf } = viewer;
    const sent = await postAnswer(trx, ctx, conference, {
      thread,
      participants,
      writer,
      keyOf,
      key: held.id,
      body: input.body,
      leftOut: held.leftOut,
      discloses: input.consent,
      network,
    });
    if (!sent.ok)
      await trx
        .updateTable('replies')
        .set({ outcome: 'held', body: held.body, left_out: held.leftOut })
        .where('id', '=', held.id)
        .execute();
    return sent;
  });
}

/** Throws a held answer away. False where there is none for this viewer. */
export async function discardReply(
  ctx: DomainContext,
  conference: Conference,
  threadId: string,
  viewer: Viewer,
  id: string,
): Promise<boolean> {
  return write(ctx.db, async (trx) => {
    const thread = await threadById(trx, conference.id, threadId, viewer);
    const held = thread && (await heldReplies(trx, thread.id, viewer)).find((one) => one.id === id);
    if (!held) return false;
    await trx
      .updateTable('replies')
      .set({ outcome: 'discarded', body: '', left_out: '' })
      .where('id', '=', held.id)
      .execute();
    return true;
  });
}

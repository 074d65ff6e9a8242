import { instant } from '#db/ids';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { type Write, write } from '#db/write';
import type { Viewer } from '../account/viewer';
import type { DomainContext } from '../context';
import { relayLetters } from './letters.server';
import { type Participant, threadOf } from './queries.server';
import { forgetReplyToken, revokeReplyToken } from './reply-tokens.server';

/** Far more than the limits of a day let anybody write before somebody has said yes. */
const MAX_WAITING = 500;

/** Gets no more mail of a thread, and reads it on the portal; nobody else is told. */
export async function mute(ctx: DomainContext, own: Participant, muted: boolean): Promise<void> {
  const muted_at = muted ? instant(ctx.clock.now()) : null;
  await write(ctx.db, (trx) => trx.updateTable('participants').set({ muted_at }).where('id', '=', own.id).execute());
}

/** Takes no more part in a thread. What others write later is not for them; the others see that they have left. */
export async function leave(ctx: DomainContext, participantId: Id<'participant'>): Promise<void> {
  await write(ctx.db, (trx) => leaveThread(trx, ctx, participantId));
}

export async function leaveThread(trx: Write, ctx: DomainContext, participantId: Id<'participant'>): Promise<void> {
  await trx
    .updateTable('participants')
    .set({ left_at: instant(ctx.clock.now()) })
    .where('id', '=', participantId)
    .where('left_at', 'is', null)
    .execute();
  await revokeReplyToken(trx, ctx, participantId);
}

/** Takes part again, and answers by mail to a new address. */
export async function comeBack(ctx: DomainContext, own: Participant): Promise<void> {
  await write(ctx.db, async (trx) => {
    await trx.updateTable('participants').set({ left_at: null }).where('id', '=', own.id).execute();
    await forgetReplyToken(trx, own.id);
  });
}

/** Says yes or no to a first message. After a yes it comes by mail too, so that it can be answered there. */
export async function decideAbout(ctx: DomainContext, own: Participant, yes: boolean): Promise<void> {
  await write(ctx.db, async (trx) => {
    const settled = await trx
      .updateTable('participants')
      .set({ consent: yes ? 'given' : 'declined' })
      .where('id', '=', own.id)
      .where('consent', '!=', yes ? 'given' : 'declined')
      .executeTakeFirst();
    if (settled.numUpdatedRows === 1n && yes) await sendWaiting(trx, ctx, own);
  });
}

/** Sends somebody who has just come to take part what the others have written so far. */
export async function sendWaiting(trx: Write, ctx: DomainContext, own: Participant): Promise<void> {
  const thread = await threadOf(trx, own.id);
  const waiting = await trx
    .selectFrom('messages')
    .select(['id', 'participant_id', 'body'])
    .where('thread_id', '=', thread.id)
    .where('participant_id', '!=', own.id)
    .orderBy('id')
    .limit(MAX_WAITING)
    .execute();
  for (const [index, message] of waiting.entries()) {
    const writer = thread.participants.find((participant) => participant.id === message.participant_id)!;
    const carried = { thread, messageId: message.id, writer, body: message.body, first: index === 0 };
    await relayLetters(trx, ctx, thread.conference, carried, [{ ...own, consent: 'given' }]);
  }
}

/** Marks what the viewer has been shown as read. */
export async function markRead(db: Database, threadId: Id<'thread'>, viewer: Viewer): Promise<void> {
  await db
    .updateTable('participants')
    .set((eb) => ({ read_id: eb.ref('latest_id') }))
    .where('thread_id', '=', threadId)
    .where('mailbox_id', 'in', viewer.mailboxIds)
    .where((eb) => eb(eb.fn.coalesce('read_id', eb.val('')), '<', eb.ref('latest_id')))
    .execute();
}

import type { Id } from '#db/schema';
import type { Write } from '#db/write';
import type { DomainContext } from '../context';
import { askLetters } from './letters.server';
import { leaveThread, sendWaiting } from './participation.server';
import { type Consent, takesLetters } from './policy';
import { threadOf } from './queries.server';
import { lettersFromOf } from './rules.server';

/**
 * Lets an author who has said that a paper is theirs into the threads that wait for them: from now on their own rules
 * count. What was written goes to them, asks them first, or, where they take no messages, does not reach them.
 */
export async function admitAuthor(
  trx: Write,
  ctx: DomainContext,
  author: { id: Id<'author'>; submissionId: Id<'submission'>; mailboxId: Id<'mailbox'> },
): Promise<void> {
  const waiting = await trx
    .selectFrom('participants')
    .select(['id', 'thread_id as threadId'])
    .where('author_id', '=', author.id)
    .where('consent', '=', 'waiting')
    .orderBy('id')
    .execute();
  if (waiting.length === 0) return;
  const rule = (await lettersFromOf(trx, [author.mailboxId], author.submissionId))(author.mailboxId);
  for (const { id, threadId } of waiting) {
    const isThere = await trx
      .selectFrom('participants')
      .select('id')
      .where('thread_id', '=', threadId)
      .where('mailbox_id', '=', author.mailboxId)
      .where('consent', '!=', 'waiting')
      .executeTakeFirst();
    // The same person takes part already, in another role or by another line of the byline.
    if (isThere) {
      await trx.deleteFrom('participants').where('id', '=', id).execute();
      continue;
    }
    const thread = await threadOf(trx, id);
    const writer = thread.participants.find((participant) => participant.role === 'correspondent');
    // Whether the writer took part in the conference when they wrote is not known any more; that they could, is.
    const takes = takesLetters(rule, { participates: true });
    const consent: Consent = !takes ? 'declined' : rule === 'asked' ? 'asked' : 'given';
    await trx
      .updateTable('participants')
      .set({ mailbox_id: author.mailboxId, consent, left_at: null })
      .where('id', '=', id)
      .execute();
    const self = thread.participants.find((participant) => participant.id === id)!;
    const own = { ...self, mailboxId: author.mailboxId, consent };
    if (consent === 'given') await sendWaiting(trx, ctx, own);
    if (consent === 'asked' && writer) {
      const first = await trx
        .selectFrom('messages')
        .select(['id', 'body'])
        .where('thread_id', '=', threadId)
        .orderBy('id')
        .executeTakeFirstOrThrow();
      await askLetters(
        trx,
        ctx,
        thread.conference,
        { thread, messageId: first.id, writer, body: first.body, first: true },
        [own],
      );
    }
  }
}

/** Whoever says that a paper is not theirs takes no more part in the threads about it. */
export async function turnAwayAuthor(trx: Write, ctx: DomainContext, authorId: Id<'author'>): Promise<void> {
  const parts = await trx
    .selectFrom('participants')
    .select('id')
    .where('author_id', '=', authorId)
    .where('left_at', 'is', null)
    .execute();
  for (const { id } of parts) await leaveThread(trx, ctx, id);
}

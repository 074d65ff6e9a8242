import { createHash } from 'node:crypto';
import { isDuplicate, write } from '#db/write';
import { primaryMailbox } from '../account/mailbox-owners.server';
import { hasAnyRole, type Viewer } from '../account/viewer';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import { threadById } from './queries.server';
import type { AnswerInput, MessageInput } from './schema';
import { beginThread, isRepeated, type MessagePaper, postAnswer, type Sent } from './thread.server';

/**
 * Begins a thread: stores the message and one letter for each recipient in one transaction. Authors that are not of
 * this paper or cannot be written to are passed over without a word, so the answer tells nothing about anyone.
 */
export async function sendMessage(
  ctx: DomainContext,
  conference: Conference,
  paper: MessagePaper,
  viewer: Viewer,
  input: MessageInput,
  network: string | null = null,
): Promise<Sent> {
  const key = keyOfWords(input.key, [input.subject, input.body, ...[...input.to].sort()]);
  return onceOnly(
    ctx,
    viewer,
    key,
    write(ctx.db, async (trx) => {
      const mailboxId = await primaryMailbox(trx, viewer.accountId);
      // Nobody signs in but through a mailbox of theirs.
      if (!mailboxId) throw new Error('An account without a mailbox cannot write: nobody could answer it');
      const { accountId, name } = viewer;
      const writer = { accountId, name, mailboxId, participates: hasAnyRole(viewer, conference.id), network };
      return beginThread(trx, ctx, conference, paper, writer, { ...input, key });
    }),
  );
}

/** Adds to a thread and writes to everyone else in it. Null: this viewer takes no part in it. */
export async function answer(
  ctx: DomainContext,
  conference: Conference,
  threadId: string,
  viewer: Viewer,
  input: AnswerInput,
  network: string | null = null,
): Promise<Sent | null> {
  const key = keyOfWords(input.key, [input.body]);
  return onceOnly(
    ctx,
    viewer,
    key,
    write(ctx.db, async (trx) => {
      const thread = await threadById(trx, conference.id, threadId, viewer);
      if (!thread) return null;
      if (await isRepeated(trx, viewer.accountId, key)) return { ok: true };
      const { participants, own: writer } = thread;
      return postAnswer(trx, ctx, conference, {
        thread,
        participants,
        writer,
        keyOf: viewer.accountId,
        network,
        key,
        body: input.body,
        discloses: input.consent ?? false,
      });
    }),
  );
}

/** A form that is sent twice is one message; one that says something else by now is another, and not lost. */
function keyOfWords(key: string, words: string[]): string {
  return `${key}:${createHash('sha256').update(JSON.stringify(words)).digest('base64url').slice(0, 22)}`;
}

/** Of one form sent twice at the same moment, the slower finds the faster's message: that is success. */
async function onceOnly<T>(
  ctx: DomainContext,
  viewer: Viewer,
  key: string,
  sending: Promise<T>,
): Promise<T | { ok: true }> {
  try {
    return await sending;
  } catch (error) {
    if (isDuplicate(error) && (await isRepeated(ctx.db, viewer.accountId, key))) return { ok: true };
    throw error;
  }
}

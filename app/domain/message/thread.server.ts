import { instant, newId } from '#db/ids';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import type { Write } from '#db/write';
import { renderMail } from '#emails/mail';
import { relayedMessage } from '#emails/relayed-message';
import { translator } from '#locales/translate';
import { countAttempt } from '../account/limits.server';
import { unverifiedAmong } from '../account/mailboxes.server';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import { enqueue } from '../mail/outbox.server';
import { contactableAuthors, type Participant } from './queries.server';
import { replyTokens } from './reply-tokens.server';
import type { MessageInput } from './schema';

/** The published paper that a message is about. */
export interface MessagePaper {
  submissionId: Id<'submission'>;
  versionId: Id<'version'>;
  ref: string;
  title: string;
}

export type Sent = { ok: true } | { ok: false; retryAt: Date };

/** Who writes: the account, the name that others see, and where answers go. */
export type Writer = { accountId: Id<'account'>; name: string; mailboxId: Id<'mailbox'> };

/** Stores a new thread, its first message and one letter for each recipient. */
export async function beginThread(
  trx: Write,
  ctx: DomainContext,
  conference: Pick<Conference, 'id' | 'slug' | 'name'>,
  paper: MessagePaper,
  writer: Writer,
  input: MessageInput,
): Promise<Sent> {
  if (await isRepeated(trx, writer.accountId, input.key)) return { ok: true };
  const authors = (await contactableAuthors(trx, paper.versionId)).filter(
    (author) => input.to.includes(author.id) && author.mailboxId !== writer.mailboxId,
  );
  const retryAts = [await countAttempt(trx, ctx, 'message', writer.accountId)];
  for (const author of authors) retryAts.push(await countAttempt(trx, ctx, 'messageTo', author.mailboxId));
  const retryAt = retryAts.find((at) => at !== null);
  if (retryAt) return { ok: false, retryAt };
  if (authors.length === 0) return { ok: true };

  const thread = { id: newId<'thread'>(), subject: input.subject, paper };
  await trx
    .insertInto('threads')
    .values({
      id: thread.id,
      conference_id: conference.id,
      submission_id: paper.submissionId,
      subject: input.subject,
      created_at: instant(ctx.clock.now()),
    })
    .execute();
  const correspondent: Participant = {
    id: newId(),
    role: 'correspondent',
    name: writer.name,
    mailboxId: writer.mailboxId,
  };
  const byMailbox = new Map(authors.map((author) => [author.mailboxId, author]));
  const recipients = [...byMailbox.values()].map((author) => ({
    id: newId<'participant'>(),
    role: 'author' as const,
    name: author.name,
    mailboxId: author.mailboxId,
    authorId: author.id,
  }));
  await trx
    .insertInto('participants')
    .values([
      {
        id: correspondent.id,
        thread_id: thread.id,
        role: 'correspondent',
        author_id: null,
        mailbox_id: correspondent.mailboxId,
        name: correspondent.name,
      },
      ...recipients.map(({ id, role, name, mailboxId, authorId }) => ({
        id,
        thread_id: thread.id,
        role,
        author_id: authorId,
        mailbox_id: mailboxId,
        name,
      })),
    ])
    .execute();
  await post(trx, ctx, conference, {
    thread,
    participants: [correspondent, ...recipients],
    writer: correspondent,
    accountId: writer.accountId,
    key: input.key,
    body: input.body,
    answer: false,
  });
  return { ok: true };
}

export interface Post {
  thread: { id: Id<'thread'>; subject: string; paper: { ref: string; title: string } };
  participants: Participant[];
  writer: Participant;
  /** Whose the key is: the account, or the mailbox of who answers by mail and has none. */
  accountId: Id<'account'> | Id<'mailbox'>;
  key: string;
  body: string;
  answer: boolean;
}

/** Stores a message and writes to everyone else in the thread. */
export async function post(
  trx: Write,
  ctx: DomainContext,
  conference: Pick<Conference, 'id' | 'slug' | 'name'>,
  post: Post,
): Promise<void> {
  const messageId = newId<'message'>();
  await trx
    .insertInto('messages')
    .values({
      id: messageId,
      thread_id: post.thread.id,
      participant_id: post.writer.id,
      body: post.body,
      idempotency_key: idempotencyKey(post.accountId, post.key),
      created_at: instant(ctx.clock.now()),
    })
    .execute();
  const others = post.participants.filter((participant) => participant.id !== post.writer.id);
  const unverified = await unverifiedAmong(
    trx,
    others.map((participant) => participant.mailboxId),
  );
  const tokens = await replyTokens(
    trx,
    ctx,
    others.map((participant) => participant.id),
  );
  await enqueue(
    trx,
    ctx,
    others.map((recipient) => ({
      to: recipient.mailboxId,
      mail: renderMail(
        relayedMessage,
        {
          writer: post.writer.name,
          paper: { ref: post.thread.paper.ref, title: post.thread.paper.title },
          conference: conference.name,
          subject: post.thread.subject,
          body: post.body,
          url: `${ctx.config.origin}/${conference.slug}/messages/${post.thread.id}`,
          answer: post.answer && recipient.role === 'correspondent',
          byMail: tokens.has(recipient.id),
        },
        translator('en'),
      ),
      fromName: `${post.writer.name} via ${conference.name}`,
      conferenceId: conference.id,
      messageId,
      replyToken: tokens.get(recipient.id) ?? null,
      dedupeKey: `message:${messageId}:${recipient.id}`,
      hold: unverified.has(recipient.mailboxId),
    })),
  );
}

function idempotencyKey(accountId: string, key: string): string {
  return `${accountId}:${key}`;
}

/** Whether this person's form with that key has been sent before. */
export async function isRepeated(db: Database, accountId: Id<'account'>, key: string): Promise<boolean> {
  const found = await db
    .selectFrom('messages')
    .select('id')
    .where('idempotency_key', '=', idempotencyKey(accountId, key))
    .executeTakeFirst();
  return found !== undefined;
}

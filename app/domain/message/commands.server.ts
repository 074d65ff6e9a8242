import { z } from 'zod';
import { instant, json, newId } from '#db/ids';
import type { Id } from '#db/schema';
import { isDuplicate, type Write, write } from '#db/write';
import { confirmMessage as confirmMail } from '#emails/confirm-message';
import { renderMail } from '#emails/mail';
import { relayedMessage } from '#emails/relayed-message';
import { translator } from '#locales/translate';
import { claimMailbox } from '../account/commands.server';
import { countAttempt } from '../account/limits.server';
import { createLink, LINK_LIFE, liveLink, spendLink } from '../account/links.server';
import { mailboxFor, primaryMailbox, unverifiedAmong } from '../account/mailboxes.server';
import type { Viewer } from '../account/viewer';
import { MINUTE } from '../clock';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import { enqueue } from '../mail/outbox.server';
import { contactableAuthors, type Participant, participantsOf, threadById } from './queries.server';
import type { AnswerInput, GuestMessageInput, MessageInput } from './schema';

/** The published paper that a message is about. */
export interface MessagePaper {
  submissionId: Id<'submission'>;
  versionId: Id<'version'>;
  ref: string;
  title: string;
}

export type Sent = { ok: true } | { ok: false; retryAt: Date };

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
): Promise<Sent> {
  return onceOnly(
    write(ctx.db, async (trx) => {
      const mailboxId = await primaryMailbox(trx, viewer.accountId);
      if (!mailboxId) return { ok: true };
      return beginThread(trx, ctx, conference, paper, { ...viewer, mailboxId }, input);
    }),
  );
}

/** Someone not signed in: keeps the message and sends a link that carries none of it. Known or unknown, the same work. */
export async function requestMessage(
  ctx: DomainContext,
  conference: Conference,
  paper: MessagePaper,
  input: GuestMessageInput,
  network: string,
): Promise<Sent> {
  return write(ctx.db, async (trx) => {
    const retryAt = await countAttempt(trx, ctx, 'signInMailFrom', network);
    if (retryAt) return { ok: false, retryAt };
    const mailboxId = await mailboxFor(trx, ctx.clock, input.address);
    const flooded = await countAttempt(trx, ctx, 'signInMail', mailboxId);
    const next = `/${conference.slug}/papers/${encodeURIComponent(paper.ref)}`;
    const { id: linkId, token } = await createLink(trx, ctx.clock, { purpose: 'confirm_message', mailboxId, next });
    await trx
      .insertInto('message_requests')
      .values({
        id: newId(),
        link_id: linkId,
        submission_id: paper.submissionId,
        name: input.name,
        author_ids: json(input.to),
        subject: input.subject,
        body: input.body,
        created_at: instant(ctx.clock.now()),
      })
      .execute();
    if (!flooded) {
      const portal = new URL(ctx.config.origin).host;
      const mail = renderMail(
        confirmMail,
        { url: `${ctx.config.origin}/confirm/${token}`, portal, minutes: LINK_LIFE / MINUTE },
        translator('en'),
      );
      await enqueue(trx, ctx, [{ to: mailboxId, mail, fromName: 'Colloquy', dedupeKey: `link:${linkId}` }]);
    }
    return { ok: true };
  });
}

export interface PendingMessage {
  conference: { slug: string; name: string };
  paper: { ref: string; title: string };
  name: string;
  subject: string;
  body: string;
}

/** What a confirmation link would send. Reading it confirms nothing: scanners follow links. Null: used or expired. */
export async function pendingMessage(ctx: DomainContext, token: string): Promise<PendingMessage | null> {
  const link = await liveLink(ctx.db, ctx.clock, 'confirm_message', token);
  const request = link && (await requestOf(ctx.db, link.id));
  if (!request) return null;
  const { conference, paper, name, subject, body } = request;
  return { conference, paper: { ref: paper.ref, title: paper.title }, name, subject, body };
}

export type Confirmed =
  | { ok: true; accountId: Id<'account'>; next: string }
  | { ok: false; reason: 'dead' }
  | { ok: false; reason: 'limit'; retryAt: Date };

/** Sends what was confirmed. The reader of the mailbox is now known: an account is made if there is none. */
export async function confirmMessage(ctx: DomainContext, token: string): Promise<Confirmed> {
  return write(ctx.db, async (trx) => {
    const link = await liveLink(trx, ctx.clock, 'confirm_message', token);
    const request = link && (await requestOf(trx, link.id));
    if (!request || !(await spendLink(trx, ctx.clock, link.id))) return { ok: false, reason: 'dead' };
    const accountId = (await claimMailbox(trx, ctx, link.mailboxId, request.name))!;
    const { name } = await trx
      .selectFrom('accounts')
      .select('name')
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow();
    const input = { key: request.id, to: request.to, subject: request.subject, body: request.body };
    const sent = await beginThread(
      trx,
      ctx,
      request.conference,
      request.paper,
      { accountId, name, mailboxId: link.mailboxId },
      input,
    );
    if (!sent.ok) {
      // The link stays good for when it may be tried again.
      await trx.updateTable('links').set({ used_at: null }).where('id', '=', link.id).execute();
      return { ok: false, reason: 'limit', retryAt: sent.retryAt };
    }
    await trx.deleteFrom('message_requests').where('id', '=', request.id).execute();
    return { ok: true, accountId, next: link.next };
  });
}

/** Throws away what somebody wrote in another's name. */
export async function discardMessage(ctx: DomainContext, token: string): Promise<void> {
  await write(ctx.db, async (trx) => {
    const link = await liveLink(trx, ctx.clock, 'confirm_message', token);
    if (!link) return;
    await spendLink(trx, ctx.clock, link.id);
    await trx.deleteFrom('message_requests').where('link_id', '=', link.id).execute();
  });
}

/** Adds to a thread and writes to everyone else in it. Null: this viewer takes no part in it. */
export async function answer(
  ctx: DomainContext,
  conference: Conference,
  threadId: string,
  viewer: Viewer,
  input: AnswerInput,
): Promise<Sent | null> {
  return onceOnly(
    write(ctx.db, async (trx) => {
      const thread = await threadById(trx, conference.id, threadId, viewer);
      if (!thread) return null;
      if (await isRepeated(trx, viewer.accountId, input.key)) return { ok: true };
      const retryAt = await countAttempt(trx, ctx, 'message', viewer.accountId);
      if (retryAt) return { ok: false, retryAt };
      const participants = await participantsOf(trx, thread.id);
      const writer = participants.find((participant) => viewer.mailboxIds.includes(participant.mailboxId))!;
      await post(trx, ctx, conference, {
        thread,
        participants,
        writer,
        accountId: viewer.accountId,
        key: input.key,
        body: input.body,
        answer: true,
      });
      return { ok: true };
    }),
  );
}

/** Of one form sent twice at the same moment, the slower finds the faster's message: that is success. */
async function onceOnly<T>(sending: Promise<T>): Promise<T | { ok: true }> {
  try {
    return await sending;
  } catch (error) {
    if (isDuplicate(error)) return { ok: true };
    throw error;
  }
}

type Writer = { accountId: Id<'account'>; name: string; mailboxId: Id<'mailbox'> };

async function beginThread(
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

interface Post {
  thread: { id: Id<'thread'>; subject: string; paper: { ref: string; title: string } };
  participants: Participant[];
  writer: Participant;
  accountId: Id<'account'>;
  key: string;
  body: string;
  answer: boolean;
}

async function post(
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
        },
        translator('en'),
      ),
      fromName: `${post.writer.name} via ${conference.name}`,
      conferenceId: conference.id,
      messageId,
      dedupeKey: `message:${messageId}:${recipient.id}`,
      hold: unverified.has(recipient.mailboxId),
    })),
  );
}

function idempotencyKey(accountId: Id<'account'>, key: string): string {
  return `${accountId}:${key}`;
}

async function isRepeated(trx: Write, accountId: Id<'account'>, key: string): Promise<boolean> {
  const found = await trx
    .selectFrom('messages')
    .select('id')
    .where('idempotency_key', '=', idempotencyKey(accountId, key))
    .executeTakeFirst();
  return found !== undefined;
}

/** A kept message with the paper as it is published now; null where it is gone. */
async function requestOf(db: Write | DomainContext['db'], linkId: Id<'link'>) {
  const row = await db
    .selectFrom('message_requests')
    .innerJoin('submissions', 'submissions.id', 'message_requests.submission_id')
    .innerJoin('papers', 'papers.submission_id', 'submissions.id')
    .innerJoin('submission_versions', 'submission_versions.id', 'papers.version_id')
    .innerJoin('conferences', 'conferences.id', 'submissions.conference_id')
    .select([
      'message_requests.id',
      'message_requests.name',
      'message_requests.subject',
      'message_requests.body',
      'author_ids',
      'submissions.id as submissionId',
      'papers.version_id as versionId',
      'submissions.ref',
      'submission_versions.title',
      'conferences.id as conferenceId',
      'conferences.slug',
      'conferences.name as conferenceName',
    ])
    .where('link_id', '=', linkId)
    .executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    name: row.name,
    subject: row.subject,
    body: row.body,
    to: z.array(z.string()).parse(JSON.parse(row.author_ids)),
    paper: {
      submissionId: row.submissionId,
      versionId: row.versionId,
      ref: row.ref,
      title: row.title,
    } satisfies MessagePaper,
    conference: { id: row.conferenceId, slug: row.slug, name: row.conferenceName },
  };
}

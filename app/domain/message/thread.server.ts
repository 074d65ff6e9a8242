import { instant, newId } from '#db/ids';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { threadWords } from '#db/search/threads';
import type { Write } from '#db/write';
import { blockedPairs } from '../account/blocks.server';
import { countAttempt } from '../account/limits.server';
import { isSuspended } from '../account/suspensions.server';
import type { DomainContext } from '../context';
import { ownLinks } from '../mail/own-links';
import { askLetters, relayLetters } from './letters.server';
import { lettersEnd, type Obstacle, obstacle } from './policy';
import type { Host, OpenThread, Participant } from './queries.server';
import { recipientsOf } from './recipients.server';
import type { MessageInput } from './schema';

/** The published paper that a message is about. */
export interface MessagePaper {
  submissionId: Id<'submission'>;
  versionId: Id<'version'>;
  ref: string;
  title: string;
}

export type Refusal =
  | { reason: 'limit'; retryAt: Date }
  /** The words hold a link or address of the portal's that acts for their writer. */
  | { reason: 'link' }
  | { reason: Obstacle };
export type Sent = { ok: true } | ({ ok: false } & Refusal);

/** Who writes. */
export type Writer = {
  accountId: Id<'account'>;
  name: string;
  /** Where answers go. */
  mailboxId: Id<'mailbox'>;
  /** Whether they have a role at the conference. */
  participates: boolean;
  /** Where they write from, as limits count it; null: not on the web. */
  network: string | null;
};

/** Stores a new thread, its first message and one letter for each recipient. */
export async function beginThread(
  trx: Write,
  ctx: DomainContext,
  conference: Host,
  paper: MessagePaper,
  writer: Writer,
  input: MessageInput,
): Promise<Sent> {
  if (await isRepeated(trx, writer.accountId, input.key)) return { ok: true };
  const end = lettersEnd(conference);
  if (end && ctx.clock.now() >= end) return { ok: false, reason: 'ended' };
  if (await isSuspended(trx, conference.id, writer.mailboxId)) return { ok: false, reason: 'suspended' };
  if (ownLinks(ctx.config).held(`${input.subject}\n${input.body}`)) return { ok: false, reason: 'link' };
  const authors = (await recipientsOf(trx, paper, writer)).recipients.filter(
    (author) => input.to.includes(author.id) && author.mailboxId !== writer.mailboxId,
  );
  // What is not sent to an address must not count there: nobody is to learn what else comes to an address that they have
  // guessed into a byline, nor to use up what its owner takes in a day.
  const readers = authors.map((author) => (author.consent === 'waiting' ? author.id : author.mailboxId));
  const retryAt = await countMessage(trx, ctx, conference, { ...writer, key: writer.accountId }, readers);
  if (retryAt) return { ok: false, reason: 'limit', retryAt };
  if (authors.length === 0) return { ok: true };

  const thread = { id: newId<'thread'>(), subject: input.subject, submissionId: paper.submissionId, paper };
  const correspondent = newParticipant('correspondent', writer.name, writer.mailboxId, 'given');
  // Two lines that are one person's are one participant; a line that waits is nobody's yet.
  const byPerson = new Map(authors.map((author) => [`${author.consent === 'waiting'} ${author.mailboxId}`, author]));
  const recipients = [...byPerson.values()].map(({ id, name, mailboxId, consent }) => ({
    ...newParticipant('author', name, mailboxId, consent),
    authorId: id,
  }));
  await trx
    .insertInto('threads')
    .values({
      id: thread.id,
      conference_id: conference.id,
      submission_id: paper.submissionId,
      version_id: paper.versionId,
      subject: input.subject,
      words: threadWords({
        subject: input.subject,
        ...paper,
        names: [writer.name, ...recipients.map(({ name }) => name)],
      }),
      closed_at: null,
      created_at: instant(ctx.clock.now()),
    })
    .execute();
  await trx
    .insertInto('participants')
    .values(
      [{ ...correspondent, authorId: null }, ...recipients].map((participant) => ({
        id: participant.id,
        thread_id: thread.id,
        role: participant.role,
        author_id: participant.authorId,
        mailbox_id: participant.mailboxId,
        name: participant.name,
        consent: participant.consent,
        muted_at: null,
        left_at: null,
        latest_id: null,
        read_id: null,
      })),
    )
    .execute();
  const first = {
    thread,
    participants: [correspondent, ...recipients],
    writer: correspondent,
    keyOf: writer.accountId,
    key: input.key,
    body: input.body,
    discloses: input.consent ?? false,
    first: true,
  };
  const messageId = await post(trx, ctx, conference, first);
  const asked = recipients.filter((recipient) => recipient.consent === 'asked');
  await askLetters(trx, ctx, conference, { ...first, messageId, first: true }, asked);
  return { ok: true };
}

function newParticipant(
  role: Participant['role'],
  name: string,
  mailboxId: Id<'mailbox'>,
  consent: Participant['consent'],
): Participant {
  return { id: newId(), role, name, mailboxId, consent, mutedAt: null, leftAt: null };
}

export interface Post {
  thread: Omit<OpenThread, 'closedAt'>;
  participants: Participant[];
  writer: Participant;
  /** Whose the key is: the account, or the mailbox of who answers by mail and has none. */
  keyOf: Id<'account'> | Id<'mailbox'>;
  key: string;
  body: string;
  /** Whether it begins the conversation. */
  first?: boolean;
  /** What of the mail that it came by was left out, for its writer alone. */
  leftOut?: string;
  /** Whether the writer has agreed that the words give an address away. */
  discloses: boolean;
}

export interface PostedAnswer extends Post {
  thread: OpenThread;
  /** Where it was written; null: by mail. */
  network: string | null;
}

/** Why this participant cannot write in a thread now; null: they can. */
export async function obstacleTo(
  db: Database,
  ctx: DomainContext,
  conference: Host,
  thread: Pick<OpenThread, 'closedAt'> & { participants: Participant[] },
  writer: Participant,
): Promise<Obstacle | null> {
  if (await isSuspended(db, conference.id, writer.mailboxId)) return 'suspended';
  const others = othersOf({ ...thread, writer });
  return obstacle(thread, lettersEnd(conference), writer, others, ctx.clock.now());
}

/** An answer within a thread, if nothing stands against it: the rules of its people, and the limits. */
export async function postAnswer(
  trx: Write,
  ctx: DomainContext,
  conference: Host,
  answer: PostedAnswer,
): Promise<Sent> {
  const { thread, participants, writer } = answer;
  const reason = await obstacleTo(trx, ctx, conference, { ...thread, participants }, writer);
  if (reason) return { ok: false, reason };
  if (ownLinks(ctx.config).held(answer.body)) return { ok: false, reason: 'link' };
  const readers = othersOf(answer).filter((other) => !other.leftAt && other.consent === 'given');
  const retryAt = await countMessage(
    trx,
    ctx,
    conference,
    { key: answer.keyOf, network: answer.network },
    readers.map((reader) => reader.mailboxId),
  );
  if (retryAt) return { ok: false, reason: 'limit', retryAt };
  await post(trx, ctx, conference, answer);
  return { ok: true };
}

/** Counts a message everywhere where there is a limit; when it can be tried again, where one is reached. */
async function countMessage(
  trx: Write,
  ctx: DomainContext,
  conference: Pick<Host, 'id'>,
  writer: { key: string; network: string | null },
  readers: (Id<'mailbox'> | Id<'author'>)[],
): Promise<Date | null> {
  let retryAt = await countAttempt(trx, ctx, 'message', writer.key);
  if (writer.network) retryAt ??= await countAttempt(trx, ctx, 'messageFrom', writer.network);
  for (const reader of readers) retryAt ??= await countAttempt(trx, ctx, 'messageTo', reader);
  retryAt ??= await countAttempt(trx, ctx, 'messageAt', conference.id);
  return retryAt ?? (await countAttempt(trx, ctx, 'messageAnywhere', ''));
}

/** Stores a message and writes to everyone else who takes part and has not been asked first. */
async function post(trx: Write, ctx: DomainContext, conference: Host, post: Post): Promise<Id<'message'>> {
  const messageId = newId<'message'>();
  await trx
    .insertInto('messages')
    .values({
      id: messageId,
      thread_id: post.thread.id,
      participant_id: post.writer.id,
      body: post.body,
      left_out: post.leftOut ?? '',
      discloses: post.discloses ? 1 : 0,
      idempotency_key: idempotencyKey(post.keyOf, post.key),
      created_at: instant(ctx.clock.now()),
    })
    .execute();
  const others = othersOf(post).filter((other) => !other.leftAt && other.consent !== 'declined');
  await noteLatest(trx, messageId, post.writer, others);
  await relayLetters(
    trx,
    ctx,
    conference,
    { ...post, messageId, first: post.first ?? false },
    others.filter((other) => other.consent === 'given'),
  );
  return messageId;
}

/** It is new to everyone else but to who has blocked its writer: there it is not at all, and nobody is told so. */
async function noteLatest(
  trx: Write,
  messageId: Id<'message'>,
  writer: Participant,
  others: Participant[],
): Promise<void> {
  const mailboxIds = others.map((other) => other.mailboxId);
  const blocking = new Set((await blockedPairs(trx, mailboxIds, [writer.mailboxId])).map(({ reader }) => reader));
  const readers = others.filter((other) => !blocking.has(other.mailboxId)).map((other) => other.id);
  await trx
    .updateTable('participants')
    .set({ latest_id: messageId })
    .where('id', 'in', [writer.id, ...readers])
    .execute();
  await trx.updateTable('participants').set({ read_id: messageId }).where('id', '=', writer.id).execute();
}

function othersOf({ participants, writer }: Pick<Post, 'participants' | 'writer'>): Participant[] {
  return participants.filter((participant) => participant.id !== writer.id);
}

function idempotencyKey(keyOf: string, key: string): string {
  return `${keyOf}:${key}`;
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

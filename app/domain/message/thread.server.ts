import { instant, newId } from '#db/ids';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { threadWords } from '#db/search/threads';
import type { Write } from '#db/write';
import { type Blocks, blocksBetween } from '../account/blocks.server';
import { isSuspended } from '../account/suspensions.server';
import type { DomainContext } from '../context';
import { ownLinks } from '../mail/own-links';
import { countAnswer, countFirstMessage, isAnswered, silentReader, type TooMany } from './counting.server';
import { askLetters, relayLetters } from './letters.server';
import { lettersEnd, type Obstacle, obstacle } from './policy';
import type { Host, OpenThread, Participant } from './queries.server';
import { type Recipient, recipientsOf } from './recipients.server';
import type { MessageInput } from './schema';

/** The published paper that a message is about. */
export interface MessagePaper {
  submissionId: Id<'submission'>;
  versionId: Id<'version'>;
  ref: string;
  title: string;
}

export type Refusal =
  | TooMany
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
  const chosen = (await recipientsOf(trx, paper, writer)).recipients.filter(
    (author) => input.to.includes(author.id) && author.mailboxId !== writer.mailboxId,
  );
  const blocks = await blocksWith(trx, writer, chosen);
  const stands = (author: Recipient) => author.consent === 'waiting' || !blocks.blocked.has(author.mailboxId);
  const authors = chosen.filter(stands);
  if (authors.length === 0 && chosen.length > 0) return { ok: false, reason: 'blocked' };
  const readers = authors.map((author) => ({ ...author, authorId: author.id }));
  const name = await silentReader(trx, writer, readers);
  if (name !== null) return { ok: false, reason: 'unanswered', name };
  const tooMany = await countFirstMessage(trx, ctx, conference, { ...writer, key: writer.accountId }, readers, blocks);
  if (tooMany) return { ok: false, ...tooMany };
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
  const messageId = await post(trx, ctx, conference, first, blocks);
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
  /** `blocked`: whom the writer has blocked, where that is known. */
  thread: Pick<OpenThread, 'closedAt'> & { participants: Participant[]; blocked?: Id<'participant'>[] },
  writer: Participant,
): Promise<Obstacle | null> {
  if (await isSuspended(db, conference.id, writer.mailboxId)) return 'suspended';
  const others = othersOf({ ...thread, writer });
  const blocked = thread.blocked ?? blockedIn(others, await blocksWith(db, writer, others));
  const reached = others.map((other) => ({ ...other, blocked: blocked.includes(other.id) }));
  return obstacle(thread, lettersEnd(conference), writer, reached, ctx.clock.now());
}

/** An answer within a thread, if nothing stands against it: the rules of its people, and the limits. */
export async function postAnswer(
  trx: Write,
  ctx: DomainContext,
  conference: Host,
  answer: PostedAnswer,
): Promise<Sent> {
  const { thread, participants, writer } = answer;
  const others = othersOf(answer);
  const blocks = await blocksWith(trx, writer, others);
  const blocked = blockedIn(others, blocks);
  const reason = await obstacleTo(trx, ctx, conference, { ...thread, participants, blocked }, writer);
  if (reason) return { ok: false, reason };
  if (ownLinks(ctx.config).held(answer.body)) return { ok: false, reason: 'link' };
  const counted = { key: answer.keyOf, mailboxId: writer.mailboxId, network: answer.network };
  const readers = others.filter(
    (other) => !other.leftAt && other.consent === 'given' && !blocks.blocked.has(other.mailboxId),
  );
  const tooMany = (await isAnswered(trx, thread.id, writer.id))
    ? await countAnswer(trx, ctx, counted)
    : await countFirstMessage(trx, ctx, conference, counted, readers, blocks);
  if (tooMany) return { ok: false, ...tooMany };
  await post(trx, ctx, conference, answer, blocks);
  return { ok: true };
}

/** Stores a message and writes to everyone else who takes part and has not been asked first. */
async function post(
  trx: Write,
  ctx: DomainContext,
  conference: Host,
  post: Post,
  { blocked, blockers }: Blocks,
): Promise<Id<'message'>> {
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
  const others = othersOf(post).filter(
    (other) => !other.leftAt && other.consent !== 'declined' && !blocked.has(other.mailboxId),
  );
  const reached = others.filter((other) => !blockers.has(other.mailboxId));
  await noteLatest(trx, messageId, post.writer, reached);
  // What a block of its reader stops is stopped as it is about to go, so that nobody sees the block by it.
  const readers = others.filter((other) => other.consent === 'given');
  await relayLetters(trx, ctx, conference, { ...post, messageId, first: post.first ?? false }, readers);
  return messageId;
}

/** It is new to those whom it reaches: where a block stands between them it is not there at all, and nobody is told so. */
async function noteLatest(
  trx: Write,
  messageId: Id<'message'>,
  writer: Participant,
  reached: Participant[],
): Promise<void> {
  const readers = reached.map((other) => other.id);
  await trx
    .updateTable('participants')
    .set({ latest_id: messageId })
    .where('id', 'in', [writer.id, ...readers])
    .execute();
  await trx.updateTable('participants').set({ read_id: messageId }).where('id', '=', writer.id).execute();
}

function blocksWith(
  db: Database,
  writer: { mailboxId: Id<'mailbox'> },
  others: readonly { mailboxId: Id<'mailbox'> }[],
): Promise<Blocks> {
  const mailboxIds = others.map((other) => other.mailboxId);
  return blocksBetween(db, [writer.mailboxId], mailboxIds);
}

function blockedIn(others: readonly Participant[], { blocked }: Blocks): Id<'participant'>[] {
  return others.filter(({ mailboxId }) => blocked.has(mailboxId)).map(({ id }) => id);
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

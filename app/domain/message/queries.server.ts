import type { Database } from '#db/open';
import type { Id, Instant, OutboxState } from '#db/schema';
import { refusingLetters } from '../account/mailboxes.server';
import type { Viewer } from '../account/viewer';
import { deliveriesOf } from '../mail/outbox.server';
import { authorsOf, type BylineAuthor } from '../submission/queries.server';

export interface ContactableAuthor {
  id: Id<'author'>;
  name: string;
}

/** The authors of a published version who can be written to. Whether an address is verified makes no difference. */
export async function contactableAuthors(
  db: Database,
  versionId: Id<'version'>,
): Promise<(ContactableAuthor & { mailboxId: Id<'mailbox'> })[]> {
  const authors = (await authorsOf(db, versionId)).filter(hasMailbox).filter((author) => author.contactable);
  const refusing = await refusingLetters(
    db,
    authors.map((author) => author.mailboxId),
  );
  return authors
    .filter((author) => !refusing.has(author.mailboxId))
    .map(({ id, name, mailboxId }) => ({ id, name, mailboxId }));
}

function hasMailbox(author: BylineAuthor): author is BylineAuthor & { mailboxId: Id<'mailbox'> } {
  return author.mailboxId !== null;
}

export interface ThreadLine {
  id: Id<'thread'>;
  subject: string;
  ref: string;
  title: string;
  createdAt: Instant;
}

/** The threads that a person takes part in at one conference, newest first. */
export async function threadsOf(
  db: Database,
  conferenceId: Id<'conference'>,
  viewer: Viewer,
  limit = 200,
): Promise<ThreadLine[]> {
  if (viewer.mailboxIds.length === 0) return [];
  return db
    .selectFrom('threads')
    .innerJoin('submissions', 'submissions.id', 'threads.submission_id')
    .innerJoin('submission_versions', 'submission_versions.id', 'submissions.current_version_id')
    .select([
      'threads.id',
      'threads.subject',
      'submissions.ref',
      'submission_versions.title',
      'threads.created_at as createdAt',
    ])
    .where('threads.conference_id', '=', conferenceId)
    .where('threads.id', 'in', (eb) =>
      eb.selectFrom('participants').select('thread_id').where('mailbox_id', 'in', viewer.mailboxIds),
    )
    .orderBy('threads.created_at', 'desc')
    .limit(limit)
    .execute();
}

/** What a writer may know of a letter's way. */
export type DeliveryState = 'queued' | 'handed' | 'failed';

export interface ThreadMessage {
  id: Id<'message'>;
  writer: string;
  own: boolean;
  body: string;
  createdAt: Instant;
  /** Present on the viewer's own messages. */
  deliveries: { name: string; state: DeliveryState }[];
}

export interface Thread {
  id: Id<'thread'>;
  subject: string;
  paper: { ref: string; title: string; published: boolean };
  submissionId: Id<'submission'>;
  /** Everyone else in it, by name. */
  others: string[];
  messages: ThreadMessage[];
}

/** A thread as one of its participants sees it; null for everybody else. */
export async function threadById(
  db: Database,
  conferenceId: Id<'conference'>,
  id: string,
  viewer: Viewer,
): Promise<Thread | null> {
  const thread = await db
    .selectFrom('threads')
    .innerJoin('submissions', 'submissions.id', 'threads.submission_id')
    .innerJoin('submission_versions', 'submission_versions.id', 'submissions.current_version_id')
    .leftJoin('papers', 'papers.submission_id', 'submissions.id')
    .select([
      'threads.id',
      'threads.subject',
      'threads.submission_id as submissionId',
      'submissions.ref',
      'submission_versions.title',
      'papers.submission_id as paperId',
    ])
    .where('threads.conference_id', '=', conferenceId)
    .where('threads.id', '=', id as Id<'thread'>)
    .executeTakeFirst();
  if (!thread) return null;
  const participants = await participantsOf(db, thread.id);
  const own = participants.filter((participant) => viewer.mailboxIds.includes(participant.mailboxId));
  if (own.length === 0) return null;
  return {
    id: thread.id,
    subject: thread.subject,
    submissionId: thread.submissionId,
    paper: { ref: thread.ref, title: thread.title, published: thread.paperId !== null },
    others: participants.filter((participant) => !own.includes(participant)).map((participant) => participant.name),
    messages: await messagesOf(db, thread.id, participants, new Set(own.map((participant) => participant.id))),
  };
}

export interface Participant {
  id: Id<'participant'>;
  role: 'author' | 'correspondent';
  name: string;
  mailboxId: Id<'mailbox'>;
}

export async function participantsOf(db: Database, threadId: Id<'thread'>): Promise<Participant[]> {
  return db
    .selectFrom('participants')
    .select(['id', 'role', 'name', 'mailbox_id as mailboxId'])
    .where('thread_id', '=', threadId)
    .orderBy('id')
    .execute();
}

/** Authors with messages that wait because nobody has shown the address to be theirs: what organisers are told. */
export async function waitingForAuthors(
  db: Database,
  conferenceId: Id<'conference'>,
  limit = 100,
): Promise<{ ref: string; author: string; waiting: number }[]> {
  const rows = await db
    .selectFrom('outbox')
    .innerJoin('messages', 'messages.id', 'outbox.message_id')
    .innerJoin('threads', 'threads.id', 'messages.thread_id')
    .innerJoin('submissions', 'submissions.id', 'threads.submission_id')
    .innerJoin('participants', (join) =>
      join
        .onRef('participants.thread_id', '=', 'threads.id')
        .onRef('participants.mailbox_id', '=', 'outbox.mailbox_id'),
    )
    .select((eb) => ['submissions.ref', 'participants.name as author', eb.fn.countAll<number>().as('waiting')])
    .where('outbox.state', '=', 'held')
    .where('threads.conference_id', '=', conferenceId)
    .groupBy(['submissions.ref', 'participants.name'])
    .orderBy('submissions.ref')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, waiting: Number(row.waiting) }));
}

/** Of a longer thread the end is shown: what was answered last must be on the page. */
const MOST_MESSAGES = 200;

async function messagesOf(
  db: Database,
  threadId: Id<'thread'>,
  participants: Participant[],
  own: Set<Id<'participant'>>,
): Promise<ThreadMessage[]> {
  const rows = await db
    .selectFrom('messages')
    .select(['id', 'participant_id as participantId', 'body', 'created_at as createdAt'])
    .where('thread_id', '=', threadId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MOST_MESSAGES)
    .execute();
  rows.reverse();
  const deliveries = await deliveriesOf(
    db,
    rows.filter((row) => own.has(row.participantId)).map((row) => row.id),
  );
  const names = new Map(participants.map((participant) => [participant.mailboxId, participant.name]));
  return rows.map((row) => ({
    id: row.id,
    writer: participants.find((participant) => participant.id === row.participantId)?.name ?? '',
    own: own.has(row.participantId),
    body: row.body,
    createdAt: row.createdAt,
    deliveries: deliveries
      .filter((delivery) => delivery.messageId === row.id)
      .map((delivery) => ({ name: names.get(delivery.mailboxId) ?? '', state: deliveryState(delivery.state) })),
  }));
}

/** `held` looks like `queued`: whether an author's address is verified is not the writer's to know. */
function deliveryState(state: OutboxState): DeliveryState {
  if (state === 'sent' || state === 'unknown') return 'handed';
  return state === 'failed' || state === 'cancelled' ? 'failed' : 'queued';
}

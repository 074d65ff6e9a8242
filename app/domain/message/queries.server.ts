import type { Database } from '#db/open';
import type { Id, Instant } from '#db/schema';
import { foldWords } from '#db/search/words';
import { blockedBy } from '../account/blocks.server';
import { suppressedMailboxes } from '../account/mailboxes.server';
import type { Viewer } from '../account/viewer';
import type { Conference } from '../conference/queries.server';
import { type Delivery, deliveriesOf, UNWANTED } from '../mail/outbox.server';

/** What of a conference the relay needs to know. */
export type Host = Pick<Conference, 'id' | 'slug' | 'name' | 'endsOn' | 'lettersWeeks' | 'timeZone'>;

export interface ThreadLine {
  id: Id<'thread'>;
  subject: string;
  ref: string;
  title: string;
  /** Everyone else in it, by name. */
  others: string[];
  /** How the newest message begins, and by whom it is. */
  latest: { writer: string; own: boolean; beginning: string; createdAt: Instant };
  unread: boolean;
}

/**
 * The threads that a person takes part in at one conference: what they have not read first, then the newest.
 * `search`: words of the subject, the paper or the people. `before`: where the page before ended.
 */
export async function threadsOf(
  db: Database,
  conferenceId: Id<'conference'>,
  viewer: Viewer,
  options: { search?: string; before?: string; limit?: number } = {},
): Promise<{ threads: ThreadLine[]; next: string | null }> {
  if (viewer.mailboxIds.length === 0) return { threads: [], next: null };
  const { limit = 30 } = options;
  let query = db
    .selectFrom('participants')
    .innerJoin('threads', 'threads.id', 'participants.thread_id')
    .innerJoin('submissions', 'submissions.id', 'threads.submission_id')
    .innerJoin('submission_versions', 'submission_versions.id', 'submissions.current_version_id')
    .innerJoin('messages', 'messages.id', 'participants.latest_id')
    .innerJoin('participants as writer', 'writer.id', 'messages.participant_id')
    .select([
      'threads.id',
      'threads.subject',
      'submissions.ref',
      'submission_versions.title',
      'messages.id as latestId',
      'messages.body',
      'messages.created_at as createdAt',
      'writer.name as writer',
      'writer.mailbox_id as writerMailboxId',
    ])
    .select((eb) =>
      eb
        .case()
        .when(eb.fn.coalesce('participants.read_id', eb.val('')), '<', eb.ref('participants.latest_id'))
        .then(1)
        .else(0)
        .end()
        .as('unread'),
    )
    .where('participants.mailbox_id', 'in', viewer.mailboxIds)
    .where('participants.consent', '!=', 'declined')
    .where('participants.left_at', 'is', null)
    .where('threads.conference_id', '=', conferenceId);
  for (const word of foldWords(options.search ?? '')
    .split(' ')
    .filter(Boolean)
    .slice(0, 10))
    query = query.where('threads.words', 'like', `%${word}%`);
  const lines = await db
    .selectFrom(query.as('line'))
    .selectAll()
    .$if(options.before !== undefined, (qb) => {
      const [unread = '', latestId = ''] = (options.before ?? '').split('.');
      return qb.where((eb) =>
        eb.or([
          eb('unread', '<', Number(unread) || 0),
          eb.and([eb('unread', '=', Number(unread) || 0), eb('latestId', '<', latestId as Id<'message'>)]),
        ]),
      );
    })
    .orderBy('unread', 'desc')
    .orderBy('latestId', 'desc')
    .limit(limit + 1)
    .execute();
  const shown = lines.slice(0, limit);
  const others = await othersIn(
    db,
    shown.map((line) => line.id),
    viewer,
  );
  const last = shown.at(-1);
  return {
    threads: shown.map((line) => ({
      id: line.id,
      subject: line.subject,
      ref: line.ref,
      title: line.title,
      others: others.get(line.id) ?? [],
      latest: {
        writer: line.writer,
        own: viewer.mailboxIds.includes(line.writerMailboxId),
        beginning: line.body.slice(0, 140),
        createdAt: line.createdAt,
      },
      unread: line.unread === 1,
    })),
    next: lines.length > limit && last ? `${last.unread}.${last.latestId}` : null,
  };
}

async function othersIn(db: Database, threadIds: Id<'thread'>[], viewer: Viewer): Promise<Map<string, string[]>> {
  if (threadIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('participants')
    .select(['thread_id', 'name'])
    .where('thread_id', 'in', threadIds)
    .where('mailbox_id', 'not in', viewer.mailboxIds)
    .orderBy('id')
    .execute();
  const names = new Map<string, string[]>();
  for (const row of rows) names.set(row.thread_id, [...(names.get(row.thread_id) ?? []), row.name]);
  return names;
}

/** How many threads hold something new for that person. */
export async function unreadThreads(db: Database, conferenceId: Id<'conference'>, viewer: Viewer): Promise<number> {
  if (viewer.mailboxIds.length === 0) return 0;
  const row = await db
    .selectFrom('participants')
    .innerJoin('threads', 'threads.id', 'participants.thread_id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('participants.mailbox_id', 'in', viewer.mailboxIds)
    .where('threads.conference_id', '=', conferenceId)
    .where('participants.consent', '!=', 'declined')
    .where('participants.left_at', 'is', null)
    .where((eb) => eb(eb.fn.coalesce('participants.read_id', eb.val('')), '<', eb.ref('participants.latest_id')))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** The newest message of each of these threads. */
export async function latestIn(
  db: Database,
  threadIds: Id<'thread'>[],
): Promise<{ threadId: Id<'thread'>; latest: Id<'message'> }[]> {
  if (threadIds.length === 0) return [];
  const rows = await db
    .selectFrom('participants')
    .select((eb) => ['thread_id as threadId', eb.fn.max('latest_id').as('latest')])
    .where('thread_id', 'in', threadIds)
    .where('latest_id', 'is not', null)
    .groupBy('thread_id')
    .execute();
  return rows.map(({ threadId, latest }) => ({ threadId, latest: latest! }));
}

/**
 * What a writer may know of a letter's way. Whether an author's address is verified, and whether somebody wants to hear
 * nothing of them, is not theirs to know: there a letter looks queued, or handed on. `asked`: it waits for a yes.
 */
export type DeliveryState = 'queued' | 'handed' | 'failed' | 'asked';

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
  closedAt: Instant | null;
  participants: Participant[];
  /** The viewer's own part in it. */
  own: Participant;
  /** Those of the others whom the viewer has blocked: what they write is not shown. */
  blocked: Id<'participant'>[];
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
      'threads.closed_at as closedAt',
      'submissions.ref',
      'submission_versions.title',
      'papers.submission_id as paperId',
    ])
    .where('threads.conference_id', '=', conferenceId)
    .where('threads.id', '=', id as Id<'thread'>)
    .executeTakeFirst();
  if (!thread) return null;
  const participants = await participantsOf(db, thread.id);
  const own = participants.find((participant) => viewer.mailboxIds.includes(participant.mailboxId));
  if (!own) return null;
  const others = participants.filter((participant) => !viewer.mailboxIds.includes(participant.mailboxId));
  const blockedMailboxes = await blockedBy(
    db,
    viewer.mailboxIds,
    others.map((other) => other.mailboxId),
  );
  const blocked = others.filter((other) => blockedMailboxes.has(other.mailboxId)).map((other) => other.id);
  const { ref, title, paperId, ...rest } = thread;
  return {
    ...rest,
    paper: { ref, title, published: paperId !== null },
    participants,
    own,
    blocked,
    messages: await messagesOf(db, thread.id, participants, { viewer, blocked, until: own.leftAt }),
  };
}

/** A thread as those who write in it need it. */
export interface OpenThread {
  id: Id<'thread'>;
  subject: string;
  submissionId: Id<'submission'>;
  closedAt: string | null;
  paper: { ref: string; title: string };
}

/** The thread of a participant, with everyone in it, whether they are still there or not. */
export async function threadOf(
  db: Database,
  participantId: Id<'participant'>,
): Promise<OpenThread & { conference: Host; participants: Participant[] }> {
  const row = await db
    .selectFrom('participants')
    .innerJoin('threads', 'threads.id', 'participants.thread_id')
    .innerJoin('conferences', 'conferences.id', 'threads.conference_id')
    .innerJoin('submissions', 'submissions.id', 'threads.submission_id')
    .innerJoin('submission_versions', 'submission_versions.id', 'submissions.current_version_id')
    .select([
      'threads.id',
      'threads.subject',
      'threads.submission_id as submissionId',
      'threads.closed_at as closedAt',
      'submissions.ref',
      'submission_versions.title',
      'conferences.id as conferenceId',
      'conferences.slug',
      'conferences.name',
      'conferences.ends_on as endsOn',
      'conferences.letters_weeks as lettersWeeks',
      'conferences.time_zone as timeZone',
    ])
    .where('participants.id', '=', participantId)
    .executeTakeFirstOrThrow();
  const { id, subject, submissionId, closedAt, ref, title, conferenceId, ...conference } = row;
  return {
    id,
    subject,
    submissionId,
    closedAt,
    paper: { ref, title },
    conference: { id: conferenceId, ...conference },
    participants: await participantsOf(db, id),
  };
}

export interface Participant {
  id: Id<'participant'>;
  role: 'author' | 'correspondent';
  name: string;
  mailboxId: Id<'mailbox'>;
  consent: 'given' | 'asked' | 'declined';
  mutedAt: Instant | null;
  leftAt: Instant | null;
}

export async function participantsOf(db: Database, threadId: Id<'thread'>): Promise<Participant[]> {
  return db
    .selectFrom('participants')
    .select(['id', 'role', 'name', 'mailbox_id as mailboxId', 'consent', 'muted_at as mutedAt', 'left_at as leftAt'])
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

/** Authors to whom no mail goes any more, because it failed or was called spam: what organisers are told of it. */
export async function unreachableAuthors(
  db: Database,
  conferenceId: Id<'conference'>,
  limit = 100,
): Promise<{ ref: string; author: string }[]> {
  return db
    .selectFrom('submissions')
    .innerJoin('version_authors', 'version_authors.version_id', 'submissions.current_version_id')
    .select(['submissions.ref', 'version_authors.name as author'])
    .where('submissions.conference_id', '=', conferenceId)
    .where('version_authors.mailbox_id', 'in', suppressedMailboxes(db))
    .orderBy('submissions.seq')
    .limit(limit)
    .execute();
}

/** Of a longer thread the end is shown: what was answered last must be on the page. */
const MOST_MESSAGES = 200;

async function messagesOf(
  db: Database,
  threadId: Id<'thread'>,
  participants: Participant[],
  seen: { viewer: Viewer; blocked: Id<'participant'>[]; until: Instant | null },
): Promise<ThreadMessage[]> {
  let query = db
    .selectFrom('messages')
    .select(['id', 'participant_id as participantId', 'body', 'created_at as createdAt'])
    .where('thread_id', '=', threadId);
  if (seen.blocked.length > 0) query = query.where('participant_id', 'not in', seen.blocked);
  if (seen.until) query = query.where('created_at', '<=', seen.until);
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(MOST_MESSAGES).execute();
  rows.reverse();
  const people = new Map(participants.map((participant) => [participant.id, participant]));
  const isOwn = (id: Id<'participant'>) => seen.viewer.mailboxIds.includes(people.get(id)!.mailboxId);
  const deliveries = await deliveriesOf(
    db,
    rows.filter((row) => isOwn(row.participantId)).map((row) => row.id),
  );
  const readers = new Map(participants.map((participant) => [participant.mailboxId, participant]));
  return rows.map((row) => ({
    id: row.id,
    writer: people.get(row.participantId)?.name ?? '',
    own: isOwn(row.participantId),
    body: row.body,
    createdAt: row.createdAt,
    deliveries: deliveries
      .filter((delivery) => delivery.messageId === row.id)
      .map((delivery) => {
        const reader = readers.get(delivery.mailboxId);
        return { name: reader?.name ?? '', state: deliveryState(delivery, reader) };
      }),
  }));
}

function deliveryState({ state, code }: Delivery, reader: Participant | undefined): DeliveryState {
  if (reader && reader.consent !== 'given') return 'asked';
  if (state === 'sent' || state === 'unknown' || code === UNWANTED) return 'handed';
  return state === 'failed' || state === 'cancelled' ? 'failed' : 'queued';
}

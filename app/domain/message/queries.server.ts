import type { Database } from '#db/open';
import type { Id, Instant } from '#db/schema';
import { blocksBetween } from '../account/blocks.server';
import type { Viewer } from '../account/viewer';
import type { Conference } from '../conference/queries.server';
import { type Delivery, deliveriesOf, UNWANTED } from '../mail/outbox.server';
import type { Consent } from './policy';

/** What of a conference the relay needs to know. */
export type Host = Pick<Conference, 'id' | 'slug' | 'name' | 'endsOn' | 'lettersWeeks' | 'timeZone'>;

/**
 * What a writer may know of a letter's way. Whether somebody wants to hear nothing of them is not theirs to know: there a
 * letter looks queued, or handed on. `asked`: it waits for a yes; `waiting`: for the author to say that they are one.
 */
export type DeliveryState = 'queued' | 'handed' | 'failed' | 'asked' | 'waiting';

export interface ThreadMessage {
  id: Id<'message'>;
  writer: string;
  own: boolean;
  body: string;
  /** What of the mail that it came by was not passed on; for its writer alone. */
  leftOut: string;
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
  /** Those of the others whom the viewer has blocked. */
  blocked: Id<'participant'>[];
  messages: ThreadMessage[];
  /** What those have written, kept apart: their reader need not see it, and can report it. */
  folded: ThreadMessage[];
  /** Whether there are older messages than these. */
  older: boolean;
}

/** Of a longer thread the end is shown: what was answered last must be on the page. */
const MOST_MESSAGES = 200;

/** A thread as one of its participants sees it, with its newest messages; null for everybody else. */
export async function threadById(
  db: Database,
  conferenceId: Id<'conference'>,
  id: string,
  viewer: Viewer,
  most = MOST_MESSAGES,
): Promise<Thread | null> {
  const thread = await db
    .selectFrom('threads')
    .innerJoin('submissions', 'submissions.id', 'threads.submission_id')
    .innerJoin('submission_versions', 'submission_versions.id', 'threads.version_id')
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
  // Who has not said that the paper is theirs hears of nothing about it.
  const isOwn = ({ mailboxId, consent }: Participant) => viewer.mailboxIds.includes(mailboxId) && consent !== 'waiting';
  const own = participants.find(isOwn);
  if (!own) return null;
  const others = participants.filter((participant) => !viewer.mailboxIds.includes(participant.mailboxId));
  // Whoever has blocked the viewer goes on without them; what they wrote before stays, so that it tells nothing.
  const blocks = await blocksBetween(
    db,
    viewer.mailboxIds,
    others.map((other) => other.mailboxId),
  );
  const blocked = others.filter((other) => blocks.blocked.has(other.mailboxId)).map((other) => other.id);
  const silent = others.flatMap(({ id, mailboxId }) => {
    const since = blocks.blockers.get(mailboxId);
    return since ? { id, since } : [];
  });
  const { ref, title, paperId, ...rest } = thread;
  const seen = { viewer, silent, until: own.leftAt, most };
  return {
    ...rest,
    paper: { ref, title, published: paperId !== null },
    participants,
    own,
    blocked,
    ...(await messagesOf(db, thread.id, participants, { ...seen, not: blocked })),
    folded:
      blocked.length === 0 ? [] : (await messagesOf(db, thread.id, participants, { ...seen, only: blocked })).messages,
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
    .innerJoin('submission_versions', 'submission_versions.id', 'threads.version_id')
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
  consent: Consent;
  mutedAt: Instant | null;
  leftAt: Instant | null;
}

async function participantsOf(db: Database, threadId: Id<'thread'>): Promise<Participant[]> {
  return db
    .selectFrom('participants')
    .select(['id', 'role', 'name', 'mailbox_id as mailboxId', 'consent', 'muted_at as mutedAt', 'left_at as leftAt'])
    .where('thread_id', '=', threadId)
    .orderBy('id')
    .execute();
}

async function messagesOf(
  db: Database,
  threadId: Id<'thread'>,
  participants: Participant[],
  seen: {
    viewer: Viewer;
    /** Whose messages; or whose not. */
    only?: Id<'participant'>[];
    not?: Id<'participant'>[];
    silent: { id: Id<'participant'>; since: Instant }[];
    until: Instant | null;
    most: number;
  },
): Promise<Pick<Thread, 'messages' | 'older'>> {
  let query = db
    .selectFrom('messages')
    .select(['id', 'participant_id as participantId', 'body', 'left_out as leftOut', 'created_at as createdAt'])
    .where('thread_id', '=', threadId);
  if (seen.only) query = query.where('participant_id', 'in', seen.only);
  if (seen.not && seen.not.length > 0) query = query.where('participant_id', 'not in', seen.not);
  for (const { id, since } of seen.silent)
    query = query.where((eb) => eb.or([eb('participant_id', '!=', id), eb('created_at', '<=', since)]));
  if (seen.until) query = query.where('created_at', '<=', seen.until);
  const found = await query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(seen.most + 1)
    .execute();
  const rows = found.slice(0, seen.most).reverse();
  const people = new Map(participants.map((participant) => [participant.id, participant]));
  const isOwn = (id: Id<'participant'>) => seen.viewer.mailboxIds.includes(people.get(id)!.mailboxId);
  const deliveries = await deliveriesOf(
    db,
    rows.filter((row) => isOwn(row.participantId)).map((row) => row.id),
  );
  const waiting = participants
    .filter((participant) => participant.consent === 'waiting' && !participant.leftAt)
    .map(({ name }) => ({ name, state: 'waiting' as const }));
  const readers = new Map(
    participants
      .filter((participant) => participant.consent !== 'waiting')
      .map((participant) => [participant.mailboxId, participant]),
  );
  const messages = rows.map((row) => ({
    id: row.id,
    writer: people.get(row.participantId)?.name ?? '',
    own: isOwn(row.participantId),
    body: row.body,
    leftOut: isOwn(row.participantId) ? row.leftOut : '',
    createdAt: row.createdAt,
    deliveries: [
      ...deliveries
        .filter((delivery) => delivery.messageId === row.id)
        .map((delivery) => {
          const reader = readers.get(delivery.mailboxId);
          return { name: reader?.name ?? '', state: deliveryState(delivery, reader) };
        }),
      ...(isOwn(row.participantId) ? waiting : []),
    ],
  }));
  return { messages, older: found.length > rows.length };
}

function deliveryState({ state, code }: Delivery, reader: Participant | undefined): DeliveryState {
  if (reader && reader.consent !== 'given') return 'asked';
  if (state === 'sent' || state === 'unknown' || code === UNWANTED) return 'handed';
  return state === 'failed' || state === 'cancelled' ? 'failed' : 'queued';
}

import type { Database } from '#db/open';
import type { Id, Instant } from '#db/schema';
import { foldWords } from '#db/search/words';
import { isBlockedBy } from '../account/blocks.server';
import type { Viewer } from '../account/viewer';

export interface ThreadLine {
  id: Id<'thread'>;
  subject: string;
  ref: string;
  title: string;
  /** Everyone else in it, by name. */
  others: string[];
  /** How the newest message begins, and by whom it is; null: all there is was written by people whom one has blocked. */
  latest: { writer: string; own: boolean; beginning: string; createdAt: Instant } | null;
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
    .innerJoin('submission_versions', 'submission_versions.id', 'threads.version_id')
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
        .when(isBlockedBy(viewer.mailboxIds, 'writer.mailbox_id'))
        .then(0)
        .when(eb.fn.coalesce('participants.read_id', eb.val('')), '<', eb.ref('participants.latest_id'))
        .then(1)
        .else(0)
        .end()
        .as('unread'),
    )
    .select((eb) =>
      eb.case().when(isBlockedBy(viewer.mailboxIds, 'writer.mailbox_id')).then(1).else(0).end().as('isBlocked'),
    )
    .where('participants.mailbox_id', 'in', viewer.mailboxIds)
    .where('participants.consent', 'not in', ['declined', 'waiting'])
    .where('participants.left_at', 'is', null)
    .where('threads.conference_id', '=', conferenceId);
  const words = foldWords(options.search ?? '')
    .split(' ')
    .filter(Boolean);
  // Signs alone are in no conversation.
  if (options.search?.trim() && words.length === 0) return { threads: [], next: null };
  for (const word of words.slice(0, 10)) query = query.where('threads.words', 'like', `%${word}%`);
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
  // What somebody wrote before they were blocked may be the newest that there is.
  const before = await latestOfOthers(
    db,
    shown.filter((line) => line.isBlocked === 1),
    viewer,
  );
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
      latest: latestOf(line.isBlocked === 1 ? before.get(line.id) : line, viewer),
      unread: line.unread === 1,
    })),
    next: lines.length > limit && last ? `${last.unread}.${last.latestId}` : null,
  };
}

interface Written {
  writer: string;
  writerMailboxId: Id<'mailbox'>;
  body: string;
  createdAt: Instant;
}

function latestOf(written: Written | undefined, viewer: Viewer): ThreadLine['latest'] {
  if (!written) return null;
  const { writer, writerMailboxId, body, createdAt } = written;
  return { writer, own: viewer.mailboxIds.includes(writerMailboxId), beginning: body.slice(0, 140), createdAt };
}

/** The newest message in each of these threads whose writer this viewer has not blocked. */
async function latestOfOthers(
  db: Database,
  lines: readonly { id: Id<'thread'>; latestId: Id<'message'> }[],
  viewer: Viewer,
): Promise<Map<Id<'thread'>, Written>> {
  const found = new Map<Id<'thread'>, Written>();
  // As a rule there is none.
  for (const { id, latestId } of lines) {
    const written = await db
      .selectFrom('messages')
      .innerJoin('participants as writer', 'writer.id', 'messages.participant_id')
      .select(['writer.name as writer', 'writer.mailbox_id as writerMailboxId', 'body', 'created_at as createdAt'])
      .where('messages.thread_id', '=', id)
      .where('messages.id', '<', latestId)
      .where(({ not }) => not(isBlockedBy(viewer.mailboxIds, 'writer.mailbox_id')))
      .orderBy('messages.id', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (written) found.set(id, written);
  }
  return found;
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

/** The newest message that each of these participants may read: not what a block keeps from them. */
export async function latestFor(
  db: Database,
  participantIds: Id<'participant'>[],
): Promise<{ participantId: Id<'participant'>; latest: Id<'message'> }[]> {
  if (participantIds.length === 0) return [];
  const rows = await db
    .selectFrom('participants')
    .select(['id as participantId', 'latest_id as latest'])
    .where('id', 'in', participantIds)
    .where('latest_id', 'is not', null)
    .execute();
  return rows.map(({ participantId, latest }) => ({ participantId, latest: latest! }));
}

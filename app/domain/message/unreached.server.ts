import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { suppressedMailboxes } from '../account/suppression.server';

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

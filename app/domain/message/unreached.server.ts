import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { accountsWithoutMail, suppressedMailboxes } from '../account/suppression.server';

/** Authors with messages that wait because they have not said that the paper is theirs: what organisers are told. */
export async function waitingForAuthors(
  db: Database,
  conferenceId: Id<'conference'>,
  limit = 100,
): Promise<{ ref: string; author: string; waiting: number }[]> {
  const rows = await db
    .selectFrom('threads')
    .innerJoin('submissions', 'submissions.id', 'threads.submission_id')
    .innerJoin('participants', 'participants.thread_id', 'threads.id')
    .innerJoin('messages', 'messages.thread_id', 'threads.id')
    .select((eb) => ['submissions.ref', 'participants.name as author', eb.fn.countAll<number>().as('waiting')])
    .where('participants.consent', '=', 'waiting')
    .where('participants.left_at', 'is', null)
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
    .innerJoin('authors', 'authors.id', 'version_authors.author_id')
    .select(['submissions.ref', 'version_authors.name as author'])
    .where('submissions.conference_id', '=', conferenceId)
    .where('authors.state', '=', 'confirmed')
    .where((eb) =>
      eb.or([
        eb('authors.account_id', 'in', accountsWithoutMail(db)),
        eb.and([eb('authors.account_id', 'is', null), eb('authors.mailbox_id', 'in', suppressedMailboxes(db))]),
      ]),
    )
    .orderBy('submissions.seq')
    .limit(limit)
    .execute();
}

import { instant } from '#db/ids';
import { isPostgres } from '#db/open';
import type { Id } from '#db/schema';
import { indexPapers, POSITIONS, unindexPapers } from '#db/search/papers';
import { threadWords } from '#db/search/threads';
import type { Write } from '#db/write';
import { publicContentChanged } from '../conference/commands.server';
import type { DomainContext } from '../context';
import { bylines } from './byline/authors.server';
import { parseKeywords } from './queries.server';

/**
 * Publishes the current versions of accepted submissions: adds or renews their rows in `papers`, and the search index.
 * What is not accepted is passed over. Returns how many were published.
 */
export async function publishSubmissions(
  trx: Write,
  ctx: DomainContext,
  conference: { id: Id<'conference'>; number: number },
  ids: Id<'submission'>[],
): Promise<number> {
  if (ids.length === 0) return 0;
  const rows = await trx
    .selectFrom('submissions')
    .innerJoin('submission_versions', 'submission_versions.id', 'submissions.current_version_id')
    .select([
      'submissions.id',
      'ref',
      'seq',
      'submission_versions.id as versionId',
      'title',
      'abstract',
      'keywords',
      'format_id',
      'theme_id',
    ])
    .where('submissions.conference_id', '=', conference.id)
    .where('submissions.state', '=', 'accepted')
    .where('submissions.id', 'in', ids)
    // A withdrawal at the same moment waits, or is seen: never is a withdrawn paper public. (SQLite has one writer anyway.)
    .$if(isPostgres(trx), (query) => query.forUpdate('submissions'))
    .execute();
  if (rows.length === 0) return 0;
  const authors = await bylines(
    trx,
    rows.map((row) => row.versionId),
  );
  const position = (seq: number) => conference.number * POSITIONS + seq;
  await trx
    .insertInto('papers')
    .values(
      rows.map((row) => ({
        submission_id: row.id,
        conference_id: conference.id,
        version_id: row.versionId,
        position: position(row.seq),
        format_id: row.format_id,
        theme_id: row.theme_id,
        published_at: instant(ctx.clock.now()),
      })),
    )
    .onConflict((conflict) =>
      conflict.column('submission_id').doUpdateSet((eb) => ({
        version_id: eb.ref('excluded.version_id'),
        format_id: eb.ref('excluded.format_id'),
        theme_id: eb.ref('excluded.theme_id'),
      })),
    )
    .execute();
  await indexPapers(
    trx,
    rows.map((row) => ({
      position: position(row.seq),
      text: [
        row.ref,
        row.title,
        ...(authors.get(row.versionId) ?? []).flatMap((author) => [author.name, author.affiliation]),
        ...parseKeywords(row.keywords),
        row.abstract,
      ],
    })),
  );
  await renewThreads(trx, rows);
  await publicContentChanged(trx, conference.id);
  return rows.length;
}

/** Conversations about a paper that is published anew are about what it says now. */
async function renewThreads(
  trx: Write,
  papers: { id: Id<'submission'>; ref: string; versionId: Id<'version'>; title: string }[],
): Promise<void> {
  const published = new Map(papers.map((paper) => [paper.id, paper]));
  const threads = await trx
    .selectFrom('threads')
    .innerJoin('papers', 'papers.submission_id', 'threads.submission_id')
    .select(['threads.id', 'threads.submission_id as submissionId', 'threads.subject'])
    .where('threads.submission_id', 'in', [...published.keys()])
    .whereRef('threads.version_id', '!=', 'papers.version_id')
    .execute();
  for (const { id, submissionId, subject } of threads) {
    const { ref, versionId, title } = published.get(submissionId)!;
    const people = await trx
      .selectFrom('participants')
      .select('name')
      .where('thread_id', '=', id)
      .orderBy('id')
      .execute();
    const words = threadWords({ subject, ref, title, names: people.map(({ name }) => name) });
    await trx.updateTable('threads').set({ version_id: versionId, words }).where('id', '=', id).execute();
  }
}

/** Takes a paper out of the programme; nothing happens where it is not in it. */
export async function unpublishSubmission(
  trx: Write,
  conferenceId: Id<'conference'>,
  id: Id<'submission'>,
): Promise<void> {
  const gone = await trx.deleteFrom('papers').where('submission_id', '=', id).returning('position').executeTakeFirst();
  if (!gone) return;
  await unindexPapers(trx, [gone.position]);
  await publicContentChanged(trx, conferenceId);
}

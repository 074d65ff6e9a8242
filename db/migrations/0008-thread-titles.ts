import { type Kysely, sql } from 'kysely';

/**
 * A conversation is about a paper as it was published: its people read no title of a draft that came later. And who
 * withdrew a submission, so that nobody is told that they did it themselves.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  // SQLite adds no column that points to another table and must not be null.
  await db.schema
    .alterTable('threads')
    .addColumn('version_id', 'text', (c) => c.references('submission_versions.id'))
    .execute();
  // As it is published now; else what was newest as the conversation began, for then it was published.
  await sql`update threads set version_id = coalesce(
    (select papers.version_id from papers where papers.submission_id = threads.submission_id),
    (select v.id from submission_versions v where v.submission_id = threads.submission_id
      and v.saved_at <= threads.created_at order by v.number desc limit 1),
    (select v.id from submission_versions v where v.submission_id = threads.submission_id order by v.number limit 1)
  )`.execute(db);

  await db.schema
    .alterTable('submissions')
    .addColumn('withdrawn_by', 'text', (c) => c.references('accounts.id'))
    .execute();
  // Until now nobody but who had submitted it could; of an imported paper nobody knows.
  await sql`update submissions set withdrawn_by = entered_by_id where state = 'withdrawn'`.execute(db);
}

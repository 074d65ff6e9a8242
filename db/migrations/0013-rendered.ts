import { type Kysely, sql } from 'kysely';

/**
 * Markdown is made HTML as it is saved, and not for each reader. What was saved before is made so in batches, by the
 * housekeeping of the portal: a migration knows no Markdown.
 *
 * And who takes part in a thread is found by an index again: the one that 0010 has left is of some participants only.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('submission_versions').addColumn('html', 'text').execute();
  await sql`create index submission_versions_unrendered on submission_versions (id)
    where markup = 'markdown' and html is null`.execute(db);
  await db.schema
    .createIndex('participants_by_thread_id')
    .ifNotExists()
    .on('participants')
    .column('thread_id')
    .execute();
}

import type { Kysely } from 'kysely';

/** What a review was read from, so that one tab does not silently put an old text in place of another's. */
// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .alterTable('reviews')
    .addColumn('revision', 'integer', (c) => c.notNull().defaultTo(1))
    .execute();
}

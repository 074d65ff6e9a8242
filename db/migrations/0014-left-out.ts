import type { Kysely } from 'kysely';

/** Whatever is left out of a mail that its writer typed, its writer can see. */
// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  for (const table of ['messages', 'replies'])
    await db.schema
      .alterTable(table)
      .addColumn('left_out', 'text', (c) => c.notNull().defaultTo(''))
      .execute();
}

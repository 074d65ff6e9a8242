import type { Kysely } from 'kysely';

/** Whether a message's writer has agreed that its words give an address away. Those from before have been asked, too. */
// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  for (const table of ['messages', 'message_requests']) {
    await db.schema
      .alterTable(table)
      .addColumn('discloses', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.updateTable(table).set({ discloses: 1 }).execute();
  }
}

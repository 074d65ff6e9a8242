import { sql } from 'kysely';
import type { Database } from '#db/open';

/** All rows of all tables but those named, as text that can be searched and compared. */
export async function dump(db: Database, without: string[] = []): Promise<Record<string, string[]>> {
  const tables = await db.introspection.getTables();
  const found: Record<string, string[]> = {};
  for (const { name } of tables.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    // The index's own shadow tables are bytes.
    if (without.includes(name) || /^(kysely_|sqlite_|paper_search_)/.test(name)) continue;
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(db);
    found[name] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return found;
}

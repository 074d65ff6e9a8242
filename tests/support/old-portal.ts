import { Migrator } from 'kysely';
import { onTestFinished } from 'vitest';
import { migrations } from '#db/migrations/index';
import type { Database } from '#db/open';
import { type Engine, openTestDatabase } from './database';

/** A database as a portal of before had it, up to and with that migration, and a way to put rows into it. */
export async function openOldPortal(engine: Engine, last: string) {
  const { url, db, close } = await openTestDatabase(engine, { bare: true });
  onTestFinished(close);
  await migrateUntil(db, last);
  // biome-ignore lint/suspicious/noExplicitAny: rows as they were, not as today's types have them
  const insert = (table: string, row: object) => (db as any).insertInto(table).values(row).execute();
  return { url, db, insert };
}

async function migrateUntil(db: Database, last: string): Promise<void> {
  const until = Object.fromEntries(Object.entries(migrations).filter(([name]) => name <= last));
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => until } }).migrateToLatest();
  if (error) throw error;
}

export function day(n: number): string {
  return `2027-01-${String(n).padStart(2, '0')}T00:00:00.000Z`;
}

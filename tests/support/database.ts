import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from '#db/open';

export const engines = ['sqlite', 'postgres'] as const;
export type Engine = (typeof engines)[number];

export interface TestDatabase {
  db: Database;
  /** What another process or a second connection would open. */
  url: string;
  /** Closes it and removes every trace. */
  close(): Promise<void>;
}

/** A migrated, empty database of one's own; `bare`: without any table, for tests of migrations. */
export function openTestDatabase(engine: Engine, options: { bare?: boolean } = {}): Promise<TestDatabase> {
  return engine === 'sqlite' ? openSqlite(options) : openPostgres(options);
}

async function openSqlite({ bare }: { bare?: boolean }): Promise<TestDatabase> {
  const dir = await mkdtemp(join(tmpdir(), 'colloquy-test-'));
  const path = join(dir, 'colloquy.db');
  if (!bare) await copyFile(inject('sqliteTemplate'), path);
  const url = `file:${path}`;
  const db = openDatabase(url);
  return {
    db,
    url,
    async close() {
      await db.destroy();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function openPostgres({ bare }: { bare?: boolean }): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await maintain(`create database ${name}${bare ? '' : ` template ${inject('postgresTemplate')}`}`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  const db = openDatabase(url.href);
  return {
    db,
    url: url.href,
    async close() {
      await db.destroy();
      await maintain(`drop database if exists ${name} with (force)`);
    },
  };
}

async function maintain(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    for (let tried = 1; ; tried++) {
      try {
        await client.query(statement);
        return;
      } catch (error) {
        // Two clones of one template at once: "source database is being accessed by other users".
        if ((error as { code?: string }).code !== '55006' || tried === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20 * tried));
      }
    }
  } finally {
    await client.end();
  }
}

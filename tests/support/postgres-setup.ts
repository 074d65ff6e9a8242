import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '#db/migrate';
import { openDatabase } from '#db/open';
import { startPostgres } from './postgres';

declare module 'vitest' {
  interface ProvidedContext {
    /** The maintenance database of the test server. */
    postgresUrl: string;
    /** Name of a migrated, empty database to clone. */
    postgresTemplate: string;
    /** Path of a migrated, empty SQLite file to copy. */
    sqliteTemplate: string;
  }
}

const TEMPLATE = 'colloquy_template';

/** Once for a run: a PostgreSQL server and, for each engine, a migrated database that tests copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'colloquy-tests-'));
  const sqliteTemplate = join(dir, 'template.db');
  const server = await startPostgres();
  await server.createDatabase(TEMPLATE);
  for (const url of [`file:${sqliteTemplate}`, server.url(TEMPLATE)]) {
    const db = openDatabase(url);
    await migrate(db);
    await db.destroy();
  }
  project.provide('postgresUrl', server.url('postgres'));
  project.provide('postgresTemplate', TEMPLATE);
  project.provide('sqliteTemplate', sqliteTemplate);
  return async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
}

import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sql } from 'kysely';
import { newId } from '#db/ids';
import { pendingMigrations } from '#db/migrate';
import { type Database, isPostgres } from '#db/open';
import type { Config } from '~/config.server';
import type { Check } from './check';

const MB = 1_000_000;
const LITTLE_DISK = 500 * MB;
const NO_DISK = 50 * MB;

const HINTS: Record<string, string> = {
  ECONNREFUSED: 'No server listens there: is it running, and are host and port in DATABASE_URL right?',
  ENOTFOUND: 'The host in DATABASE_URL is not known.',
  ETIMEDOUT: 'The server does not answer: does a firewall keep this machine from it?',
  '28P01': 'The server does not take user and password in DATABASE_URL.',
  '28000': 'The server does not let this user in; see its pg_hba.conf.',
  '3D000': 'There is no such database: createdb makes one.',
  '42501': 'The user in DATABASE_URL may not write there.',
  '25006': 'The server only lets read: it is a standby.',
  '53100': 'The disk is full.',
  '5': 'Another program holds the file. If it is not the portal, end it.',
  '8': 'The file or its directory cannot be written by this user.',
  '10': 'The disk does not do what it must: look at the system’s log.',
  '13': 'The disk is full.',
  '14': 'The file or its directory cannot be opened by this user.',
  '26': 'That file is no SQLite database.',
};

export async function* databaseChecks(config: Config, db: Database | null, notOpened: unknown): AsyncGenerator<Check> {
  const check = (state: Check['state'], text: string, hint?: string): Check => ({
    state,
    name: 'database',
    text,
    hint,
  });
  const path = config.databaseUrl.startsWith('file:') ? config.databaseUrl.slice('file:'.length) : null;
  const name = path ?? serverOf(config.databaseUrl);
  if (notOpened) {
    yield check('fail', `${name}: ${plain(notOpened)}`, hintFor(notOpened));
    return;
  }
  if (!db) {
    yield check('warn', `${name} is not there yet`, 'npm start makes it, or: npm run colloquy -- migrate');
    if (path) yield* diskChecks(path);
    return;
  }
  try {
    const pending = await pendingMigrations(db);
    yield check('ok', `${name}, ${await engineOf(db)}`);
    if (pending.length > 0) {
      yield check(
        'fail',
        `${pending.length} migrations have not run: ${pending.join(', ')}`,
        'npm run colloquy -- migrate',
      );
    } else {
      await writeAndTakeBack(db);
      yield check('ok', 'can be written');
    }
  } catch (error) {
    yield check('fail', `${name}: ${plain(error)}`, hintFor(error));
  }
  if (path) yield* diskChecks(path);
}

async function engineOf(db: Database): Promise<string> {
  if (isPostgres(db)) {
    const { rows } = await sql<{ server_version: string }>`show server_version`.execute(db);
    return `PostgreSQL ${rows[0]?.server_version}`;
  }
  const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db);
  return `SQLite ${rows[0]?.version}`;
}

class TakenBack extends Error {}

async function writeAndTakeBack(db: Database): Promise<void> {
  try {
    await db.transaction().execute(async (trx) => {
      await trx
        .insertInto('attempts')
        .values({ key: `doctor:${newId()}`, count: 0, since: '1970-01-01T00:00:00.000Z' as never })
        .execute();
      throw new TakenBack();
    });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
}

async function* diskChecks(path: string): AsyncGenerator<Check> {
  let dir = dirname(path);
  while (!(await stat(dir).catch(() => null))) dir = dirname(dir);
  if (
    !(await access(dir, constants.W_OK).then(
      () => true,
      () => false,
    ))
  ) {
    yield {
      state: 'fail',
      name: 'disk',
      text: `${dir} cannot be written`,
      hint: 'SQLite makes files beside the database: the user that runs the portal must own the directory.',
    };
    return;
  }
  const { bavail, bsize } = await statfs(dir);
  const free = bavail * bsize;
  const state = free < NO_DISK ? 'fail' : free < LITTLE_DISK ? 'warn' : 'ok';
  yield {
    state,
    name: 'disk',
    text: `${Math.floor(free / MB).toLocaleString('en')} MB free in ${dir}`,
    ...(state !== 'ok' && { hint: 'Make room: what cannot be written is refused.' }),
  };
}

function hintFor(error: unknown): string | undefined {
  const { errcode, code } = error as { errcode?: number; code?: string };
  return HINTS[errcode === undefined ? (code ?? '') : String(errcode & 0xff)];
}

function plain(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || 'it cannot be reached';
}

/** Without user and password. */
function serverOf(url: string): string {
  if (!URL.canParse(url)) return 'the server of DATABASE_URL';
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

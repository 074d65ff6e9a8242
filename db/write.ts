import { setTimeout as sleep } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import type { Database } from './open';
import type { Tables } from './schema';

export type Write = Transaction<Tables>;

/** SQLITE_BUSY and SQLITE_LOCKED; PostgreSQL: serialization failure, deadlock. Trying again is likely to help. */
const CONTENTION = new Set(['5', '6', '40001', '40P01']);
/** SQLITE_IOERR, FULL, CANTOPEN, READONLY; PostgreSQL: disk full, too many connections, shutting down, starting up. */
const AWAY = new Set([
  '10',
  '13',
  '14',
  '8',
  '53100',
  '53300',
  '57P01',
  '57P02',
  '57P03',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);
const TRIES = 8;

/**
 * Runs `work` in one transaction. Contention is retried with growing pauses, about three seconds in all, so `work`
 * must have no effect but on the database. What is thrown then satisfies `isUnavailable`.
 */
export async function write<T>(db: Database, work: (trx: Write) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (tried >= TRIES || !CONTENTION.has(codeOf(error))) throw error;
      await sleep(25 * 2 ** Math.min(tried, 5) * (0.5 + Math.random()));
    }
  }
}

/** Whether an error means "the database cannot take this now" (locked, disk full, gone) rather than a bug. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  return (
    CONTENTION.has(code) ||
    AWAY.has(code) ||
    /timeout exceeded when trying to connect|Connection terminated/.test(String(error))
  );
}

/** Whether an insert met a row that is already there (SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY; PostgreSQL 23505). */
export function isDuplicate(error: unknown): boolean {
  const { errcode, code } = error as { errcode?: number; code?: string };
  return errcode === 2067 || errcode === 1555 || code === '23505';
}

/** Whether a row could not go since another points to it (SQLITE_CONSTRAINT_FOREIGNKEY; PostgreSQL 23503). */
export function isReferenced(error: unknown): boolean {
  const { errcode, code } = error as { errcode?: number; code?: string };
  return errcode === 787 || code === '23503';
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { errcode, code } = error as { errcode?: number; code?: string };
  // SQLite's extended codes carry the primary code in the low byte.
  return errcode === undefined ? (code ?? '') : String(errcode & 0xff);
}

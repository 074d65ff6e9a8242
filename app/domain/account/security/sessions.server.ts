import type { Database } from '#db/open';
import type { Id, Instant } from '#db/schema';
import { type Write, write } from '#db/write';
import { MINUTE } from '../../clock';
import type { DomainContext } from '../../context';
import type { Viewer } from '../viewer';

/** The session of a request. Its id is the hash that the table keeps: it opens nothing. */
export interface CurrentSession {
  id: string;
  provenAt: Instant | null;
}

export interface OwnSession {
  id: string;
  createdAt: Instant;
  lastSeenAt: Instant | null;
  browser: string;
}

/** For how long a link, a passkey or the password that somebody has just used counts for changes to how they sign in. */
export const PROOF_TTL = 10 * MINUTE;

/** Whether the person of a session has shown a moment ago who they are. */
export function isFresh(
  { clock }: Pick<DomainContext, 'clock'>,
  { provenAt }: Pick<CurrentSession, 'provenAt'>,
): boolean {
  return provenAt !== null && clock.now().getTime() - Date.parse(provenAt) <= PROOF_TTL;
}

/** Where somebody is signed in, the newest first. */
export async function sessionsOf(db: Database, accountId: Id<'account'>): Promise<OwnSession[]> {
  return db
    .selectFrom('sessions')
    .select(['id', 'created_at as createdAt', 'last_seen_at as lastSeenAt', 'browser'])
    .where('account_id', '=', accountId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(50)
    .execute();
}

/** Ends one session of one's own. False where there is none of that id any more. */
export async function endSession(ctx: DomainContext, viewer: Viewer, id: string): Promise<boolean> {
  const ended = await write(ctx.db, (trx) =>
    trx.deleteFrom('sessions').where('id', '=', id).where('account_id', '=', viewer.accountId).executeTakeFirst(),
  );
  return ended.numDeletedRows === 1n;
}

/** Ends all sessions of one's own but that one. Returns how many there were. */
export async function endOtherSessions(ctx: DomainContext, viewer: Viewer, current: CurrentSession): Promise<number> {
  return write(ctx.db, (trx) => deleteOthers(trx, viewer.accountId, current.id));
}

/** The same in the transaction of what makes it necessary; null: none is left. */
export async function deleteOthers(trx: Write, accountId: Id<'account'>, current: string | null): Promise<number> {
  const ended = await trx
    .deleteFrom('sessions')
    .where('account_id', '=', accountId)
    .$if(current !== null, (query) => query.where('id', '!=', current!))
    .executeTakeFirst();
  return Number(ended.numDeletedRows);
}

/** Of these sessions those that are still there. */
export async function sessionsAlive(db: Database, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.selectFrom('sessions').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map((row) => row.id));
}

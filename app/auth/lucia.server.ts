import { createHash } from 'node:crypto';
import { type Adapter, type DatabaseSession, Lucia, TimeSpan } from 'lucia';
import { instant } from '#db/ids';
import type { Database } from '#db/open';
import type { Id, Instant } from '#db/schema';
import { write } from '#db/write';
import type { Config } from '~/config.server';
import type { Clock } from '~/domain/clock';

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof openLucia>;
    UserId: Id<'account'>;
    DatabaseUserAttributes: { name: string };
    DatabaseSessionAttributes: SessionAttributes;
  }
}

/** What is kept of a session beside whose it is and until when. */
export interface SessionAttributes {
  lastSeenAt: Instant | null;
  provenAt: Instant | null;
  browser: string;
}

/** Sessions of 30 days that slide: Lucia renews one in the second half of its life. */
export function openLucia(db: Database, config: Config, clock: Clock) {
  const secure = config.origin.startsWith('https:');
  return new Lucia(new KyselyAdapter(db, clock), {
    sessionExpiresIn: new TimeSpan(30, 'd'),
    // The prefix makes browsers refuse the cookie from anywhere but this host over HTTPS (RFC 6265bis).
    sessionCookie: {
      name: secure ? '__Host-colloquy' : 'colloquy',
      attributes: { secure, sameSite: 'lax', path: '/' },
    },
    getUserAttributes: ({ name }) => ({ name }),
    getSessionAttributes: ({ lastSeenAt, provenAt, browser }) => ({ lastSeenAt, provenAt, browser }),
  });
}

/** Keeps only a hash of each session id. */
class KyselyAdapter implements Adapter {
  readonly #db: Database;
  readonly #clock: Clock;
  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async getSessionAndUser(sessionId: string) {
    const row = await this.#db
      .selectFrom('sessions')
      .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
      .select(['accounts.id as userId', 'accounts.name', 'sessions.expires_at', ...ATTRIBUTES])
      .where('sessions.id', '=', hashed(sessionId))
      .executeTakeFirst();
    if (!row) return [null, null] as [null, null];
    const session: DatabaseSession = {
      id: sessionId,
      userId: row.userId,
      expiresAt: new Date(row.expires_at),
      attributes: attributesOf(row),
    };
    return [session, { id: row.userId, attributes: { name: row.name } }] as [
      DatabaseSession,
      { id: Id<'account'>; attributes: { name: string } },
    ];
  }

  async getUserSessions(userId: Id<'account'>) {
    const rows = await this.#db
      .selectFrom('sessions')
      .select(['id', 'account_id', 'expires_at', ...ATTRIBUTES])
      .where('account_id', '=', userId)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      userId: row.account_id,
      expiresAt: new Date(row.expires_at),
      attributes: attributesOf(row),
    }));
  }

  async setSession(session: DatabaseSession) {
    // Its link is spent by now: where an import holds the database this must wait, not fail.
    await write(this.#db, (trx) =>
      trx
        .insertInto('sessions')
        .values({
          id: hashed(session.id),
          account_id: session.userId,
          expires_at: instant(session.expiresAt),
          created_at: instant(this.#clock.now()),
          last_seen_at: session.attributes.lastSeenAt,
          proven_at: session.attributes.provenAt,
          browser: session.attributes.browser,
        })
        .execute(),
    );
  }

  async updateSessionExpiration(sessionId: string, expiresAt: Date) {
    await write(this.#db, (trx) =>
      trx
        .updateTable('sessions')
        .set({ expires_at: instant(expiresAt) })
        .where('id', '=', hashed(sessionId))
        .execute(),
    );
  }

  async deleteSession(sessionId: string) {
    await write(this.#db, (trx) => trx.deleteFrom('sessions').where('id', '=', hashed(sessionId)).execute());
  }

  async deleteUserSessions(userId: Id<'account'>) {
    await write(this.#db, (trx) => trx.deleteFrom('sessions').where('account_id', '=', userId).execute());
  }

  async deleteExpiredSessions() {
    const now = instant(this.#clock.now());
    await write(this.#db, (trx) => trx.deleteFrom('sessions').where('expires_at', '<=', now).execute());
  }
}

const ATTRIBUTES = ['sessions.last_seen_at', 'sessions.proven_at', 'sessions.browser'] as const;

function attributesOf(row: { last_seen_at: Instant | null; proven_at: Instant | null; browser: string }) {
  return { lastSeenAt: row.last_seen_at, provenAt: row.proven_at, browser: row.browser };
}

/** How the table names a session: who reads it cannot be anybody. */
export function hashed(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex');
}

import { createHash } from 'node:crypto';
import { type Adapter, type DatabaseSession, Lucia, TimeSpan } from 'lucia';
import { instant } from '#db/ids';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import type { Config } from '~/config.server';
import type { Clock } from '~/domain/clock';

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof openLucia>;
    UserId: Id<'account'>;
    DatabaseUserAttributes: { name: string };
  }
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
  });
}

/** Keeps only a hash of each session id: who reads the database cannot be anybody. */
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
      .select(['accounts.id as userId', 'accounts.name', 'sessions.expires_at'])
      .where('sessions.id', '=', hashed(sessionId))
      .executeTakeFirst();
    if (!row) return [null, null] as [null, null];
    const session: DatabaseSession = {
      id: sessionId,
      userId: row.userId,
      expiresAt: new Date(row.expires_at),
      attributes: {},
    };
    return [session, { id: row.userId, attributes: { name: row.name } }] as [
      DatabaseSession,
      { id: Id<'account'>; attributes: { name: string } },
    ];
  }

  async getUserSessions(userId: Id<'account'>) {
    const rows = await this.#db
      .selectFrom('sessions')
      .select(['id', 'account_id', 'expires_at'])
      .where('account_id', '=', userId)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      userId: row.account_id,
      expiresAt: new Date(row.expires_at),
      attributes: {},
    }));
  }

  async setSession(session: DatabaseSession) {
    // Lucia gives the end of a new session's life; its beginning is 30 days before.
    const began = new Date(session.expiresAt.getTime() - new TimeSpan(30, 'd').milliseconds());
    // Its link is spent by now: where an import holds the database this must wait, not fail.
    await write(this.#db, (trx) =>
      trx
        .insertInto('sessions')
        .values({
          id: hashed(session.id),
          account_id: session.userId,
          expires_at: instant(session.expiresAt),
          created_at: instant(began),
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

function hashed(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex');
}

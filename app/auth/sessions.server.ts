import { instant } from '#db/ids';
import type { Database } from '#db/open';
import type { Id, Instant } from '#db/schema';
import { isUnavailable } from '#db/write';
import { viewerOf } from '~/domain/account/queries.server';
import { browserName } from '~/domain/account/security/browser-name';
import type { CurrentSession } from '~/domain/account/security/sessions.server';
import type { Viewer } from '~/domain/account/viewer';
import { type Clock, HOUR } from '~/domain/clock';
import { hashed, type openLucia } from './lucia.server';

/** Who is looking, in which session, and the cookie that renews or clears it where that is due. */
export interface Looking {
  viewer: Viewer | null;
  session: CurrentSession | null;
  setCookie: string | null;
}

/** Sessions as the rest of the portal sees them: a request's viewer, and the cookies that make and end one. */
export interface Sessions {
  viewer(request: Request): Promise<Looking>;
  /**
   * Begins one; the session that the browser had before, whoever's, ends. `proven`: somebody has just shown by more than
   * a password alone, or by their password once more, who they are.
   */
  begin(accountId: Id<'account'>, from?: { request: Request; proven: boolean }): Promise<string>;
  /** Ends this one, or all of the account's. */
  end(request: Request, everywhere?: boolean): Promise<string>;
  deleteExpired(): Promise<void>;
}

/** How exactly is kept when a session was seen last: what happens once an hour costs no page a write. */
const SEEN_EVERY = HOUR;

export function openSessions(db: Database, lucia: ReturnType<typeof openLucia>, clock: Clock): Sessions {
  const sessionId = (request: Request) => lucia.readSessionCookie(request.headers.get('cookie') ?? '');
  return {
    async viewer(request) {
      const id = sessionId(request);
      if (!id) return { viewer: null, session: null, setCookie: null };
      const { session, user } = await lucia.validateSession(id);
      if (!session) return { viewer: null, session: null, setCookie: lucia.createBlankSessionCookie().serialize() };
      await noteSeen(hashed(id), session.lastSeenAt);
      return {
        viewer: await viewerOf(db, user.id, user.name),
        session: { id: hashed(id), provenAt: session.provenAt },
        setCookie: session.fresh ? lucia.createSessionCookie(id).serialize() : null,
      };
    },
    async begin(accountId, from) {
      const now = instant(clock.now());
      const session = await lucia.createSession(accountId, {
        lastSeenAt: now,
        provenAt: from?.proven ? now : null,
        browser: browserName(from?.request.headers.get('user-agent') ?? ''),
      });
      const before = from && sessionId(from.request);
      if (before) await lucia.invalidateSession(before);
      return lucia.createSessionCookie(session.id).serialize();
    },
    async end(request, everywhere = false) {
      const id = sessionId(request);
      if (id) {
        const { session } = await lucia.validateSession(id);
        if (session && everywhere) await lucia.invalidateUserSessions(session.userId);
        else await lucia.invalidateSession(id);
      }
      return lucia.createBlankSessionCookie().serialize();
    },
    deleteExpired: () => lucia.deleteExpiredSessions(),
  };

  async function noteSeen(id: string, seen: Instant | null): Promise<void> {
    const now = clock.now();
    if (seen !== null && now.getTime() - Date.parse(seen) < SEEN_EVERY) return;
    try {
      await db
        .updateTable('sessions')
        .set({ last_seen_at: instant(now) })
        .where('id', '=', id)
        .execute();
    } catch (error) {
      // A page that is read neither fails nor waits because it could not be noted.
      if (!isUnavailable(error)) throw error;
    }
  }
}

import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { viewerOf } from '~/domain/account/queries.server';
import type { Viewer } from '~/domain/account/viewer';
import type { openLucia } from './lucia.server';

/** Sessions as the rest of the portal sees them: a request's viewer, and the cookies that make and end one. */
export interface Sessions {
  viewer(request: Request): Promise<{ viewer: Viewer | null; setCookie: string | null }>;
  begin(accountId: Id<'account'>): Promise<string>;
  /** Ends all of the account's and begins one: whoever else was in is out. */
  renew(accountId: Id<'account'>): Promise<string>;
  /** Ends this one, or all of the account's. */
  end(request: Request, everywhere?: boolean): Promise<string>;
  deleteExpired(): Promise<void>;
}

export function openSessions(db: Database, lucia: ReturnType<typeof openLucia>): Sessions {
  const sessionId = (request: Request) => lucia.readSessionCookie(request.headers.get('cookie') ?? '');
  return {
    async viewer(request) {
      const id = sessionId(request);
      if (!id) return { viewer: null, setCookie: null };
      const { session, user } = await lucia.validateSession(id);
      if (!session) return { viewer: null, setCookie: lucia.createBlankSessionCookie().serialize() };
      return {
        viewer: await viewerOf(db, user.id, user.name),
        setCookie: session.fresh ? lucia.createSessionCookie(id).serialize() : null,
      };
    },
    async begin(accountId) {
      const session = await lucia.createSession(accountId, {});
      return lucia.createSessionCookie(session.id).serialize();
    },
    async renew(accountId) {
      await lucia.invalidateUserSessions(accountId);
      return this.begin(accountId);
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
}

import type { DNSResolver } from 'mailauth';
import type { Id } from '#db/schema';
import type { Translate } from '#locales/translate';
import type { Sessions } from './auth/sessions.server';
import type { CurrentSession } from './domain/account/security/sessions.server';
import type { Viewer } from './domain/account/viewer';
import type { Conference } from './domain/conference/queries.server';
import type { DomainContext } from './domain/context';
import type { Browser } from './http/browser-cookies.server';
import type { Newsroom } from './http/news.server';
import type { Told } from './http/notice.server';

/** What is opened once for the whole process. */
export interface AppContext extends DomainContext {
  sessions: Sessions;
  /** Where mail is kept when there is no SMTP server. */
  capturedMail: string;
  /** Tells open pages of what is new. */
  news: Newsroom;
  /** Asks the domain name system, for DMARC of mail that comes in. A test answers by itself. */
  resolver: DNSResolver;
}

/** What a loader or an action gets: the process's things and this request's. */
export interface RequestContext extends AppContext {
  /** Who is looking, looked up once a request. */
  viewer(): Promise<Viewer | null>;
  /** The session that they look in; null: nobody is signed in. */
  session(): Promise<CurrentSession | null>;
  /** The conference of a path, looked up once a request; throws the 404 response where there is none. */
  conference(slug: string | undefined): Promise<Conference>;
  locale: string;
  t: Translate;
  /** For the scripts of this response (CSP Level 3). */
  nonce: string;
  /** What the page before wants said once. */
  notices: Told[];
  /** What the browser remembers of itself. */
  browser: Browser;
  /** Sends a form to a page of the portal in the name of that session, as its own page would. */
  send(path: string, fields: [string, string][], session: string): Promise<Response>;
  /** What went wrong before any route was asked. */
  problem: Problem | null;
  /** Whether a form was sent: the page is then its answer. */
  posted: boolean;
  /** Set when the database could not take what was asked. */
  unavailable: boolean;
  /** Who is signed in, once `viewer` was asked. */
  account: Id<'account'> | null;
  /** Renews or clears the session's cookie, if that is due. */
  sessionCookie: string | null;
  /** The reader's network address, for limits only; never stored as it is. */
  network: string;
}

/** What goes wrong before a route is asked. The root route shows it in the site's look. */
export interface Problem {
  status: 400 | 403 | 404 | 405 | 413 | 429 | 500 | 503;
  /** Whether another site has sent what was refused: nothing of it is shown. */
  foreign?: boolean;
  /** What was typed, where no form is left to show it in. */
  typed?: [string, string][];
  /** What was typed, so that trying again is one press of a button. */
  retry?: { path: string; fields: [string, string][] } | null;
}

declare module '@remix-run/server-runtime' {
  interface AppLoadContext extends RequestContext {}
  interface Future {
    v3_singleFetch: true;
  }
}

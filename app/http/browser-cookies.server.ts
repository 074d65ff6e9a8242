import type { Config } from '~/config.server';
import { DAY, HOUR, SECOND } from '~/domain/clock';

/**
 * What a browser remembers of itself. `kept`: the tokens of what it sent while nobody was signed in; they alone make it
 * the browser that may have that done by itself. `by`: a mark of who signed in here last.
 */
export interface Browser {
  kept: string[];
  by: string | null;
}

/** Links to sign in die before. */
const KEPT_TTL = 2 * HOUR;
/** Longer than a session sleeps. */
const BY_TTL = 60 * DAY;
/** Of several pages that are open at once. */
const MAX_KEPT = 4;

export function readBrowser(config: Config, request: Request): Browser {
  const kept = cookieOf(config, request, 'kept') ?? '';
  return { kept: kept.split('.').filter((token) => /^[\w-]{20,40}$/.test(token)), by: cookieOf(config, request, 'by') };
}

/** Sets the tokens, the newest last; none: the cookie goes. */
export function keptCookie(config: Config, tokens: string[]): string {
  return cookie(config, 'kept', tokens.slice(-MAX_KEPT).join('.'), KEPT_TTL);
}

/** Null: nobody, as after signing out. */
export function byCookie(config: Config, mark: string | null): string {
  return cookie(config, 'by', mark ?? '', BY_TTL);
}

function cookieOf(config: Config, request: Request, name: 'kept' | 'by'): string | null {
  const found = (request.headers.get('cookie') ?? '')
    .split(/;\s*/)
    .find((one) => one.startsWith(`${cookieName(config, name)}=`));
  return found?.slice(found.indexOf('=') + 1) || null;
}

function cookie(config: Config, name: 'kept' | 'by', value: string, ttl: number): string {
  const secure = config.origin.startsWith('https:') ? '; Secure' : '';
  const age = value ? ttl / SECOND : 0;
  return `${cookieName(config, name)}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`;
}

/** The prefix makes browsers refuse the cookie from anywhere but this host over HTTPS (RFC 6265bis). */
export function cookieName(config: Config, name: 'kept' | 'by' | 'notice'): string {
  return `${config.origin.startsWith('https:') ? '__Host-' : ''}colloquy-${name}`;
}

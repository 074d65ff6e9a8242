import type { Config } from '~/config.server';
import { KNOWN_TTL } from '~/domain/account/security/known-device.server';
import { DAY, HOUR, SECOND } from '~/domain/clock';

/**
 * What a browser remembers of itself. `kept`: the tokens of what it sent while nobody was signed in; they alone make it
 * the browser that is shown that, and may have it done by itself. `by`: a mark of who signed in here last. `devices`: marks of accounts
 * that it has signed in to, the newest last (`deviceMark`). `passkey`: names it to a passkey's challenge.
 */
export interface Browser {
  kept: string[];
  by: string | null;
  devices: string[];
  passkey: string | null;
}

/** As long as what they stand for is kept. */
const KEPT_TTL = DAY;
/** Longer than a session sleeps. */
const BY_TTL = 60 * DAY;
/** Longer than any challenge. */
const PASSKEY_TTL = HOUR;
/** Of several pages that are open at once, and more: what one more would push out could be read no longer. */
export const MAX_KEPT = 20;
/** Of a family's, or of a desk at a congress. */
const MAX_DEVICES = 5;

type Name = 'kept' | 'by' | 'device' | 'passkey';

export function readBrowser(config: Config, request: Request): Browser {
  const kept = cookieOf(config, request, 'kept') ?? '';
  const passkey = cookieOf(config, request, 'passkey') ?? '';
  return {
    kept: kept.split('.').filter((token) => TOKEN.test(token)),
    by: cookieOf(config, request, 'by'),
    devices: (cookieOf(config, request, 'device') ?? '').split('~').slice(0, MAX_DEVICES).filter(Boolean),
    passkey: TOKEN.test(passkey) ? passkey : null,
  };
}

/** Sets the tokens, the newest last; none: the cookie goes. */
export function keptCookie(config: Config, tokens: string[]): string {
  return cookie(config, 'kept', tokens.join('.'), KEPT_TTL);
}

/** Null: nobody, as after signing out. */
export function byCookie(config: Config, mark: string | null): string {
  return cookie(config, 'by', mark ?? '', BY_TTL);
}

/** The marks that a browser keeps for its next sign-in, also while it is signed out. */
export function deviceCookie(config: Config, marks: string[]): string {
  return cookie(config, 'device', marks.slice(-MAX_DEVICES).join('~'), KNOWN_TTL);
}

/** Null: it is asked for none. */
export function passkeyCookie(config: Config, token: string | null): string {
  return cookie(config, 'passkey', token ?? '', PASSKEY_TTL);
}

const TOKEN = /^[\w-]{20,40}$/;

function cookieOf(config: Config, request: Request, name: Name): string | null {
  const found = (request.headers.get('cookie') ?? '')
    .split(/;\s*/)
    .find((one) => one.startsWith(`${cookieName(config, name)}=`));
  return found?.slice(found.indexOf('=') + 1) || null;
}

function cookie(config: Config, name: Name, value: string, ttl: number): string {
  const secure = config.origin.startsWith('https:') ? '; Secure' : '';
  const age = value ? ttl / SECOND : 0;
  return `${cookieName(config, name)}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`;
}

/** The prefix makes browsers refuse the cookie from anywhere but this host over HTTPS (RFC 6265bis). */
export function cookieName(config: Config, name: Name | 'notice'): string {
  return `${config.origin.startsWith('https:') ? '__Host-' : ''}colloquy-${name}`;
}

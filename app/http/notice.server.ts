import type { MessageKey, Translate } from '#locales/translate';
import type { Config } from '~/config.server';
import { cookieName } from './browser-cookies.server';
import { redirectTo } from './redirect.server';

/** What a page says once, as a key of the catalogue. */
export type Notice = Extract<MessageKey, `notice.${string}`>;

/** The same with the numbers that it tells. They travel in a cookie, so nothing but small numbers is in them. */
export interface Told {
  notice: Notice;
  values?: Record<string, number>;
}

/** Carries what is to be said from a route to the end of its request, where it becomes a cookie. Is never sent. */
export const NOTICE = 'x-colloquy-notice';
const ONE = /^(notice\.[a-zA-Z.]{1,60})((?::[a-zA-Z]{1,20}=\d{1,7}){0,5})$/;
const MAX_NOTICES = 3;

/** Goes to another page, which says once what has been done. */
export function redirectWithNotice(
  to: string,
  notice: Notice | Told | Told[],
  headers: Record<string, string> = {},
): Response {
  const response = redirectTo(to, { status: 303, headers });
  response.headers.set(NOTICE, written(typeof notice === 'string' ? [{ notice }] : [notice].flat()));
  return response;
}

/** What the page before wants said: empty where nothing is, or where the cookie is none of ours. */
export function readNotices(config: Config, cookies: string | null): Told[] {
  const name = `${cookieName(config, 'notice')}=`;
  return readTold(
    (cookies ?? '')
      .split(/;\s*/)
      .find((one) => one.startsWith(name))
      ?.slice(name.length) ?? '',
  );
}

/** The same of an answer that has not become one to a browser yet. */
export function noticesOf(headers: Headers): Told[] {
  return readTold(headers.get(NOTICE) ?? '');
}

function readTold(value: string): Told[] {
  return value
    .split('~')
    .slice(0, MAX_NOTICES)
    .flatMap((one) => {
      const [, notice, numbers = ''] = ONE.exec(one) ?? [];
      if (!notice) return [];
      const values = Object.fromEntries(
        numbers
          .split(':')
          .filter(Boolean)
          .map((pair) => [pair.slice(0, pair.indexOf('=')), Number(pair.slice(pair.indexOf('=') + 1))]),
      );
      return [{ notice: notice as Notice, ...(numbers && { values }) }];
    });
}

/** The sentences; a cookie that was tampered with says nothing. */
export function noticeSentence(t: Translate, told: Told[]): string | null {
  try {
    const sentences = told.map(({ notice, values }) => t(notice, values ?? {}));
    return sentences.some((sentence) => sentence.startsWith('notice.')) ? null : sentences.join(' ') || null;
  } catch {
    return null;
  }
}

/** `value` as NOTICE has it. */
export function noticeCookie(config: Config, value: string): string {
  return cookie(config, value, 60);
}

export function clearNotice(config: Config): string {
  return cookie(config, '', 0);
}

function cookie(config: Config, value: string, seconds: number): string {
  const secure = config.origin.startsWith('https:') ? '; Secure' : '';
  return `${cookieName(config, 'notice')}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

function written(told: Told[]): string {
  return told
    .slice(0, MAX_NOTICES)
    .map(({ notice, values = {} }) =>
      [notice, ...Object.entries(values).map(([name, number]) => `${name}=${Math.min(number, 9_999_999)}`)].join(':'),
    )
    .join('~');
}

import { redirect } from '@remix-run/node';
import type { MessageKey, Translate } from '#locales/translate';

/** What a page says once, as a key of the catalogue. */
export type Notice = Extract<MessageKey, `notice.${string}`>;

/** The same with the numbers that it tells. They travel in a cookie, so nothing but small numbers is in them. */
export interface Told {
  notice: Notice;
  values?: Record<string, number>;
}

const NAME = 'colloquy-notice';
const ONE = /^(notice\.[a-zA-Z.]{1,60})((?::[a-zA-Z]{1,20}=\d{1,7}){0,5})$/;
const MAX_NOTICES = 3;

/** Goes to another page, which says once what has been done. */
export function redirectWithNotice(
  to: string,
  notice: Notice | Told | Told[],
  headers: Record<string, string> = {},
): Response {
  const response = redirect(to, { status: 303, headers });
  response.headers.append('set-cookie', noticeCookie(typeof notice === 'string' ? [{ notice }] : [notice].flat()));
  return response;
}

/** What the page before wants said: empty where nothing is, or where the cookie is none of ours. */
export function readNotices(cookies: string | null): Told[] {
  const value = /(?:^|[;,]\s*)colloquy-notice=([^;,]*)/.exec(cookies ?? '')?.[1] ?? '';
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

export function clearNotice(): string {
  return `${NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;
}

function noticeCookie(told: Told[]): string {
  const value = told
    .slice(0, MAX_NOTICES)
    .map(({ notice, values = {} }) =>
      [notice, ...Object.entries(values).map(([name, number]) => `${name}=${Math.min(number, 9_999_999)}`)].join(':'),
    )
    .join('~');
  return `${NAME}=${value}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax`;
}

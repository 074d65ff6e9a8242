import { redirect } from '@remix-run/node';
import type { MessageKey } from '#locales/translate';

/** What a page says once, as a key of the catalogue. */
export type Notice = Extract<MessageKey, `notice.${string}`>;

const NAME = 'colloquy-notice';

/** Goes to another page, which says once what has been done. */
export function redirectWithNotice(to: string, notice: Notice, headers: Record<string, string> = {}): Response {
  const response = redirect(to, { status: 303, headers });
  response.headers.append('set-cookie', `${NAME}=${notice}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax`);
  return response;
}

export function readNotice(request: Request): string | null {
  return (
    /(?:^|;\s*)colloquy-notice=(notice\.[a-zA-Z.]{1,60})(?:;|$)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? null
  );
}

export function clearNotice(): string {
  return `${NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;
}

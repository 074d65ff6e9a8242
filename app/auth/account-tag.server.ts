import { createHash } from 'node:crypto';
import type { Id } from '#db/schema';

/** Of a form that a page's script sends: for whom the page was made, by `accountTag`; `1` where that was nobody. */
export const BY_SCRIPT = 'x-colloquy-form';

/** For whom the page was made that a script sends a form from; null: nobody, or no script has sent it. */
export function typistOf(request: Request): string | null {
  const tag = request.headers.get(BY_SCRIPT) ?? '';
  return /^[\w-]{16}$/.test(tag) ? tag : null;
}

/** Tells one account's things in a browser from another's, and nothing of whose they are. */
export function accountTag(accountId: Id<'account'>): string {
  return createHash('sha256').update(`kept:${accountId}`).digest('base64url').slice(0, 16);
}

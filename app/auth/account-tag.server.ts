import { createHash } from 'node:crypto';
import type { Id } from '#db/schema';

/** Tells one account's things in a browser from another's, and nothing of whose they are. */
export function accountTag(accountId: Id<'account'>): string {
  return createHash('sha256').update(`kept:${accountId}`).digest('base64url').slice(0, 16);
}

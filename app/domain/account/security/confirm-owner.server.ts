import type { Id } from '#db/schema';
import { write } from '#db/write';
import type { DomainContext } from '../../context';
import { requestSignIn } from '../commands.server';
import { countAttempt, forgetAttempts, type Reached } from '../limits.server';
import { primaryMailbox } from '../mailbox-owners.server';
import { ownMailboxes } from '../mailboxes.server';
import { passwordMatches } from '../password.server';
import type { Viewer } from '../viewer';
import { type CurrentSession, isFresh } from './sessions.server';

/** What shows that it is the owner, and not whoever has found their session open. */
export interface OwnersWord {
  session: CurrentSession;
  /** The password of now, where it was typed. */
  password?: string | undefined;
}

export type Unconfirmed = { ok: false; reason: 'unproven' | 'wrong' } | ({ ok: false; reason: 'limit' } & Reached);

/**
 * Whether it is the owner of an account who wants to change how one signs in to it: a link or a passkey that they have
 * used within the last ten minutes, or the password of now. `unproven`: neither.
 */
export async function confirmOwner(
  ctx: DomainContext,
  accountId: Id<'account'>,
  { session, password }: OwnersWord,
): Promise<{ ok: true } | Unconfirmed> {
  if (isFresh(ctx, session)) return { ok: true };
  if (!password) return { ok: false, reason: 'unproven' };
  const retryAt = await write(ctx.db, (trx) => countAttempt(trx, ctx, 'passwordAgain', accountId));
  if (retryAt) return { ok: false, reason: 'limit', limit: 'passwordAgain', retryAt };
  const { password_hash } = await ctx.db
    .selectFrom('accounts')
    .select('password_hash')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  if (!(await passwordMatches(password_hash, password))) return { ok: false, reason: 'wrong' };
  await write(ctx.db, (trx) => forgetAttempts(trx, ctx, 'passwordAgain', accountId));
  return { ok: true };
}

/** Mails a link to the owner, for a change that needs one. Within the limits of every link; null `retryAt`: no address. */
export async function requestFreshLink(
  ctx: DomainContext,
  viewer: Viewer,
  request: { next: string; network: string },
): Promise<{ ok: true } | ({ ok: false } & Reached) | { ok: false; retryAt: null }> {
  const [primary, mailboxes] = await Promise.all([
    primaryMailbox(ctx.db, viewer.accountId),
    ownMailboxes(ctx.db, viewer.accountId),
  ]);
  const mailbox = mailboxes.find(({ id }) => id === primary);
  if (!mailbox) return { ok: false, retryAt: null };
  return requestSignIn(ctx, { address: mailbox.reveal(), ...request });
}

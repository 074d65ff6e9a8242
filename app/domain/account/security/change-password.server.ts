import { write } from '#db/write';
import type { DomainContext } from '../../context';
import { countAttempt } from '../limits.server';
import { hashPassword } from '../password.server';
import type { Viewer } from '../viewer';
import { confirmOwner, type OwnersWord, type Unconfirmed } from './confirm-owner.server';
import { tellOwner } from './notice.server';
import { contextWords, type Weakness, weaknessOf } from './password-strength.server';
import { deleteOthers } from './sessions.server';

/**
 * Sets or changes the password: the owner's word first, then a look at the new one. It ends every other session, and the
 * owner is told by mail.
 */
export async function changePassword(
  ctx: DomainContext,
  viewer: Viewer,
  word: OwnersWord,
  password: string,
): Promise<{ ok: true } | Unconfirmed | { ok: false; reason: 'weak'; weakness: Weakness }> {
  const confirmed = await confirmOwner(ctx, viewer.accountId, word);
  if (!confirmed.ok) return confirmed;
  const retryAt = await write(ctx.db, (trx) => countAttempt(trx, ctx, 'passwordChange', viewer.accountId));
  if (retryAt) return { ok: false, reason: 'limit', limit: 'passwordChange', retryAt };
  const weakness = await weaknessOf(password, await contextWords(ctx.db, ctx.config, viewer));
  if (weakness) return { ok: false, reason: 'weak', weakness };
  await storePassword(ctx, viewer, word, await hashPassword(password));
  return { ok: true };
}

/** Removes it; the links by mail stay. Ends every other session, and the owner is told by mail. */
export async function removePassword(
  ctx: DomainContext,
  viewer: Viewer,
  word: OwnersWord,
): Promise<{ ok: true } | Unconfirmed> {
  const confirmed = await confirmOwner(ctx, viewer.accountId, word);
  if (confirmed.ok) await storePassword(ctx, viewer, word, null);
  return confirmed;
}

async function storePassword(
  ctx: DomainContext,
  { accountId }: Viewer,
  { session }: OwnersWord,
  password_hash: string | null,
): Promise<void> {
  await write(ctx.db, async (trx) => {
    await trx.updateTable('accounts').set({ password_hash }).where('id', '=', accountId).execute();
    await deleteOthers(trx, accountId, session.id);
    await tellOwner(trx, ctx, accountId, password_hash === null ? 'passwordRemoved' : 'passwordSet');
  });
}

import type { Id } from '#db/schema';
import { write } from '#db/write';
import type { DomainContext } from '../../context';
import { confirmOwner, type OwnersWord, type Unconfirmed } from '../security/confirm-owner.server';
import { tellOwner } from '../security/notice.server';
import type { Viewer } from '../viewer';

/** Gives one's own passkey another name. False where there is none of that id. */
export async function renamePasskey(ctx: DomainContext, viewer: Viewer, id: string, name: string): Promise<boolean> {
  const renamed = await write(ctx.db, (trx) =>
    trx
      .updateTable('passkeys')
      .set({ name })
      .where('id', '=', id as Id<'passkey'>)
      .where('account_id', '=', viewer.accountId)
      .executeTakeFirst(),
  );
  return renamed.numUpdatedRows === 1n;
}

/** Removes one's own passkey; with the last of them nothing is asked for after a link or a password any more. */
export async function removePasskey(
  ctx: DomainContext,
  { accountId }: Viewer,
  word: OwnersWord,
  id: string,
): Promise<{ ok: true } | Unconfirmed | { ok: false; reason: 'gone' }> {
  const confirmed = await confirmOwner(ctx, accountId, word);
  if (!confirmed.ok) return confirmed;
  return write(ctx.db, async (trx) => {
    const removed = await trx
      .deleteFrom('passkeys')
      .where('id', '=', id as Id<'passkey'>)
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    if (removed.numDeletedRows === 0n) return { ok: false, reason: 'gone' };
    const left = await trx.selectFrom('passkeys').select('id').where('account_id', '=', accountId).executeTakeFirst();
    if (!left) await trx.updateTable('accounts').set({ asks_passkey: 0 }).where('id', '=', accountId).execute();
    await tellOwner(trx, ctx, accountId, 'passkeyRemoved');
    return { ok: true };
  });
}

/** Says whether a passkey is asked for after a link or a password. `none`: without one it would shut its owner out. */
export async function askForPasskey(
  ctx: DomainContext,
  { accountId }: Viewer,
  word: OwnersWord,
  asks: boolean,
): Promise<{ ok: true } | Unconfirmed | { ok: false; reason: 'none' }> {
  const confirmed = await confirmOwner(ctx, accountId, word);
  if (!confirmed.ok) return confirmed;
  return write(ctx.db, async (trx) => {
    const one = await trx.selectFrom('passkeys').select('id').where('account_id', '=', accountId).executeTakeFirst();
    if (asks && !one) return { ok: false, reason: 'none' };
    const changed = await trx
      .updateTable('accounts')
      .set({ asks_passkey: asks ? 1 : 0 })
      .where('id', '=', accountId)
      .where('asks_passkey', '=', asks ? 0 : 1)
      .executeTakeFirst();
    if (changed.numUpdatedRows === 1n) await tellOwner(trx, ctx, accountId, asks ? 'passkeyAsked' : 'passkeyNotAsked');
    return { ok: true };
  });
}

import { write } from '#db/write';
import type { DomainContext } from '../../context';
import { accountByAddress } from '../mailboxes.server';
import { tellOwner } from '../security/notice.server';
import { deleteOthers } from '../security/sessions.server';

/**
 * Lets somebody in again by a link who has lost every passkey that their account asks for: it has none any more, and all
 * its sessions end. They are told by mail. Does nothing where nobody signs in with that address.
 */
export async function recoverAccount(ctx: DomainContext, address: string): Promise<void> {
  const account = await accountByAddress(ctx.db, address);
  if (!account) return;
  await write(ctx.db, async (trx) => {
    await trx.deleteFrom('passkeys').where('account_id', '=', account.id).execute();
    await trx.updateTable('accounts').set({ asks_passkey: 0 }).where('id', '=', account.id).execute();
    await deleteOthers(trx, account.id, null);
    await tellOwner(trx, ctx, account.id, 'passkeyRemoved');
  });
}

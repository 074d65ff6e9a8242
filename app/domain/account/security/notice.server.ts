import { newId } from '#db/ids';
import type { Id } from '#db/schema';
import type { Write } from '#db/write';
import { type AccountChange, accountChanged } from '#emails/account-changed';
import { renderMail } from '#emails/mail';
import type { DomainContext } from '../../context';
import { enqueue } from '../../mail/outbox.server';
import { logSecurity } from '../../security-log.server';
import { primaryMailbox } from '../mailbox-owners.server';

/** Tells the owner of an account what has been changed about how one signs in to it, in the transaction of the change. */
export async function tellOwner(
  trx: Write,
  ctx: DomainContext,
  accountId: Id<'account'>,
  change: AccountChange,
): Promise<void> {
  logSecurity(ctx, 'account-changed', { account: accountId, what: change });
  const to = await primaryMailbox(trx, accountId);
  if (!to) return;
  const portal = new URL(ctx.config.origin).host;
  const mail = renderMail(accountChanged, { change, portal, url: `${ctx.config.origin}/account/security` });
  await enqueue(trx, ctx, [{ to, mail, fromName: 'Colloquy', dedupeKey: `account:${newId()}` }]);
}

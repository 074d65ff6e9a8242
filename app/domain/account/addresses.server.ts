import type { Id } from '#db/schema';
import { write } from '#db/write';
import { addAddress } from '#emails/add-address';
import { renderMail } from '#emails/mail';
import { MINUTE } from '../clock';
import type { DomainContext } from '../context';
import { enqueue } from '../mail/outbox.server';
import { countAttempt, type Reached } from './limits.server';
import { createLink, LINK_LIFE, liveLink, spendLink } from './links.server';
import { choosePrimaryMailbox, mailboxOwner, verifyMailbox } from './mailbox-owners.server';
import { mailboxFor } from './mailboxes.server';
import { personKey } from './schema';
import { confirmOwner, type OwnersWord, type Unconfirmed } from './security/confirm-owner.server';
import { tellOwner } from './security/notice.server';
import { reviveMailbox } from './suppression.server';
import type { Viewer } from './viewer';

/**
 * Sends a link to an address that somebody wants to add to their account. Known or unknown, the same work and the same
 * answer. It is a way in, so it takes the owner's word. `links`: so many have gone to that address that none is added.
 */
export async function requestAddress(
  ctx: DomainContext,
  viewer: Viewer,
  word: OwnersWord,
  request: { address: string; network: string },
): Promise<{ ok: true } | Unconfirmed | { ok: false; reason: 'links' } | ({ ok: false; reason: 'limit' } & Reached)> {
  const confirmed = await confirmOwner(ctx, viewer.accountId, word);
  if (!confirmed.ok) return confirmed;
  return write(ctx.db, async (trx) => {
    const retryAt = await countAttempt(trx, ctx, 'signInMailFrom', request.network);
    if (retryAt) return { ok: false, reason: 'limit', limit: 'signInMailFrom', retryAt };
    const mailboxId = await mailboxFor(trx, ctx.clock, request.address);
    const flooded = await countAttempt(trx, ctx, 'signInMail', personKey(request.address));
    if (flooded) return { ok: false, reason: 'links' };
    const full = await countAttempt(trx, ctx, 'signInMailAnywhere', '');
    if (full) return { ok: false, reason: 'limit', limit: 'signInMailAnywhere', retryAt: full };
    const { id, token } = await createLink(trx, ctx.clock, {
      purpose: 'add_address',
      mailboxId,
      accountId: viewer.accountId,
      next: '/account',
    });
    const portal = new URL(ctx.config.origin).host;
    const url = `${ctx.config.origin}/account/address/${token}`;
    const mail = renderMail(addAddress, { url, portal, minutes: LINK_LIFE / MINUTE });
    await enqueue(trx, ctx, [{ to: mailboxId, mail, fromName: 'Colloquy', dedupeKey: `link:${id}` }]);
    return { ok: true };
  });
}

/** Whether a link still adds an address to this viewer's account. Reading it uses nothing up. */
export async function addsAddress(ctx: DomainContext, viewer: Viewer, token: string): Promise<boolean> {
  const link = await liveLink(ctx.db, ctx.clock, 'add_address', token);
  return link?.accountId === viewer.accountId;
}

/**
 * Adds the address that a link was sent to. It works in the session of the account that asked for it alone: whoever is
 * sent such a link unasked cannot be made part of somebody else's account. `taken`: another account has that address.
 */
export async function confirmAddress(
  ctx: DomainContext,
  viewer: Viewer,
  token: string,
): Promise<'added' | 'dead' | 'taken'> {
  return write(ctx.db, async (trx) => {
    const link = await liveLink(trx, ctx.clock, 'add_address', token);
    if (link?.accountId !== viewer.accountId) return 'dead';
    const owner = await mailboxOwner(trx, link.mailboxId, { settle: true });
    if (owner.accountId !== null && owner.accountId !== viewer.accountId) return 'taken';
    if (!(await spendLink(trx, ctx.clock, link.id))) return 'dead';
    // To where their mail has gone so far.
    await tellOwner(trx, ctx, viewer.accountId, 'addressAdded');
    await verifyMailbox(trx, ctx.clock, link.mailboxId, viewer.accountId);
    await reviveMailbox(trx, link.mailboxId);
    return 'added';
  });
}

/** Lets all mail to an account go to another of its addresses. False where it is none of theirs. */
export async function chooseAddress(ctx: DomainContext, viewer: Viewer, mailboxId: string): Promise<boolean> {
  return write(ctx.db, (trx) => choosePrimaryMailbox(trx, viewer.accountId, mailboxId as Id<'mailbox'>));
}

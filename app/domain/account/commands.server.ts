import { instant, newId } from '#db/ids';
import type { Id, Role } from '#db/schema';
import { type Write, write } from '#db/write';
import { invitation } from '#emails/invitation';
import { renderMail } from '#emails/mail';
import { signInLink } from '#emails/sign-in-link';
import { MINUTE } from '../clock';
import type { DomainContext } from '../context';
import { enqueue } from '../mail/outbox.server';
import { logSecurity } from '../security-log.server';
import { countAttempt, forgetAttempts, type Reached } from './limits.server';
import { createLink, LINK_LIFE, liveLink, prolongLink, spendLink } from './links.server';
import { mailboxOwner, reserveMailbox, verifyMailbox } from './mailbox-owners.server';
import { accountByAddress, mailboxFor } from './mailboxes.server';
import { hashPassword, passwordMatches } from './password.server';
import { ownerName } from './queries.server';
import { addressKey, personKey, withoutNote } from './schema';
import { knownDevice } from './security/known-device.server';
import { reviveMailbox } from './suppression.server';

/**
 * Sees to it that whoever reads an address, known or not, has a link that signs in: the same work and the same answer.
 * Beyond the limit the newest that they were sent lives on instead, so that nobody can bury a mailbox or lock its owner
 * out; where none works any more, one goes out all the same. Only a network's own limit is told.
 */
export async function requestSignIn(
  ctx: DomainContext,
  request: { address: string; next: string; network: string },
): Promise<{ ok: true } | ({ ok: false } & Reached)> {
  return write(ctx.db, async (trx) => {
    const retryAt = await countAttempt(trx, ctx, 'signInMailFrom', request.network);
    if (retryAt) return { ok: false, limit: 'signInMailFrom', retryAt };
    const mailboxId = await mailboxFor(trx, ctx.clock, request.address);
    const flooded = await countAttempt(trx, ctx, 'signInMail', personKey(request.address));
    const wanted = { purpose: 'sign_in', mailboxId, next: request.next } as const;
    if (flooded && (await prolongLink(trx, ctx.clock, wanted))) return { ok: true };
    if (flooded && !(await mayExceed(trx, ctx, mailboxId, request.address))) return { ok: true };
    const full = await countAttempt(trx, ctx, 'signInMailAnywhere', '');
    // Said to everybody alike; an owner has their link all the same.
    const told = full ? ({ ok: false, limit: 'signInMailAnywhere', retryAt: full } as const) : ({ ok: true } as const);
    if (full && ((await prolongLink(trx, ctx.clock, wanted)) || !(await mailboxOwner(trx, mailboxId)).verified))
      return told;
    const { id, token } = await createLink(trx, ctx.clock, wanted);
    const portal = new URL(ctx.config.origin).host;
    const url = `${ctx.config.origin}/sign-in/link/${token}`;
    const mail = renderMail(signInLink, { url, portal, minutes: LINK_LIFE / MINUTE });
    await enqueue(trx, ctx, [{ to: mailboxId, mail, fromName: 'Colloquy', dedupeKey: `link:${id}` }]);
    return told;
  });
}

/**
 * Notes behind a plus sign can be made up without end, and dots nearly so: beyond the limit only those notes count that
 * their owner has shown, and a few of the spellings with dots.
 */
async function mayExceed(trx: Write, ctx: DomainContext, mailboxId: Id<'mailbox'>, address: string): Promise<boolean> {
  const { verified } = await mailboxOwner(trx, mailboxId);
  if (verified) return true;
  if (addressKey(address) !== withoutNote(address)) return false;
  if (addressKey(address) === personKey(address)) return true;
  return (await countAttempt(trx, ctx, 'signInMailSpelt', personKey(address))) === null;
}

export interface PendingSignIn {
  /** Whether the person must say their name: it is their first time here. */
  needsName: boolean;
  /** Whose account it is; empty for somebody new. Shown before the press: a link may have been somebody else's. */
  name: string;
  next: string;
}

/** What a sign-in link would do, without using it up. Null: used, expired or never made. */
export async function pendingSignIn(ctx: DomainContext, token: string): Promise<PendingSignIn | null> {
  const link = await liveLink(ctx.db, ctx.clock, 'sign_in', token);
  if (!link) return null;
  const name = await ownerName(ctx.db, link.mailboxId);
  return { needsName: name === '', name, next: link.next };
}

/** `revived`: mail to the address had failed, and goes there again from now on. */
export type SignedIn = { ok: true; accountId: Id<'account'>; next: string; revived: boolean };

/** Uses a sign-in link: verifies the mailbox, makes the account if there is none. */
export async function signInByLink(
  ctx: DomainContext,
  token: string,
  name: string | null,
): Promise<SignedIn | { ok: false; reason: 'dead' | 'name' }> {
  const signedIn = await write(ctx.db, async (trx): Promise<SignedIn | { ok: false; reason: 'dead' | 'name' }> => {
    const link = await liveLink(trx, ctx.clock, 'sign_in', token);
    if (!link) return { ok: false, reason: 'dead' };
    const claimed = await claimMailbox(trx, ctx, link.mailboxId, name);
    if (!claimed) return { ok: false, reason: 'name' };
    if (!(await spendLink(trx, ctx.clock, link.id))) return { ok: false, reason: 'dead' };
    return { ok: true, ...claimed, next: link.next };
  });
  if (signedIn.ok) logSecurity(ctx, 'sign-in', { account: signedIn.accountId, by: 'link' });
  else if (signedIn.reason === 'dead') logSecurity(ctx, 'sign-in-refused', { by: 'link' });
  return signedIn;
}

/**
 * Makes the reader of a mailbox its owner: finds or makes the account, names it if it has no name yet, and marks the
 * mailbox verified. Null where a name is needed and none was given.
 */
export async function claimMailbox(
  trx: Write,
  ctx: DomainContext,
  mailboxId: Id<'mailbox'>,
  name: string | null,
): Promise<{ accountId: Id<'account'>; revived: boolean } | null> {
  const owner = await mailboxOwner(trx, mailboxId, { settle: true });
  let accountId = owner.accountId;
  const known =
    accountId && (await trx.selectFrom('accounts').select('name').where('id', '=', accountId).executeTakeFirst());
  if (!known?.name && !name) return null;
  if (!accountId) accountId = await createAccount(trx, ctx, name ?? '');
  else if (known && !known.name && name)
    await trx.updateTable('accounts').set({ name }).where('id', '=', accountId).execute();
  const revived = await reviveMailbox(trx, mailboxId);
  if (!owner.verified || !owner.accountId) await verifyMailbox(trx, ctx.clock, mailboxId, accountId);
  return { accountId, revived };
}

export async function createAccount(trx: Write, ctx: DomainContext, name: string): Promise<Id<'account'>> {
  const id = newId<'account'>();
  await trx
    .insertInto('accounts')
    .values({ id, name, password_hash: null, created_at: instant(ctx.clock.now()) })
    .execute();
  return id;
}

/**
 * Signs in with a password. Wrong address, no password and wrong password are one answer in one time. `devices`: what the
 * browser keeps of accounts that it has signed in to; one of this account has a count of its own, so that nobody who tries
 * an address through shuts its owner out.
 */
export async function signInByPassword(
  ctx: DomainContext,
  attempt: { address: string; password: string; network: string; devices?: readonly string[] },
): Promise<
  { ok: true; accountId: Id<'account'> } | { ok: false; reason: 'wrong' } | ({ ok: false; reason: 'limit' } & Reached)
> {
  const { address, password, network, devices = [] } = attempt;
  const account = await accountByAddress(ctx.db, address);
  const device = account && knownDevice(ctx, account.id, devices);
  const here = `${addressKey(address)} ${network}`;
  const reached = await write(ctx.db, async (trx) => {
    const tries = device
      ? ([['passwordKnown', device]] as const)
      : ([
          ['passwordFrom', network],
          ['password', here],
          ['passwordAnywhere', addressKey(address)],
        ] as const);
    const all: Reached[] = [];
    for (const [limit, who] of tries) {
      const retryAt = await countAttempt(trx, ctx, limit, who);
      if (retryAt) all.push({ limit, retryAt });
    }
    return latest(all);
  });
  if (reached) return { ok: false, reason: 'limit', ...reached };
  const matches = await passwordMatches(account?.passwordHash ?? null, password);
  if (!matches || !account) {
    logSecurity(ctx, 'sign-in-refused', { by: 'password', address, network });
    return { ok: false, reason: 'wrong' };
  }
  await write(ctx.db, (trx) =>
    device ? forgetAttempts(trx, ctx, 'passwordKnown', device) : forgetAttempts(trx, ctx, 'password', here),
  );
  logSecurity(ctx, 'sign-in', { account: account.id, by: 'password', network });
  return { ok: true, accountId: account.id };
}

/** Before that it would only be refused again. */
function latest(all: readonly Reached[]): Reached | null {
  return all.reduce<Reached | null>((one, other) => (!one || other.retryAt > one.retryAt ? other : one), null);
}

/** Puts a password in place without asking anybody: for the demo. People change theirs by `changePassword`. */
export async function setPassword(
  ctx: DomainContext,
  accountId: Id<'account'>,
  password: string | null,
): Promise<void> {
  const password_hash = password === null ? null : await hashPassword(password);
  await write(ctx.db, (trx) =>
    trx.updateTable('accounts').set({ password_hash }).where('id', '=', accountId).execute(),
  );
  logSecurity(ctx, password === null ? 'password-removed' : 'password-set', { account: accountId });
}

export async function renameAccount(ctx: DomainContext, accountId: Id<'account'>, name: string): Promise<void> {
  await write(ctx.db, (trx) => trx.updateTable('accounts').set({ name }).where('id', '=', accountId).execute());
}

/** Gives a role; giving it twice changes nothing. Whether it was given now. */
export async function grantRole(
  trx: Write,
  ctx: DomainContext,
  accountId: Id<'account'>,
  conferenceId: Id<'conference'>,
  role: Role,
  invitedAs: string | null = null,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('memberships')
    .values({
      account_id: accountId,
      conference_id: conferenceId,
      role,
      invited_as: invitedAs,
      created_at: instant(ctx.clock.now()),
    })
    .onConflict((conflict) => conflict.columns(['account_id', 'conference_id', 'role']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/**
 * An organiser takes a role from somebody. `gone`: they have it no more. `refused`: who takes it is no organiser any more,
 * or would lock themselves out. So one organiser is always left, also where two remove each other at once.
 */
export async function revokeRole(
  ctx: DomainContext,
  by: Id<'account'>,
  member: { accountId: Id<'account'>; role: Role },
  conferenceId: Id<'conference'>,
  /** What goes with it, where somebody was removed. */
  also: (trx: Write) => Promise<void> = async () => {},
): Promise<'removed' | 'gone' | 'refused'> {
  if (member.accountId === by && member.role === 'organiser') return 'refused';
  const removed = await write(ctx.db, async (trx): Promise<'removed' | 'gone' | 'refused'> => {
    // One after the other: at PostgreSQL each would not see yet what the other does.
    await trx
      .updateTable('conferences')
      .set((eb) => ({ revision: eb.ref('revision') }))
      .where('id', '=', conferenceId)
      .execute();
    const organises = await trx
      .selectFrom('memberships')
      .select('role')
      .where('account_id', '=', by)
      .where('conference_id', '=', conferenceId)
      .where('role', '=', 'organiser')
      .executeTakeFirst();
    if (!organises) return 'refused';
    const { numDeletedRows } = await trx
      .deleteFrom('memberships')
      .where('account_id', '=', member.accountId)
      .where('conference_id', '=', conferenceId)
      .where('role', '=', member.role)
      .executeTakeFirst();
    if (numDeletedRows !== 1n) return 'gone';
    await also(trx);
    return 'removed';
  });
  const { accountId: account, role } = member;
  if (removed === 'removed') logSecurity(ctx, 'role-taken', { account, role, conference: conferenceId, by });
  return removed;
}

/**
 * Gives a role to whoever reads that address, and tells them by mail. Known or unknown, the same work. `mailed`: whether a
 * mail was queued; one goes to an address in a day.
 */
export async function invite(
  ctx: DomainContext,
  invited: {
    address: string;
    name: string;
    role: Role;
    conference: { id: Id<'conference'>; slug: string; name: string };
    /** Who gives it; nobody: the command line. */
    by?: Id<'account'>;
  },
  /** What goes with it, before the role is given. */
  also: (trx: Write, accountId: Id<'account'>) => Promise<void> = async () => {},
): Promise<{ accountId: Id<'account'>; mailed: boolean }> {
  const { conference, role, by = 'command line' } = invited;
  const { given, ...done } = await write(ctx.db, async (trx) => {
    const mailboxId = await mailboxFor(trx, ctx.clock, invited.address);
    let { accountId } = await mailboxOwner(trx, mailboxId, { settle: true });
    if (!accountId) {
      accountId = await createAccount(trx, ctx, invited.name);
      await reserveMailbox(trx, mailboxId, accountId);
    }
    await also(trx, accountId);
    const given = await grantRole(trx, ctx, accountId, conference.id, role, invited.name);
    const room = { author: 'submissions', reviewer: 'review', organiser: 'organise', conduct: 'conduct' }[role];
    const mail = renderMail(invitation, {
      role,
      conference: conference.name,
      url: `${ctx.config.origin}/${conference.slug}/${room}`,
    });
    const queued = await enqueue(trx, ctx, [
      {
        to: mailboxId,
        mail,
        fromName: conference.name,
        conferenceId: conference.id,
        // Once a day: a second press is no second mail, a second invitation next week is. By the mailbox: that one was
        // told must not tell that two addresses are one person's.
        dedupeKey: `invite:${conference.id}:${role}:${mailboxId}:${instant(ctx.clock.now()).slice(0, 10)}`,
      },
    ]);
    return { accountId, mailed: queued > 0, given };
  });
  if (given) logSecurity(ctx, 'role-given', { account: done.accountId, role, conference: conference.id, by });
  return done;
}

import type { Id } from '#db/schema';
import type { RequestContext } from '~/context.server';
import { accountMark, forgetForm, type KeptForm, keptForm } from '~/domain/account/kept-forms.server';
import { ownMailboxes } from '~/domain/account/mailboxes.server';
import { waitForPasskey } from '~/domain/account/passkey/pending.server';
import { asksPasskey } from '~/domain/account/passkey/queries.server';
import { deviceMark, knownDevice } from '~/domain/account/security/known-device.server';
import { newToken } from '~/domain/secret.server';
import { logSecurity } from '~/domain/security-log.server';
import { byCookie, deviceCookie, keptCookie, passkeyCookie } from '~/http/browser-cookies.server';
import { noticesOf, redirectWithNotice, type Told } from '~/http/notice.server';
import { redirectTo } from '~/http/redirect.server';
import { safeNext } from './gate.server';
import { isTypist } from './keeping.server';

/** Somebody who has just shown who they are, and how. */
export interface SigningIn {
  request: Request;
  accountId: Id<'account'>;
  by: 'link' | 'password' | 'passkey';
}

/**
 * Begins a session and goes to where the person was. What they had sent before is done now and its result is said, or it
 * waits there, filled in, for one more press. Where the account asks for a passkey as well, that comes first.
 */
export async function completeSignIn(
  context: RequestContext,
  signingIn: SigningIn,
  next: string,
  revived = false,
): Promise<Response> {
  const { accountId } = signingIn;
  const asked = await passkeyFirst(context, signingIn, next, revived);
  if (asked) return asked;
  const session = await begin(context, signingIn);
  const notices: Told[] = [];
  if (revived) notices.push({ notice: 'notice.mailRevived' });
  else if (await mailFails(context, accountId)) notices.push({ notice: 'notice.mailFails' });

  const waiting = await whatWaits(context, safeNext(next));
  const done = waiting?.asked && (await doNow(context, accountId, session, waiting));
  if (done) {
    notices.unshift(...done.notices);
    return signedIn(context, accountId, session, done.to, notices, waiting.token);
  }
  return signedIn(context, accountId, session, waiting ? pageOf(waiting) : safeNext(next), notices);
}

/** Begins a session after something else was done, which is what the page then says. */
export async function beginSession(
  context: RequestContext,
  signingIn: SigningIn,
  to: string,
  notice: Told,
): Promise<Response> {
  logSecurity(context, 'sign-in', { account: signingIn.accountId, by: 'message', network: context.network });
  const asked = await passkeyFirst(context, signingIn, to, false, [notice]);
  return asked ?? signedIn(context, signingIn.accountId, await begin(context, signingIn), to, [notice]);
}

/** Where the passkey is asked for that an account wants beside a link or a password; null: it wants none. */
async function passkeyFirst(
  context: RequestContext,
  { accountId, by }: SigningIn,
  next: string,
  revived: boolean,
  notices: Told[] = [],
): Promise<Response | null> {
  if (by === 'passkey' || !(await asksPasskey(context.db, accountId))) return null;
  const browser = context.browser.passkey ?? newToken();
  await waitForPasskey(context, browser, { accountId, next: safeNext(next), revived });
  const headers = { 'set-cookie': passkeyCookie(context.config, browser) };
  return notices.length > 0
    ? redirectWithNotice('/sign-in/passkey', notices, headers)
    : redirectTo('/sign-in/passkey', { status: 303, headers });
}

/** A password alone, which may have been guessed or found, is no word for changing how one signs in. */
function begin({ sessions }: RequestContext, { request, accountId, by }: SigningIn): Promise<string> {
  return sessions.begin(accountId, { request, proven: by !== 'password' });
}

function signedIn(
  context: RequestContext,
  accountId: Id<'account'>,
  session: string,
  to: string,
  notices: Told[],
  done?: string,
): Response {
  const { config, browser } = context;
  const response = notices.length > 0 ? redirectWithNotice(to, notices) : redirectTo(to, { status: 303 });
  const headers = new Headers([['set-cookie', session]]);
  headers.append('set-cookie', byCookie(config, accountMark(config, accountId)));
  headers.append('set-cookie', deviceCookie(config, devicesWith(context, accountId)));
  if (browser.passkey) headers.append('set-cookie', passkeyCookie(config, null));
  const kept = browser.kept.filter((token) => token !== done);
  if (kept.length < browser.kept.length) headers.append('set-cookie', keptCookie(config, kept));
  for (const cookie of headers.getSetCookie()) response.headers.append('set-cookie', cookie);
  return response;
}

/** What this browser keeps of its accounts, this one anew and last. */
function devicesWith(context: RequestContext, accountId: Id<'account'>): string[] {
  const { devices } = context.browser;
  const before = knownDevice(context, accountId, devices);
  return [...devices.filter((mark) => mark !== before), deviceMark(context, accountId)];
}

/** Whether nothing is sent any more to an address of theirs: they would wait for mail in vain. */
async function mailFails(context: RequestContext, accountId: Id<'account'>): Promise<boolean> {
  return (await ownMailboxes(context.db, accountId)).some((mailbox) => mailbox.suppressedAt);
}

interface Waiting {
  token: string;
  kept: KeptForm;
  /** Whether this way of signing in came from it. */
  asked: boolean;
}

/**
 * What this browser has sent from the page that is led to; else what it sent last, which is not to be forgotten. Nothing
 * of another browser's, whose owner may have led somebody here to do what that one had typed.
 */
async function whatWaits(context: RequestContext, next: string): Promise<Waiting | null> {
  const named = new URL(next, 'http://portal').searchParams.get('kept');
  const own = context.browser.kept;
  for (const token of named ? own.filter((one) => one === named) : [...own].reverse()) {
    const kept = await keptForm(context.db, context.clock, token);
    if (kept) return { token, kept, asked: token === named };
  }
  return null;
}

/**
 * Sends what was kept as its sender had. Never for another person than the one who was signed in as it was typed. Null:
 * it waits.
 */
async function doNow(
  context: RequestContext,
  accountId: Id<'account'>,
  session: string,
  { token, kept }: Waiting,
): Promise<{ to: string; notices: Told[] } | null> {
  if (!kept.itself || !isTypist(context.config, kept.by, accountId)) return null;
  const response = await context.send(kept.path, kept.fields, session.slice(0, session.indexOf(';')));
  const to = safeNext(response.headers.get('location'));
  if (response.status < 300 || response.status >= 400 || to.startsWith('/sign-in')) return null;
  await forgetForm(context.db, token);
  const notices = noticesOf(response.headers);
  return { to, notices: notices.length > 0 ? notices : [{ notice: 'notice.doneNow' }] };
}

/** Its page, with what waits named in the address. */
function pageOf({ token, kept }: Waiting): string {
  const url = new URL(safeNext(kept.page), 'http://portal');
  url.searchParams.set('kept', token);
  return url.pathname + url.search + url.hash;
}

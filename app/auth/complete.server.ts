import type { Id } from '#db/schema';
import type { RequestContext } from '~/context.server';
import { accountMark, forgetForm, type KeptForm, keptForm } from '~/domain/account/kept-forms.server';
import { ownMailboxes } from '~/domain/account/mailboxes.server';
import { logSecurity } from '~/domain/security-log.server';
import { byCookie, keptCookie } from '~/http/browser-cookies.server';
import { noticesOf, redirectWithNotice, type Told } from '~/http/notice.server';
import { redirectTo } from '~/http/redirect.server';
import { safeNext } from './gate.server';
import { isTypist } from './keeping.server';

/**
 * Begins a session and goes to where the person was. What they had sent before is done now and its result is said, or it
 * waits there, filled in, for one more press.
 */
export async function completeSignIn(
  context: RequestContext,
  accountId: Id<'account'>,
  next: string,
  revived = false,
): Promise<Response> {
  const session = await context.sessions.begin(accountId);
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
  accountId: Id<'account'>,
  to: string,
  notice: Told,
): Promise<Response> {
  logSecurity(context, 'sign-in', { account: accountId, by: 'message', network: context.network });
  return signedIn(context, accountId, await context.sessions.begin(accountId), to, [notice]);
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
  const kept = browser.kept.filter((token) => token !== done);
  if (kept.length < browser.kept.length) headers.append('set-cookie', keptCookie(config, kept));
  for (const cookie of headers.getSetCookie()) response.headers.append('set-cookie', cookie);
  return response;
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

/** What was kept of the page that is led to; else what this browser sent last, which is not to be forgotten. */
async function whatWaits(context: RequestContext, next: string): Promise<Waiting | null> {
  const named = new URL(next, 'http://portal').searchParams.get('kept');
  for (const token of named ? [named] : [...context.browser.kept].reverse()) {
    const kept = await keptForm(context.db, context.clock, token);
    if (kept) return { token, kept, asked: token === named };
  }
  return null;
}

/**
 * Sends what was kept as its sender had. Never for another browser, whose owner may have been led here by somebody else
 * to do what that one had typed, nor for another person than the one who was signed in as it was typed. Null: it waits.
 */
async function doNow(
  context: RequestContext,
  accountId: Id<'account'>,
  session: string,
  { token, kept }: Waiting,
): Promise<{ to: string; notices: Told[] } | null> {
  const here = context.browser.kept.includes(token);
  const theirs = isTypist(context.config, kept.by, accountId);
  if (!kept.itself || !here || !theirs) return null;
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

import { parse, type SubmissionResult } from '@conform-to/dom';
import { redirect } from '@remix-run/node';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import type { MessageKey } from '#locales/translate';
import type { RequestContext } from '~/context.server';
import { accountMark, type KeptForm, keepForm, keptForm } from '~/domain/account/kept-forms.server';
import { countAttempt } from '~/domain/account/limits.server';
import type { Viewer } from '~/domain/account/viewer';
import { keptCookie } from '~/http/browser-cookies.server';
import { type Notice, redirectWithNotice } from '~/http/notice.server';
import { wordsOf } from '~/http/words.server';
import { accountTag, typistOf } from './account-tag.server';

/** The viewer of a page that needs one; whoever is signed out goes to sign in and comes back here. */
export async function requireViewer(context: RequestContext, request: Request): Promise<Viewer> {
  const viewer = await context.viewer();
  if (viewer) return viewer;
  const { pathname, search } = new URL(request.url);
  throw redirect(`/sign-in?${new URLSearchParams({ next: pagePath(pathname) + search })}`);
}

/** How what a signed-out person sends is kept. */
export interface Keeping {
  /** Where it is shown and can be sent again; the action's own address where none is given. */
  page?: string;
  /** See KeptForm: done by itself after signing in; a button that no form on its page shows. */
  itself?: boolean;
  button?: boolean;
}

/** The viewer of an action that needs one. What a signed-out person has sent is kept until they have signed in. */
export async function requireViewerKeeping(
  context: RequestContext,
  request: Request,
  form: FormData,
  keeping: Keeping = {},
): Promise<Viewer> {
  const viewer = await context.viewer();
  if (viewer) return viewer;
  throw await signInKeeping(context, request, form, keeping);
}

/**
 * The way to sign in and back, with what was sent kept. Where too much of that network is kept already, the words stay on
 * the page that says so (429).
 */
export async function signInKeeping(
  context: RequestContext,
  request: Request,
  form: FormData,
  keeping: Keeping = {},
  notice?: Notice,
): Promise<Response> {
  const place = await placeKeeping(context, request, form, keeping);
  if (!place.ok) throw Response.json({ retry: place.retry, typed: wordsOf(form) }, { status: 429 });
  const { page, headers } = place;
  const to = `/sign-in?${new URLSearchParams({ next: page })}`;
  return notice ? redirectWithNotice(to, notice, headers) : redirect(to, { headers });
}

/** Where what was kept is shown again; or how it can be sent once more, where too much is kept already. */
type Place =
  | { ok: true; page: string; headers: Record<string, string> }
  | { ok: false; retry: { path: string; fields: [string, string][] } };

/** Whether this account may be who has typed what was kept. */
export function isTypist(context: RequestContext, { by }: Pick<KeptForm, 'by'>, accountId: Id<'account'>): boolean {
  return by === null || by === accountMark(context.config, accountId) || by === accountTag(accountId);
}

/** The page of a form, with what was typed into it kept. Passwords are not. */
export async function placeKeeping(
  context: RequestContext,
  request: Request,
  form: FormData,
  { page, itself = false, button = false }: Keeping = {},
): Promise<Place> {
  const url = new URL(request.url);
  url.searchParams.delete('kept');
  const path = pagePath(url.pathname) + url.search;
  const fields = [...form].filter(
    (field): field is [string, string] => typeof field[1] === 'string' && field[0] !== 'password',
  );
  const next = new URL(page ?? path, 'http://portal');
  const headers: Record<string, string> = {};
  if (fields.length > 0) {
    if (await write(context.db, (trx) => countAttempt(trx, context, 'keptFrom', context.network)))
      return { ok: false, retry: { path, fields } };
    const { kept } = context.browser;
    const by = typistOf(request) ?? context.browser.by;
    const form: KeptForm = { path, fields, page: next.pathname + next.search + next.hash, itself, button, by };
    const token = await keepForm(context.db, context.clock, form);
    headers['set-cookie'] = keptCookie(context.config, [...kept, token]);
    next.searchParams.set('kept', token);
  }
  return { ok: true, page: next.pathname + next.search + next.hash, headers };
}

/** What was kept for the page that is asked for, as conform puts it back into a form. */
export async function keptResult(
  context: RequestContext,
  request: Request,
): Promise<SubmissionResult<string[]> | null> {
  const kept = await keptOf(context, request);
  if (!kept || kept.button) return null;
  const form = new FormData();
  for (const [name, value] of kept.fields) form.append(name, value);
  return {
    initialValue: parse(form, { resolve: () => ({ value: null }) }).payload as SubmissionResult['initialValue'],
  };
}

/**
 * What the page that is asked for has to say of something that was sent before signing in and is not done. `retry`: what
 * a button sends; only in the browser that it came from, since nobody sees what is in it.
 */
export interface Waiting {
  what: 'form' | 'otherAccount' | 'button' | 'elsewhere';
  retry: { path: string; fields: [string, string][]; label: MessageKey } | null;
}

/** What the buttons say that no form shows, by what they send: nobody presses what they cannot read. */
const LABELS: Record<string, MessageKey> = {
  withdraw: 'submission.withdraw',
  reinstate: 'submission.reinstate',
  publish: 'organise.publish',
  unpublish: 'decide.unpublish',
  'remove-review': 'review.remove',
  remove: 'organise.remove',
  hold: 'desk.hold',
  release: 'desk.release',
  cancel: 'desk.cancel',
  retry: 'desk.retry',
  discard: 'held.discard',
  mute: 'thread.mute',
  unmute: 'thread.unmute',
  leave: 'thread.leave',
  'come-back': 'thread.comeBack',
  yes: 'thread.yes',
  no: 'thread.no',
  unblock: 'letters.unblock',
  paper: 'form.save',
};

function labelOf({ path, fields }: KeptForm): MessageKey {
  const pressed = fields.find(([name]) => name === 'act' || name === 'intent')?.[1] ?? '';
  if (pressed === 'publish' && !path.endsWith('/organise')) return 'decide.publish';
  if (path.endsWith('/star'))
    return fields.some(([name, value]) => name === 'starred' && value === '1') ? 'star.addShort' : 'star.removeShort';
  return LABELS[pressed] ?? 'waiting.now';
}

export async function waitingForm(context: RequestContext, request: Request, viewer: Viewer): Promise<Waiting | null> {
  const kept = request.method === 'GET' ? await keptOf(context, request) : null;
  if (!kept) return null;
  const { searchParams } = new URL(request.url);
  const token = searchParams.get('kept') ?? '';
  const theirs = isTypist(context, kept, viewer.accountId);
  if (!kept.button) return { what: theirs ? 'form' : 'otherAccount', retry: null };
  if (!theirs || !context.browser.kept.includes(token)) return { what: 'elsewhere', retry: null };
  const again = new URL(kept.path, 'http://portal');
  again.searchParams.set('kept', token);
  return { what: 'button', retry: { path: again.pathname + again.search, fields: kept.fields, label: labelOf(kept) } };
}

/** Whether what was kept for the page to return to is done by itself after signing in; null: nothing was. */
export async function keptFor(context: RequestContext, next: string): Promise<'itself' | 'waits' | null> {
  const token = new URL(next, 'http://portal').searchParams.get('kept');
  const kept = token && (await keptForm(context.db, context.clock, token));
  if (!token || !kept) return null;
  return kept.itself && context.browser.kept.includes(token) ? 'itself' : 'waits';
}

async function keptOf(context: RequestContext, request: Request): Promise<KeptForm | null> {
  const token = new URL(request.url).searchParams.get('kept');
  return token ? keptForm(context.db, context.clock, token) : null;
}

/** Throws a 403 in the site's look. For what the viewer may see but not do. */
export function forbid(allowed: boolean): asserts allowed {
  if (!allowed) throw new Response(null, { status: 403 });
}

export function notFound(): Response {
  return new Response(null, { status: 404 });
}

/** Captured mail holds addresses and sign-in links: it exists on a developer's own machine only. */
export function developmentOnly(context: RequestContext): void {
  if (context.config.production || context.config.smtpUrl) throw notFound();
}

/** A path of this portal, or `/`: never another site, however it is written. */
export function safeNext(next: unknown): string {
  if (typeof next !== 'string' || !/^\/(?!\/)/.test(next) || /[\\\s\p{Cc}]/u.test(next) || next.length > 2_000)
    return '/';
  // As a browser will read it: `/..//evil.example` comes down to `//evil.example`.
  const { pathname, search, hash } = new URL(next, 'http://portal');
  return pathname.startsWith('//') ? '/' : pathname + search + (PLACE.test(hash) ? hash : '');
}

/** The id of something on the page, as the URL standard writes it: no text to look for, no parameters. */
const PLACE = /^#[\w.~%-]{1,200}$/;

/** Client-side data requests ask for `/path.data`; the page is `/path`. */
function pagePath(pathname: string): string {
  return pathname.replace(/\.data$/, '');
}

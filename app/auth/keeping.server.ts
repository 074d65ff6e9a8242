import { parse, type SubmissionResult } from '@conform-to/dom';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import type { MessageKey } from '#locales/translate';
import type { Config } from '~/config.server';
import type { RequestContext } from '~/context.server';
import { accountMark, type KeptForm, keepForm, keptForm, stillKept } from '~/domain/account/kept-forms.server';
import { countAttempt } from '~/domain/account/limits.server';
import type { Viewer } from '~/domain/account/viewer';
import { keptCookie, MAX_KEPT } from '~/http/browser-cookies.server';
import { typistOf } from '~/http/by-script.server';
import { isSecret } from '~/http/words.server';

/** How what a signed-out person sends is kept. */
export interface Keeping {
  /** Where it is shown and can be sent again; the action's own address where none is given. */
  page?: string;
  /** See KeptForm: done by itself after signing in; a button that no form on its page shows. */
  itself?: boolean;
  button?: boolean;
}

/** Where what was kept is shown again; or how it can be sent once more, where too much is kept already. */
type Place =
  | { ok: true; page: string; headers: Record<string, string> }
  | { ok: false; retry: { path: string; fields: [string, string][] } };

/** Whether this account may be who has typed something: `by` is their mark, or nobody knows whose it is (null). */
export function isTypist(config: Config, by: string | null, accountId: Id<'account'>): boolean {
  return by === null || by === accountMark(config, accountId);
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
    (field): field is [string, string] => typeof field[1] === 'string' && !isSecret(field[0]),
  );
  const next = new URL(page ?? path, 'http://portal');
  const headers: Record<string, string> = {};
  if (fields.length > 0) {
    const kept = await stillKept(context.db, context.clock, context.browser.kept);
    if (
      kept.length >= MAX_KEPT ||
      (await write(context.db, (trx) => countAttempt(trx, context, 'keptFrom', context.network)))
    )
      return { ok: false, retry: { path, fields } };
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
  what: 'form' | 'otherAccount' | 'button' | 'elsewhere' | 'otherBrowser';
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
  'remove-now': 'organise.remove',
  'apply-decision': 'decide.apply',
  'discard-decision': 'decide.discard',
  'take-back': 'decide.takeBack',
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
  if (pressed === 'leave' && path.endsWith('/authorship')) return 'authorship.leave';
  if (path.endsWith('/star'))
    return fields.some(([name, value]) => name === 'starred' && value === '1') ? 'star.addShort' : 'star.removeShort';
  return LABELS[pressed] ?? 'waiting.now';
}

export async function waitingForm(context: RequestContext, request: Request, viewer: Viewer): Promise<Waiting | null> {
  const token = request.method === 'GET' ? new URL(request.url).searchParams.get('kept') : null;
  if (!token) return null;
  const kept = await keptForm(context.db, context.clock, token);
  if (!kept) return null;
  const here = context.browser.kept.includes(token);
  if (!here && !kept.button) return { what: 'otherBrowser', retry: null };
  const theirs = isTypist(context.config, kept.by, viewer.accountId);
  if (!kept.button) return { what: theirs ? 'form' : 'otherAccount', retry: null };
  if (!theirs || !here) return { what: 'elsewhere', retry: null };
  const again = new URL(kept.path, 'http://portal');
  again.searchParams.set('kept', token);
  return { what: 'button', retry: { path: again.pathname + again.search, fields: kept.fields, label: labelOf(kept) } };
}

/** Whether what was kept for the page to return to is done by itself after signing in; null: nothing was. */
export async function keptFor(context: RequestContext, next: string): Promise<'itself' | 'waits' | null> {
  const token = new URL(next, 'http://portal').searchParams.get('kept');
  const here = token && context.browser.kept.includes(token);
  const kept = here && (await keptForm(context.db, context.clock, token));
  if (!kept) return null;
  return kept.itself ? 'itself' : 'waits';
}

/** In the browser that made it alone: the address may be in a mail that was passed on, or made by somebody else. */
async function keptOf(context: RequestContext, request: Request): Promise<KeptForm | null> {
  const token = new URL(request.url).searchParams.get('kept');
  return token && context.browser.kept.includes(token) ? keptForm(context.db, context.clock, token) : null;
}

/** Client-side data requests ask for `/path.data`; the page is `/path`. */
export function pagePath(pathname: string): string {
  return pathname.replace(/\.data$/, '');
}

import { parse, type SubmissionResult } from '@conform-to/dom';
import { redirect } from '@remix-run/node';
import { write } from '#db/write';
import type { RequestContext } from '~/context.server';
import { keepForm, keptForm } from '~/domain/account/kept-forms.server';
import { countAttempt } from '~/domain/account/limits.server';
import type { Viewer } from '~/domain/account/viewer';

/** The viewer of a page that needs one; whoever is signed out goes to sign in and comes back here. */
export async function requireViewer(context: RequestContext, request: Request): Promise<Viewer> {
  const viewer = await context.viewer();
  if (viewer) return viewer;
  const { pathname, search } = new URL(request.url);
  throw redirect(`/sign-in?${new URLSearchParams({ next: pagePath(pathname) + search })}`);
}

/**
 * The viewer of an action that needs one. What a signed-out person has typed is kept: after signing in they are at
 * `page` (else at the action's own path) with it.
 */
export async function requireViewerKeeping(
  context: RequestContext,
  request: Request,
  form: FormData,
  page?: string,
): Promise<Viewer> {
  const viewer = await context.viewer();
  if (viewer) return viewer;
  throw redirect(await signInKeeping(context, request, form, page));
}

/** The way to sign in and back, with what was typed kept. */
export async function signInKeeping(
  context: RequestContext,
  request: Request,
  form: FormData,
  page?: string,
): Promise<string> {
  const path = pagePath(new URL(request.url).pathname);
  const fields = [...form].filter((field): field is [string, string] => typeof field[1] === 'string');
  const next = new URL(page ?? path, 'http://portal');
  const refused = await write(context.db, (trx) => countAttempt(trx, context, 'keptFrom', context.network));
  if (!refused) next.searchParams.set('kept', await keepForm(context.db, context.clock, { path, fields }));
  return `/sign-in?${new URLSearchParams({ next: next.pathname + next.search + next.hash })}`;
}

/** What was kept for the page that is asked for, as conform puts it back into a form. */
export async function keptResult(
  context: RequestContext,
  request: Request,
): Promise<SubmissionResult<string[]> | null> {
  const token = new URL(request.url).searchParams.get('kept');
  const kept = token && (await keptForm(context.db, context.clock, token));
  if (!kept) return null;
  const form = new FormData();
  for (const [name, value] of kept.fields) form.append(name, value);
  return {
    initialValue: parse(form, { resolve: () => ({ value: null }) }).payload as SubmissionResult['initialValue'],
  };
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

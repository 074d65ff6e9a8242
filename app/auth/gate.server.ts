import type { RequestContext } from '~/context.server';
import type { Viewer } from '~/domain/account/viewer';
import { type Notice, redirectWithNotice } from '~/http/notice.server';
import { redirectTo } from '~/http/redirect.server';
import { wordsOf } from '~/http/words.server';
import { localPath } from '~/paths';
import { type Keeping, pagePath, placeKeeping } from './keeping.server';

/** The viewer of a page that needs one; whoever is signed out goes to sign in and comes back here. */
export async function requireViewer(context: RequestContext, request: Request): Promise<Viewer> {
  const viewer = await context.viewer();
  if (viewer) return viewer;
  const { pathname, search } = new URL(request.url);
  throw redirectTo(`/sign-in?${new URLSearchParams({ next: pagePath(pathname) + search })}`);
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
  return notice ? redirectWithNotice(to, notice, headers) : redirectTo(to, { headers });
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
  if (context.config.production || context.config.smtp) throw notFound();
}

/** Our ids are shorter, by far. */
const MAX_PLACE = 200;

/** Where a form or an address says to go on: a path of this portal, or `/`. */
export function safeNext(next: unknown): string {
  if (typeof next !== 'string' || /[\\\s\p{Cc}]/u.test(next) || next.length > 2_000) return '/';
  const [path = '', place] = (localPath(next) ?? '/').split('#');
  return place && place.length <= MAX_PLACE ? `${path}#${place}` : path;
}

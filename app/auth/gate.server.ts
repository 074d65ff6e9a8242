import { redirect } from '@remix-run/node';
import type { RequestContext } from '~/context.server';
import { keepForm } from '~/domain/account/kept-forms.server';
import type { Viewer } from '~/domain/account/viewer';

/** The viewer of a page that needs one; whoever is signed out goes to sign in and comes back here. */
export async function requireViewer(context: RequestContext, request: Request): Promise<Viewer> {
  const viewer = await context.viewer();
  if (viewer) return viewer;
  const { pathname, search } = new URL(request.url);
  throw redirect(`/sign-in?${new URLSearchParams({ next: pagePath(pathname) + search })}`);
}

/**
 * The viewer of an action that needs one. What a signed-out person has typed is kept: after signing in they are back
 * at `path` with it.
 */
export async function requireViewerKeeping(context: RequestContext, request: Request, form: FormData, path?: string): Promise<Viewer> {
  const viewer = await context.viewer();
  if (viewer) return viewer;
  const next = path ?? pagePath(new URL(request.url).pathname);
  const fields = [...form].filter((field): field is [string, string] => typeof field[1] === 'string');
  const { token } = await keepForm(context.db, context.clock, next, fields);
  throw redirect(`/sign-in?${new URLSearchParams({ next, kept: token })}`);
}

/** Throws a 403 in the site's look. For what the viewer may see but not do. */
export function forbid(allowed: boolean): asserts allowed {
  if (!allowed) throw new Response(null, { status: 403 });
}

export function notFound(): Response {
  return new Response(null, { status: 404 });
}

/** A path of this portal, or `/`: never another site, however it is written. */
export function safeNext(next: unknown): string {
  if (typeof next !== 'string' || !/^\/(?![/\\])/.test(next) || /[\\\s\p{Cc}]/u.test(next) || next.length > 2_000) return '/';
  return next;
}

/** Client-side data requests ask for `/path.data`; the page is `/path`. */
function pagePath(pathname: string): string {
  return pathname.replace(/\.data$/, '');
}

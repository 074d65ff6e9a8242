import { type AppLoadContext, createRequestHandler, type ServerBuild } from '@remix-run/node';
import { isUnavailable } from '#db/write';
import { negotiateLocale, translator } from '#locales/translate';
import { isTypist, placeKeeping } from '~/auth/keeping.server';
import type { AppContext, Problem, RequestContext } from '~/context.server';
import { forgetForm } from '~/domain/account/kept-forms.server';
import { type Conference, conferenceBySlug } from '~/domain/conference/queries.server';
import { readBody } from './body.server';
import { readBrowser } from './browser-cookies.server';
import { BY_SCRIPT, forScript, typistOf } from './by-script.server';
import { readForm } from './form.server';
import { hostOf, isOwnElsewhere } from './host.server';
import { clearNotice, NOTICE, noticeCookie, readNotices } from './notice.server';
import { PUBLIC_CONTENT } from './page-cache.server';
import { redirectTo } from './redirect.server';
import { noteRefusal } from './refusals.server';
import { isSameOrigin, newNonce, secure, securePage } from './security.server';
import { isOnesOwn } from './stored.server';
import { isSecret, wordsOf } from './words.server';

/** Not a route: its body is no form, and its sender no browser. */
const INBOUND_PATH = '/api/inbound';

/** What is done here is allowed by the path itself, and by no cookie: mail programs post to it (RFC 8058). */
const LETTERS_PATH = '/letters/';

export type Portal = (request: Request, network: string) => Promise<Response>;

/** The whole portal as one function: a request in, a response out. `build` is Remix's server build. */
export function createPortal(
  app: AppContext,
  build: ServerBuild | (() => Promise<ServerBuild>),
  mode: 'production' | 'development' = 'production',
): Portal {
  const handle = createRequestHandler(build, mode);
  const remix = (request: Request, context: RequestContext) => handle(request, context as unknown as AppLoadContext);

  return async function portal(request, network) {
    if (new URL(request.url).pathname === INBOUND_PATH) {
      const { takeInbound } = await import('~/inbound/webhook.server');
      const response = await takeInbound(app, request, app.resolver);
      secure(response.headers, app.config);
      return response;
    }
    const context = requestContext(app, request, network);
    context.send = (path, fields, session) => send(request, network, path, fields, session);
    const received = await receive(app, request, context);
    if (received instanceof Response) return finish(app, request, received, context);
    context.problem = received.problem;
    const response = await answer(received.request, context);
    await forgetSent(app, received.request, response);
    return finish(app, request, response, context);
  };

  /** One of our own pages sends a form: what a browser would say with it is said here. */
  async function send(asked: Request, network: string, path: string, fields: [string, string][], cookie: string) {
    const { host } = new URL(app.config.origin);
    const headers = { cookie, host, origin: app.config.origin, 'accept-language': languageOf(asked) };
    const url = new URL(path, asked.url);
    const request = new Request(url, { method: 'POST', headers, body: new URLSearchParams(fields) });
    return remix(request, requestContext(app, request, network));
  }

  async function answer(request: Request, context: RequestContext): Promise<Response> {
    try {
      // Remix reads the body; the copy is for the page that offers to try again.
      const copy = request.method === 'POST' ? request.clone() : null;
      const response = await remix(request, context);
      const problem = copy
        ? await problemWithWords(copy, response, context)
        : context.unavailable && { status: 503 as const };
      if (!problem) return response;
      context.problem = problem;
      return await remix(problemRequest(request), context);
    } catch (error) {
      app.log.error({ err: error }, 'request failed');
      return new Response('Internal error', { status: 500 });
    }
  }
}

/** A form that waited and was sent from its page has been done: it is not there a second time. */
async function forgetSent(app: AppContext, request: Request, response: Response): Promise<void> {
  const token = request.method === 'POST' ? new URL(request.url).searchParams.get('kept') : null;
  const to = response.headers.get('location');
  if (!token || !to || response.status >= 400 || to.startsWith('/sign-in')) return;
  // It has been done: that it is still kept for the rest of its day must not make that an error.
  await forgetForm(app.db, token).catch((error) => app.log.warn({ err: error }, 'kept form not forgotten'));
}

function languageOf(request: Request): string {
  return request.headers.get('accept-language') ?? '';
}

async function receive(
  app: AppContext,
  request: Request,
  context: RequestContext,
): Promise<{ request: Request; problem: Problem | null } | Response> {
  const refused = (problem: Problem) => ({ request: problemRequest(request), problem });
  // Nothing of ours has a NUL in its address, and PostgreSQL cannot even look for one; nor two slashes before its name,
  // which browsers take for another site where a page or a form leads back to it.
  if (request.url.includes('%00') || new URL(request.url).pathname.startsWith('//')) return refused({ status: 404 });
  if (request.method === 'GET' || request.method === 'HEAD') return { request, problem: null };
  if (request.method !== 'POST') return refused({ status: 405 });
  const { pathname } = new URL(request.url);
  const own = pathname.startsWith(LETTERS_PATH) || isSameOrigin(request, app.config.origin);
  const host = hostOf(Object.fromEntries(request.headers), app.config);
  const { headers: sent } = request;
  if (!own && !isOwnElsewhere(sent.get('origin'), host, sent.get('sec-fetch-site')))
    return refused({ status: 403, foreign: true });
  const body = await readBody(request);
  if (!body) return refused({ status: 413 });
  const headers = new Headers(request.headers);
  // Remix compares Origin with these once more; proxies set them as they like, and ORIGIN alone has said who we are.
  headers.set('host', new URL(app.config.origin).host);
  headers.delete('x-forwarded-host');
  const form = new Request(request.url, { method: 'POST', headers, body });
  if (!own) return waitOnItsPage(form, context, app.config.origin);
  return (await isAnothers(form, context)) ? waitOnItsPage(form, context, '') : { request: form, problem: null };
}

/** Whether somebody else has signed in in this browser since the page was made that a script sends a form from. */
async function isAnothers(request: Request, context: RequestContext): Promise<boolean> {
  const typist = typistOf(request);
  if (typist === null) return false;
  const viewer = await context.viewer();
  return viewer !== null && !isTypist(context.config, typist, viewer.accountId);
}

/**
 * What was typed on a page of the portal under another of its names, or for somebody else who was signed in, is on its
 * page and not sent yet.
 */
async function waitOnItsPage(
  request: Request,
  context: RequestContext,
  origin: string,
): Promise<{ request: Request; problem: Problem } | Response> {
  try {
    const form = await readForm(request);
    const place = await placeKeeping(context, request, form);
    if (!place.ok) return { request: problemRequest(request), problem: { status: 429, typed: wordsOf(form) } };
    return redirectTo(place.page, { status: 303, headers: place.headers, origin });
  } catch (error) {
    if (error instanceof Response) return { request: problemRequest(request), problem: { status: 400 } };
    if (isUnavailable(error)) return { request: problemRequest(request), problem: { status: 503 } };
    throw error;
  }
}

/** Asks for a page that no route has: the root route shows the problem, and no loader redirects past it. */
function problemRequest({ url, headers }: Request): Request {
  return new Request(new URL('/-/-/-/-', url), { headers });
}

/** What loaders and actions get. */
export function requestContext(app: AppContext, request: Request, network: string): RequestContext {
  const locale = negotiateLocale(request.headers.get('accept-language'));
  const conferences = new Map<string, Promise<Conference>>();
  let looking: ReturnType<AppContext['sessions']['viewer']> | undefined;
  const context: RequestContext = {
    ...app,
    viewer: async () => (await look()).viewer,
    session: async () => (await look()).session,
    conference(slug = '') {
      let found = conferences.get(slug);
      if (!found) {
        found = conferenceBySlug(app.db, slug).then((conference) => {
          if (!conference) throw new Response(null, { status: 404 });
          return conference;
        });
        conferences.set(slug, found);
      }
      return found;
    },
    sessionCookie: null,
    account: null,
    locale,
    t: translator(locale),
    nonce: newNonce(),
    notices: readNotices(app.config, request.headers.get('cookie')),
    browser: readBrowser(app.config, request),
    send: () => Promise.reject(new Error('A form that was sent by the portal sends none')),
    network,
    problem: null,
    posted: request.method === 'POST',
    unavailable: false,
  };
  async function look() {
    looking ??= app.sessions.viewer(request);
    const looked = await looking;
    context.sessionCookie = looked.setCookie;
    context.account = looked.viewer?.accountId ?? null;
    return looked;
  }
  return context;
}

function finish(app: AppContext, request: Request, answered: Response, context: RequestContext): Response {
  noteRefusal(request, answered.status, context);
  const response = request.headers.has(BY_SCRIPT) ? forScript(answered) : answered;
  const headers = new Headers(response.headers);
  if (!headers.has('cache-control') && isOnesOwn(request, context)) headers.set('cache-control', 'no-store');
  securePage(headers, app.config, headers.has(PUBLIC_CONTENT) ? null : context.nonce);
  // A response that sets the cookie itself (signing in or out) knows better.
  if (context.sessionCookie && !headers.get('set-cookie')?.includes('colloquy='))
    headers.append('set-cookie', context.sessionCookie);
  const told = headers.get(NOTICE);
  headers.delete(NOTICE);
  if (told !== null) headers.append('set-cookie', noticeCookie(app.config, told));
  else if (context.notices.length > 0 && response.status === 200) headers.append('set-cookie', clearNotice(app.config));
  if (response.status === 503) headers.set('retry-after', '5');
  // RFC 9110, 15.5.6: what the address does answer.
  if (response.status === 405) headers.set('allow', request.method === 'POST' ? 'GET, HEAD' : 'GET, HEAD, POST');
  return new Response(request.method === 'HEAD' ? null : response.body, { status: response.status, headers });
}

/** Statuses of a page that has no form to give back what was typed in. */
const WORDLESS = [400, 403, 404, 405, 500] as const;

/** What to show where a form was refused and its page is not there: what was typed. Null: the answer has it already. */
async function problemWithWords(form: Request, response: Response, context: RequestContext): Promise<Problem | null> {
  const { pathname, search } = new URL(form.url);
  if (context.unavailable) return { status: 503, retry: { path: pathname + search, fields: await textFields(form) } };
  const status = WORDLESS.find((one) => one === response.status);
  const typed = status ? wordsOf(await textFields(form)) : [];
  return status && typed.length > 0 ? { status, typed } : null;
}

async function textFields(request: Request): Promise<[string, string][]> {
  const form = await request.formData().catch(() => []);
  return [...form].filter((field): field is [string, string] => typeof field[1] === 'string' && !isSecret(field[0]));
}

import { type AppLoadContext, createRequestHandler, type ServerBuild } from '@remix-run/node';
import { negotiateLocale, translator } from '#locales/translate';
import type { AppContext, Problem, RequestContext } from '~/context.server';
import { type Conference, conferenceBySlug } from '~/domain/conference/queries.server';
import { readBody } from './body.server';
import { clearNotice, readNotice } from './notice.server';
import { PUBLIC_CONTENT } from './page-cache.server';
import { isSameOrigin, newNonce, secure } from './security.server';

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
    const context = requestContext(app, request, network);
    const received = await receive(app, request);
    context.problem = received.problem;
    const response = await answer(received.request, context);
    return finish(app, request, response, context);
  };

  async function answer(request: Request, context: RequestContext): Promise<Response> {
    try {
      // Remix reads the body; the copy is for the page that offers to try again.
      const copy = request.method === 'POST' ? request.clone() : null;
      const response = await remix(request, context);
      if (!context.unavailable) return response;
      context.problem = {
        status: 503,
        retry: copy && { path: new URL(request.url).pathname, fields: await textFields(copy) },
      };
      return await remix(new Request(request.url.split('?')[0]!, { headers: request.headers }), context);
    } catch (error) {
      app.log.error({ err: error }, 'request failed');
      return new Response('Internal error', { status: 500 });
    }
  }
}

async function receive(app: AppContext, request: Request): Promise<{ request: Request; problem: Problem | null }> {
  const refused = (status: Problem['status']) => ({
    request: new Request(request.url, { headers: request.headers }),
    problem: { status },
  });
  if (request.method === 'GET' || request.method === 'HEAD') return { request, problem: null };
  if (request.method !== 'POST') return refused(405);
  if (!isSameOrigin(request, app.config.origin)) return refused(403);
  const body = await readBody(request);
  if (!body) return refused(413);
  // Remix compares Origin with these once more, and a proxy in front may have changed them.
  const headers = new Headers(request.headers);
  headers.set('host', new URL(app.config.origin).host);
  headers.delete('x-forwarded-host');
  return { request: new Request(request.url, { method: 'POST', headers, body }), problem: null };
}

/** What loaders and actions get. */
export function requestContext(app: AppContext, request: Request, network: string): RequestContext {
  const locale = negotiateLocale(request.headers.get('accept-language'));
  const conferences = new Map<string, Promise<Conference>>();
  let session: ReturnType<AppContext['sessions']['viewer']> | undefined;
  const context: RequestContext = {
    ...app,
    async viewer() {
      session ??= app.sessions.viewer(request);
      const { viewer, setCookie } = await session;
      context.sessionCookie = setCookie;
      return viewer;
    },
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
    locale,
    t: translator(locale),
    nonce: newNonce(),
    notice: readNotice(request),
    network,
    problem: null,
    unavailable: false,
  };
  return context;
}

function finish(app: AppContext, request: Request, response: Response, context: RequestContext): Response {
  const headers = new Headers(response.headers);
  secure(headers, app.config, headers.has(PUBLIC_CONTENT) ? null : context.nonce);
  // A response that sets the cookie itself (signing in or out) knows better.
  if (context.sessionCookie && !headers.get('set-cookie')?.includes('colloquy='))
    headers.append('set-cookie', context.sessionCookie);
  if (context.notice && response.status < 300) headers.append('set-cookie', clearNotice());
  if (response.status === 503) headers.set('retry-after', '5');
  return new Response(request.method === 'HEAD' ? null : response.body, { status: response.status, headers });
}

async function textFields(request: Request): Promise<[string, string][]> {
  const form = await request.formData();
  return [...form].filter(
    (field): field is [string, string] => typeof field[1] === 'string' && field[0] !== 'password',
  );
}

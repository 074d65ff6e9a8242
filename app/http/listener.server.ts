import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { createRequest, sendResponse } from '@remix-run/node-fetch-server';
import sirv from 'sirv';
import { isUnavailable } from '#db/write';
import type { AppContext } from '~/context.server';
import { placeAtOrigin } from './host.server';
import { networkOf } from './network.server';
import { encode, encodingFor, etagOf, type KeptPage, PageCache, PUBLIC_CONTENT } from './page-cache.server';
import type { Portal } from './portal.server';
import { redirectTo } from './redirect.server';

/** Of the files that are text, as what they are read. */
const TEXT_TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
};
const SMALLEST_WORTH_ENCODING = 1_000;

/** Node's door to the portal: files of the build, kept public pages, and for everything else the portal itself. */
export function createListener(app: AppContext, portal: Portal, clientDirectory: string | null) {
  const cache = new PageCache(app.db);
  const origin = new URL(app.config.origin);
  const files =
    clientDirectory &&
    sirv(clientDirectory, {
      etag: true,
      dotfiles: false,
      brotli: true,
      gzip: true,
      setHeaders: (res, path) => {
        const type = TEXT_TYPES[extname(path)];
        if (type) res.setHeader('content-type', `${type}; charset=utf-8`);
      },
    });

  return function listener(req: IncomingMessage, res: ServerResponse): void {
    // A proxy may ask with the whole address (RFC 9112, 3.2.2): ORIGIN alone says who we are.
    const url = (req.url ?? '/').replace(/^https?:\/\/[^/?#]*\/?/i, '/');
    req.url = url;
    // The fetch standard has no request with TRACE, and nobody needs to see what came of theirs.
    if (!url.startsWith('/') || req.method === 'TRACE') {
      refuse(res, req.method === 'TRACE' ? 405 : 400);
      return;
    }
    if (files && (url.startsWith('/assets/') || url === '/favicon.svg' || url === '/robots.txt')) {
      // Names of built files carry a hash of their content: they never change. Those of public/ do not. Said before, for
      // whoever has the file already is told so without it.
      const kept = url.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'max-age=3600';
      res.setHeader('cache-control', `public, ${kept}`);
      files(req, res, () => {
        res.removeHeader('cache-control');
        answer(req, res, url);
      });
      return;
    }
    answer(req, res, url);
  };

  function answer(req: IncomingMessage, res: ServerResponse, url: string): void {
    respond(req, res, url).catch((error) => {
      app.log.error({ err: error }, 'response failed');
      if (!res.headersSent) res.writeHead(500, { 'content-type': 'text/plain' });
      res.end();
    });
  }

  async function respond(req: IncomingMessage, res: ServerResponse, url: string): Promise<void> {
    const elsewhere =
      req.method === 'GET' || req.method === 'HEAD' ? placeAtOrigin(url, req.headers, app.config) : null;
    if (elsewhere !== null) {
      const headers = { 'cache-control': 'no-store', vary: 'Host, X-Forwarded-Host' };
      const to = elsewhere.slice(app.config.origin.length);
      return sendResponse(res, redirectTo(to, { origin: app.config.origin, headers }));
    }
    // Without a build the sources change under the pages: nothing is kept.
    const key = files && req.method === 'GET' ? await cacheKey(req, url) : null;
    const kept = key && cache.find(key);
    if (kept) return sendKept(req, res, kept);

    const request = createRequest(req, res, { host: origin.host, protocol: origin.protocol });
    const response = await portal(request, networkOf(req, app.config.trustProxy));
    const isPublic = response.headers.has(PUBLIC_CONTENT);
    response.headers.delete(PUBLIC_CONTENT);
    if (!isText(response) || req.method === 'HEAD') return sendResponse(res, response);

    const body = Buffer.from(await response.arrayBuffer());
    const encoding = body.length < SMALLEST_WORTH_ENCODING ? 'identity' : encodingFor(req.headers['accept-encoding']);
    const keep = isPublic && key !== null && response.status === 200 && !response.headers.has('set-cookie');
    const encoded = await encode(body, encoding, keep);
    if (encoding !== 'identity') response.headers.set('content-encoding', encoding);
    response.headers.append('vary', 'Accept-Encoding');
    if (keep) {
      const etag = etagOf(body, encoding);
      response.headers.set('etag', etag);
      response.headers.set('cache-control', 'public, no-cache');
      response.headers.set('content-length', String(encoded.length));
      const page = { headers: Object.fromEntries(response.headers), body: encoded, etag };
      cache.keep(key, page);
      return sendKept(req, res, page);
    }
    await sendResponse(
      res,
      new Response(encoded.length > 0 ? new Uint8Array(encoded) : null, {
        status: response.status,
        headers: response.headers,
      }),
    );
  }

  async function cacheKey(req: IncomingMessage, url: string): Promise<string | null> {
    try {
      return await cache.key({
        url,
        cookie: req.headers.cookie,
        acceptEncoding: req.headers['accept-encoding'] as string | undefined,
        acceptLanguage: req.headers['accept-language'],
      });
    } catch (error) {
      // The portal will say it in the site's look.
      if (isUnavailable(error)) return null;
      throw error;
    }
  }
}

function refuse(res: ServerResponse, status: 400 | 405): void {
  res.writeHead(status, { 'content-type': 'text/plain', ...(status === 405 && { allow: 'GET, HEAD, POST' }) }).end();
}

function sendKept(req: IncomingMessage, res: ServerResponse, page: KeptPage): void {
  if (req.headers['if-none-match']?.includes(page.etag)) {
    const { 'content-length': _, 'content-encoding': __, 'content-type': ___, ...headers } = page.headers;
    res.writeHead(304, headers).end();
  } else {
    res.writeHead(200, page.headers).end(page.body);
  }
}

function isText(response: Response): boolean {
  // A stream of events (text/event-stream) is sent as it comes.
  return /^(text\/(?!event-stream)|application\/(json|xml))/.test(response.headers.get('content-type') ?? '');
}

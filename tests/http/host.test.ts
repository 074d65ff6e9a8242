import type { ServerBuild } from '@remix-run/node';
import { expect, test } from 'vitest';
import type { AppContext, RequestContext } from '~/context.server';
import { createPortal } from '~/http/portal.server';
import { testContext } from '../support/context';

test.each([
  ['the proxy names itself', { host: '127.0.0.1:3000' }],
  ['the proxy names several', { host: 'portal.example', 'x-forwarded-host': 'inner.example, portal.example' }],
])('a form of our own page is taken whatever host a proxy says: %s', async (_, headers) => {
  const portal = createPortal((await testContext()) as unknown as AppContext, oneAction);
  const request = new Request('https://portal.example/', {
    method: 'POST',
    headers: { ...headers, origin: 'https://portal.example', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'word=received',
  });
  const response = await portal(request, '192.0.2.1');
  expect([response.status, await response.text()]).toEqual([200, 'received']);
});

test('an address with a NUL is nowhere, and no query is asked for it', async () => {
  const portal = createPortal((await testContext()) as unknown as AppContext, oneAction);
  const response = await portal(new Request('https://portal.example/cas-2027/papers/T%00'), '192.0.2.1');
  expect(response.status).toBe(404);
});

/** A build of one page, whose action hands back a field: enough for Remix's own checks, which stand before any route. */
const oneAction = {
  entry: {
    module: {
      default: (_request: Request, status: number, headers: Headers, remix: { staticHandlerContext: unknown }) => {
        const { actionData } = remix.staticHandlerContext as { actionData: Record<string, string> | null };
        return new Response(actionData?.root, { status, headers });
      },
    },
  },
  routes: {
    root: {
      id: 'root',
      path: '',
      module: {
        default: () => null,
        loader: ({ context }: { context: RequestContext }) => {
          if (context.problem) throw new Response(null, { status: context.problem.status });
          return null;
        },
        action: async ({ request }: { request: Request }) => (await request.formData()).get('word'),
      },
    },
  },
  assets: { entry: { imports: [], module: '' }, routes: {}, url: '', version: '' },
  assetsBuildDirectory: '',
  basename: '/',
  future: { v3_singleFetch: true },
  isSpaMode: false,
  mode: 'production',
  publicPath: '/',
} as unknown as ServerBuild;

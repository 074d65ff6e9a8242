import type { AppLoadContext, EntryContext } from '@remix-run/node';
import { RemixServer } from '@remix-run/react';
import { streamedDocument, wholeDocument } from './http/document.server';
import { noteError } from './http/problem.server';

/** Pages are complete when they leave: no page waits for data in parts, except where scripts carry Remix's hand-over. */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remix: EntryContext,
  context: AppLoadContext,
): Promise<Response> {
  headers.set('content-type', 'text/html; charset=utf-8');
  const { matches } = remix.staticHandlerContext;
  const page = <RemixServer context={remix} url={request.url} nonce={context.nonce} />;
  const scripted = matches.some(
    (match) => (remix.routeModules[match.route.id]?.handle as { scripts?: boolean } | undefined)?.scripts,
  );
  if (!scripted) {
    // No browser reads the map of the portal, and to build the routes of all other pages takes a tenth of the time.
    const { routes } = remix.manifest;
    const used = Object.fromEntries(matches.map(({ route }) => [route.id, routes[route.id]!]));
    remix.manifest = { ...remix.manifest, routes: used };
    return new Response(wholeDocument(page), { status, headers });
  }
  const onError = (error: unknown) => noteError(error, context);
  return new Response(await streamedDocument(page, { nonce: context.nonce, onError }), { status, headers });
}

export function handleError(error: unknown, { request, context }: { request: Request; context: AppLoadContext }): void {
  if (!request.signal.aborted) noteError(error, context);
}

import type { LoaderFunctionArgs } from '@remix-run/node';
import { notFound, requireViewer } from '~/auth/gate.server';
import { threadById } from '~/domain/message/queries.server';
import { redirectTo } from '~/http/redirect.server';
import { path } from '~/paths';

/** Proxies and browsers give up on a silent connection; a new one is asked for from time to time. */
const HEARTBEAT = 25_000;
const LIFE = 10 * 60_000;

/** Tells an open thread's page that there is something new in it (server-sent events, HTML 9.2), and nothing of what. */
export async function loader({ context, params, request }: LoaderFunctionArgs) {
  if (request.headers.get('accept') !== 'text/event-stream')
    return redirectTo(path`/${params.conference}/messages/${params.thread}`);
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  const session = (await context.session())!;
  const thread = await threadById(context.db, conference.id, params.thread ?? '', viewer);
  if (!thread) throw notFound();

  const seen = new URL(request.url).searchParams.get('seen') ?? '';
  const encoder = new TextEncoder();
  let end = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const say = (text: string) => controller.enqueue(encoder.encode(text));
      const who = { accountId: viewer.accountId, participantId: thread.own.id };
      const watching = context.news.watch(who, seen, {
        session: session.id,
        news: () => say('data: new\n\n'),
        over: () => end(),
      });
      const unwatch = typeof watching === 'string' ? null : watching;
      const heartbeat = setInterval(() => say(':\n\n'), HEARTBEAT);
      const life = setTimeout(() => end(), LIFE);
      const signals = [request.signal, context.news.closing];
      const over = () => end();
      end = () => {
        end = () => {};
        unwatch?.();
        clearInterval(heartbeat);
        clearTimeout(life);
        for (const signal of signals) signal.removeEventListener('abort', over);
        controller.close();
      };
      say('retry: 5000\n\n');
      // The page says so, and asks no more.
      if (watching === 'full') say('data: full\n\n');
      for (const signal of signals) signal.addEventListener('abort', over);
      if (!unwatch) end();
    },
    cancel: () => end(),
  });
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}

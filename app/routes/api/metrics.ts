import { createHash, timingSafeEqual } from 'node:crypto';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { notFound } from '~/auth/gate.server';
import { mailCounts } from '~/domain/mail/tallies.server';

/**
 * What has become of mail, for whoever runs the portal (Prometheus text format 0.0.4), behind `Authorization: Bearer`
 * with METRICS_TOKEN. Numbers alone: neither a person nor a conference is in them.
 */
export async function loader({ context, request }: LoaderFunctionArgs) {
  const { metricsToken } = context.config;
  if (!metricsToken) throw notFound();
  if (!same(request.headers.get('authorization') ?? '', `Bearer ${metricsToken}`))
    return new Response('METRICS_TOKEN is needed\n', { status: 401, headers: { 'www-authenticate': 'Bearer' } });
  const { tallies, outbox } = await mailCounts(context.db);
  const counted = (kind: string) =>
    tallies
      .filter(({ name }) => name.startsWith(`${kind} `))
      .map(({ name, count }) => `{outcome="${name.slice(kind.length + 1)}"} ${count}`);
  const text = [
    ...metric('colloquy_mail_out_total', 'counter', 'Tries to send a letter, by outcome', counted('out')),
    ...metric('colloquy_mail_in_total', 'counter', 'Mail that came in, by outcome', counted('in')),
    ...metric('colloquy_webhook_refused_total', 'counter', 'Calls of /api/inbound refused', counted('webhook')),
    ...metric(
      'colloquy_outbox_letters',
      'gauge',
      'Letters that wait, by state',
      outbox.map(({ state, count }) => `{state="${state}"} ${count}`),
    ),
  ].join('\n');
  return new Response(`${text}\n`, { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } });
}

function metric(name: string, type: 'counter' | 'gauge', help: string, values: string[]): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values.map((value) => name + value)];
}

/** In a time that tells nothing of where they differ. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

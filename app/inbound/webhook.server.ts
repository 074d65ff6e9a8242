import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DNSResolver } from 'mailauth';
import { z } from 'zod';
import type { DomainContext } from '~/domain/context';
import { MOST_MAIL_BYTES } from '~/domain/mail/incoming.server';
import { tallySoon } from '~/domain/mail/tallies.server';
import { receive } from '~/domain/message/receive.server';

/** How far the clock of who signs may be off; what is sent again within that time is known as sent before. */
const TOLERANCE = 5 * 60_000;

const envelopeSchema = z.object({
  from: z.string().max(320),
  to: z
    .string()
    .max(8_000)
    .transform((list) => list.split(',').map((address) => address.trim()))
    .pipe(z.array(z.string().min(3).max(320)).min(1).max(20)),
  ip: z.union([z.ipv4(), z.ipv6()]).nullable(),
  helo: z.string().max(255),
});

/**
 * POST /api/inbound: one raw message (RFC 5322) as the body; who it is from and to, and where it came from, in headers;
 * `X-Colloquy-Signature` the HMAC-SHA256, in hex under INBOUND_SECRET, of the time (Unix seconds, in
 * `X-Colloquy-Time`), from, to, ip and helo, each with a line feed after it, and the body. Answers 200 with one code a
 * recipient, 400 where the envelope makes no sense, 401 where the signature is wrong or old, 503 where it should be sent
 * again.
 */
export async function takeInbound(ctx: DomainContext, request: Request, resolver: DNSResolver): Promise<Response> {
  const secret = ctx.config.inbound?.secret;
  if (!secret) return refuse(404, 'no inbound mail here');
  if (request.method !== 'POST') return refuse(405, 'POST a raw message', { allow: 'POST' });
  const header = (name: string) => request.headers.get(`x-colloquy-${name}`) ?? '';
  const bytes = await limited(request);
  if (!bytes) {
    tallySoon(ctx.db, 'webhook 413');
    return refuse(413, 'larger than 256 KB');
  }
  const signed = ['time', 'from', 'to', 'ip', 'helo'].map((name) => `${header(name)}\n`).join('');
  const expected = createHmac('sha256', secret).update(signed).update(bytes).digest();
  const given = Buffer.from(header('signature'), 'hex');
  if (given.length !== expected.length || !timingSafeEqual(expected, given) || isOld(ctx, header('time'))) {
    tallySoon(ctx.db, 'webhook 401');
    ctx.log.warn('a message with a wrong or old signature came to /api/inbound');
    return refuse(401, 'wrong or old signature');
  }
  const envelope = envelopeSchema.safeParse({
    from: header('from'),
    to: header('to'),
    ip: header('ip') || null,
    helo: header('helo'),
  });
  if (!envelope.success) return refuse(400, 'not an envelope');
  const answers = await receive(ctx, resolver, bytes, envelope.data);
  const again = answers.some(({ code }) => code >= 400 && code < 500);
  return Response.json({ answers }, { status: again ? 503 : 200, headers: again ? { 'retry-after': '60' } : {} });
}

/** `time` in Unix seconds. */
function isOld(ctx: DomainContext, time: string): boolean {
  return !/^\d{1,12}$/.test(time) || Math.abs(ctx.clock.now().getTime() - Number(time) * 1000) > TOLERANCE;
}

async function limited(request: Request): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MOST_MAIL_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refuse(status: number, error: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error }, { status, headers });
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DNSResolver } from 'mailauth';
import { z } from 'zod';
import type { DomainContext } from '~/domain/context';
import { collectMail, MAX_MAIL_BYTES, type RawMail } from '~/domain/mail/inbound/raw-mail.server';
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
  if (Number(request.headers.get('content-length')) > MAX_MAIL_BYTES) return tooBig(ctx);
  const signed = createHmac('sha256', secret);
  for (const name of ['time', 'from', 'to', 'ip', 'helo']) signed.update(`${header(name)}\n`);
  const body = (request.body ?? []) as unknown as AsyncIterable<Uint8Array>;
  const collected = await collectMail(body, (chunk) => signed.update(chunk));
  if (!collected.ok && collected.reason === 'too-big') return tooBig(ctx);
  const expected = signed.digest();
  const given = Buffer.from(header('signature'), 'hex');
  if (given.length !== expected.length || !timingSafeEqual(expected, given) || isOld(ctx, header('time'))) {
    if (collected.ok) await collected.mail.dispose();
    tallySoon(ctx.db, 'webhook 401');
    ctx.log.warn('a message with a wrong or old signature came to /api/inbound');
    return refuse(401, 'wrong or old signature');
  }
  if (!collected.ok && collected.reason === 'busy')
    return refuse(503, 'busy with large messages', { 'retry-after': '60' });
  if (!collected.ok) return refuse(400, 'no message that can be read');
  try {
    return await handed(ctx, resolver, collected.mail, header);
  } finally {
    await collected.mail.dispose();
  }
}

function tooBig(ctx: DomainContext): Response {
  tallySoon(ctx.db, 'webhook 413');
  return refuse(413, 'larger than 36 MB');
}

async function handed(
  ctx: DomainContext,
  resolver: DNSResolver,
  mail: RawMail,
  header: (name: string) => string,
): Promise<Response> {
  const envelope = envelopeSchema.safeParse({
    from: header('from'),
    to: header('to'),
    ip: header('ip') || null,
    helo: header('helo'),
  });
  if (!envelope.success) return refuse(400, 'not an envelope');
  const answers = await receive(ctx, resolver, mail, envelope.data);
  const again = answers.some(({ code }) => code >= 400 && code < 500);
  return Response.json({ answers }, { status: again ? 503 : 200, headers: again ? { 'retry-after': '60' } : {} });
}

/** `time` in Unix seconds. */
function isOld(ctx: DomainContext, time: string): boolean {
  return !/^\d{1,12}$/.test(time) || Math.abs(ctx.clock.now().getTime() - Number(time) * 1000) > TOLERANCE;
}

function refuse(status: number, error: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error }, { status, headers });
}

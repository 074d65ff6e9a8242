import { z } from 'zod';
import { isLoopback } from '~/host-names.server';

/**
 * Whether mail goes to the server by TLS. `required`: by TLS and a certificate for its name, or not at all. `unverified`:
 * by TLS, whoever's certificate it is. `off`: in the clear. `offered`: as the server offers it, on this very machine.
 */
export type Tls = 'required' | 'unverified' | 'off' | 'offered';

/** The mail server that SMTP_URL names. */
export interface SmtpServer {
  /** Scheme, user, password, host and port. */
  url: string;
  /** Host and port alone: the URL may hold a password. */
  host: string;
  tls: Tls;
  /** How many connections at once, and how fast; null: as the portal does by itself. */
  maxConnections: number | null;
  rateLimit: number | null;
  /** What the portal calls itself at EHLO; null: the machine's name. */
  name: string | null;
}

const number = z.coerce.number().int().min(1).max(100_000).optional();
const wishes = z.strictObject({
  tls: z.enum(['required', 'unverified', 'off']).optional(),
  maxConnections: number,
  rateLimit: number,
  name: z
    .string()
    .regex(/^[\w.:[\]-]{1,255}$/)
    .optional(),
});

/** Reads SMTP_URL. A text: what is wrong with it. */
export function parseSmtpUrl(text: string): SmtpServer | string {
  if (!/^smtps?:\/\/./.test(text) || !URL.canParse(text)) return 'must be smtp://… or smtps://…';
  const url = new URL(text);
  const asked = wishes.safeParse(Object.fromEntries(url.searchParams));
  if (!asked.success)
    return 'may end with ?tls=required, unverified or off, and with maxConnections, rateLimit and name';
  const { tls = isLoopback(url.hostname) ? 'offered' : 'required', maxConnections, rateLimit, name } = asked.data;
  if (url.protocol === 'smtps:' && tls === 'off') return 'is smtps://, which is TLS, and says tls=off';
  url.search = '';
  return {
    url: url.href,
    host: url.host,
    tls,
    maxConnections: maxConnections ?? null,
    rateLimit: rateLimit ?? null,
    name: name ?? null,
  };
}

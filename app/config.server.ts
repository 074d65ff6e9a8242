import { z } from 'zod';
import { parseSmtpUrl, type SmtpServer } from './domain/mail/smtp-url';
import { isPublic } from './host-names.server';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

const flag = z
  .enum(['0', '1', 'true', 'false'])
  .default('0')
  .transform((value) => value === '1' || value === 'true');

const settings = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  ORIGIN: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://colloquy.example' })
    .transform((url) => new URL(url).origin)
    .optional(),
  PORT: z.coerce.number({ error: 'must be a number' }).int().min(0).max(65535).default(3000),
  HOST: z.string().min(1).default('localhost'),
  DATABASE_URL: z
    .string()
    .regex(/^(file:.+|postgres(ql)?:\/\/.+)$/, 'must be file:PATH or postgres://…')
    .default('file:data/colloquy.db'),
  SMTP_URL: z
    .string()
    .transform((url, wrong) => {
      const server = parseSmtpUrl(url);
      if (typeof server !== 'string') return server;
      wrong.addIssue(server);
      return z.NEVER;
    })
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\s@<>]+@[^\s@<>]+$/, 'must be one plain address')
    .optional(),
  REPLY_DOMAIN: z
    .string()
    .regex(/^[a-z0-9.-]+$/i, 'must be a domain name')
    .optional(),
  SECRET_KEY: list.pipe(z.array(z.string().min(32, 'must have at least 32 characters')).min(1)).optional(),
  TRUST_PROXY: flag,
  INBOUND_LISTEN: z
    .string()
    .regex(/^(smtp|lmtp):\/\/[^/:]+:\d{1,5}$/, 'must be smtp://HOST:PORT or lmtp://HOST:PORT')
    .optional(),
  INBOUND_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  INBOUND_AUTHSERV_ID: z.string().min(1).optional(),
  INBOUND_TLS_CERT: z.string().min(1).optional(),
  INBOUND_TLS_KEY: z.string().min(1).optional(),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  ROLES: list
    .pipe(z.array(z.enum(['web', 'mail', 'inbound'], { error: 'must be of web, mail and inbound' })).min(1))
    .default(['web', 'mail']),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
});

export interface Config {
  production: boolean;
  /** Scheme, host and port under which browsers reach the portal; no slash at the end. */
  origin: string;
  port: number;
  host: string;
  databaseUrl: string;
  /** Null: mail is captured and shown at /dev/mail. */
  smtp: SmtpServer | null;
  mailFrom: string;
  /** The portal's own mail domain: Message-IDs, and the addresses at which answers and reports come in. */
  replyDomain: string;
  /** Newest first. The first signs, and keys the names of the limits' counters; what the others have signed is good. */
  secretKeys: readonly string[];
  trustProxy: boolean;
  roles: ReadonlySet<'web' | 'mail' | 'inbound'>;
  /** How answers by mail come in; null: they do not, and letters say so. The same in every process of a portal. */
  inbound: Inbound | null;
  /** What opens /metrics; null: it is not there. */
  metricsToken: string | null;
  logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
}

export interface Inbound {
  /** Where the role `inbound` listens. */
  listen: { protocol: 'smtp' | 'lmtp'; host: string; port: number } | null;
  /** The key of signed messages at POST /api/inbound. */
  secret: string | null;
  /** The front server whose verdict on DMARC is taken (RFC 8601); null: the portal looks for itself. */
  authservId: string | null;
  /** Paths of a certificate and its key for STARTTLS, PEM. */
  tls: { cert: string; key: string } | null;
}

/** Says in one line which setting is missing or wrong. */
export class ConfigError extends Error {}

/** Parses the environment once. Throws a ConfigError that names everything that is wrong. */
export function parseConfig(env: Record<string, string | undefined>): Config {
  // An empty value in an .env file means "not set".
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`).join('; '));
  }
  const value = parsed.data;
  const production = value.NODE_ENV === 'production';
  if (production) {
    const missing = (['ORIGIN', 'SECRET_KEY', 'SMTP_URL'] as const).filter((name) => value[name] === undefined);
    if (missing.length > 0) throw new ConfigError(`In production ${missing.join(', ')} must be set`);
  }
  const origin = value.ORIGIN ?? `http://localhost:${value.PORT}`;
  if (!production) refusePublic({ ORIGIN: new URL(origin).hostname, HOST: value.HOST });
  const domain = value.REPLY_DOMAIN ?? value.MAIL_FROM?.split('@')[1] ?? new URL(origin).hostname;
  return {
    production,
    origin,
    port: value.PORT,
    host: value.HOST,
    databaseUrl: value.DATABASE_URL,
    smtp: value.SMTP_URL ?? null,
    mailFrom: value.MAIL_FROM ?? `colloquy@${domain}`,
    replyDomain: domain,
    secretKeys: value.SECRET_KEY ?? ['a key for development only, never used in production'],
    trustProxy: value.TRUST_PROXY,
    metricsToken: value.METRICS_TOKEN ?? null,
    roles: new Set(value.ROLES),
    inbound: parseInbound(value),
    logLevel: value.LOG_LEVEL,
  };
}

/** Outside production there is a demo whose password everybody knows, and a page that shows every mail. */
function refusePublic(hosts: Record<string, string>): void {
  const found = Object.keys(hosts).filter((name) => isPublic(hosts[name]!));
  if (found.length > 0)
    throw new ConfigError(
      `${found.join(' and ')} can be reached by everybody, and a portal that everybody can reach must have NODE_ENV=production`,
    );
}

function parseInbound(value: z.infer<typeof settings>): Inbound | null {
  const { INBOUND_LISTEN, INBOUND_SECRET, INBOUND_TLS_CERT, INBOUND_TLS_KEY } = value;
  if (value.ROLES.includes('inbound') && !INBOUND_LISTEN)
    throw new ConfigError('The role inbound needs INBOUND_LISTEN, such as lmtp://127.0.0.1:2525');
  if (Boolean(INBOUND_TLS_CERT) !== Boolean(INBOUND_TLS_KEY))
    throw new ConfigError('INBOUND_TLS_CERT and INBOUND_TLS_KEY must be set together');
  if (!INBOUND_LISTEN && !INBOUND_SECRET) return null;
  const url = INBOUND_LISTEN ? new URL(INBOUND_LISTEN) : null;
  return {
    listen: url && {
      protocol: url.protocol === 'lmtp:' ? 'lmtp' : 'smtp',
      host: url.hostname,
      port: Number(url.port || /\d+$/.exec(INBOUND_LISTEN!)?.[0]),
    },
    secret: INBOUND_SECRET ?? null,
    authservId: value.INBOUND_AUTHSERV_ID ?? null,
    tls: INBOUND_TLS_CERT && INBOUND_TLS_KEY ? { cert: INBOUND_TLS_CERT, key: INBOUND_TLS_KEY } : null,
  };
}

import { existsSync } from 'node:fs';
import { type Database, openDatabase } from '#db/open';
import { type Config, ConfigError, parseConfig } from '~/config.server';
import { type SmtpCode, smtpFailure } from '~/domain/mail/smtp-error';
import type { Tls } from '~/domain/mail/smtp-url';
import { openTransport } from '~/domain/mail/transport.server';
import type { Check } from './check';
import { clockChecks } from './doctor-clock';
import { databaseChecks } from './doctor-database';
import { fileChecks } from './doctor-files';
import { inboundChecks } from './doctor-inbound';
import type { Environment, Io } from './io';

const clock = { now: () => new Date() };

/** Looks at everything that the portal needs. Exit code 1 where something would keep it from working. */
export async function examine(env: Environment, io: Io): Promise<number> {
  let exitCode = 0;
  for await (const check of checks(env)) {
    if (check.state === 'fail') exitCode = 1;
    io.stdout.write(`${check.state.padEnd(4)}  ${check.name.padEnd(8)}  ${check.text}\n`);
    if (check.hint) io.stdout.write(`${' '.repeat(16)}→ ${check.hint}\n`);
  }
  return exitCode;
}

async function* checks(env: Environment): AsyncGenerator<Check> {
  let config: Config;
  try {
    config = parseConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    yield {
      state: 'fail',
      name: 'config',
      text: error.message,
      hint: 'Set it in the environment or in .env; .env.example names every setting.',
    };
    return;
  }
  yield* configChecks(config);
  const { db, error } = open(config);
  try {
    yield* databaseChecks(config, db, error);
    yield* fileChecks(config);
    yield await smtpCheck(config);
    yield* inboundChecks(config);
    yield* clockChecks(db, clock);
  } finally {
    await db?.destroy();
  }
}

function* configChecks(config: Config): Generator<Check> {
  const mode = config.production ? 'production' : 'development';
  yield { state: 'ok', name: 'config', text: `${mode}, ${config.origin}, ${[...config.roles].join(' and ')}` };
  if (!config.production) return;
  if (!config.origin.startsWith('https:')) {
    yield {
      state: 'warn',
      name: 'config',
      text: 'ORIGIN is not https',
      hint: 'Sessions then travel in the clear. Put a server with TLS in front and set ORIGIN to its address.',
    };
  }
  if (!config.roles.has('mail')) {
    yield {
      state: 'warn',
      name: 'config',
      text: 'ROLES has no mail',
      hint: 'This process sends no mail; another on the same database must.',
    };
  }
}

/** Neither where there is no file yet: to look must not make one. */
function open({ databaseUrl }: Config): { db: Database | null; error: unknown } {
  if (databaseUrl.startsWith('file:') && !existsSync(databaseUrl.slice('file:'.length)))
    return { db: null, error: null };
  try {
    return { db: openDatabase(databaseUrl), error: null };
  } catch (error) {
    return { db: null, error };
  }
}

const SMTP_HINTS: Partial<Record<SmtpCode, string>> = {
  connection:
    'Nobody answers there, or the connection broke: are host and port in SMTP_URL right, and may this machine reach them?',
  timeout: 'Nobody answers there in time: does a firewall keep this machine from that port?',
  dns: 'The name in SMTP_URL is not known.',
  tls: 'TLS does not come about, or its certificate is not good for that name: port 465 wants smtps://, port 587 smtp://. Where a server has none, docs/running.md tells of ?tls= (Mail).',
  auth: 'The server does not take user and password in SMTP_URL (special characters must be percent-encoded).',
};

/** What is to be said of how mail goes to that server. */
const TLS_TEXTS: Record<Tls, string> = {
  required: 'answers by TLS, with a good certificate, and takes our mail',
  unverified: 'answers by TLS and takes our mail; its certificate is not checked',
  off: 'answers and takes our mail, without TLS',
  offered: 'answers on this machine and takes our mail',
};

const TLS_HINTS: Partial<Record<Tls, string>> = {
  unverified:
    'Whoever is on the way can pass for that server. Take tls=unverified out of SMTP_URL once it has a certificate.',
  off: 'Whoever is on the way reads every mail and its links. Take tls=off out of SMTP_URL if the network is not your own.',
};

async function smtpCheck(config: Config): Promise<Check> {
  if (config.smtp === null)
    return { state: 'ok', name: 'smtp', text: `no SMTP_URL: mail is not sent but kept, see ${config.origin}/dev/mail` };
  const { host, tls } = config.smtp;
  // Only asked whether the server is there; it reads no address.
  const db = openDatabase('file::memory:');
  const transport = openTransport(config, { db, clock, captureDir: '' });
  try {
    await transport.verify();
    const hint = TLS_HINTS[tls];
    return { state: hint ? 'warn' : 'ok', name: 'smtp', text: `${host} ${TLS_TEXTS[tls]}`, ...(hint && { hint }) };
  } catch (error) {
    const { code } = smtpFailure(error, false);
    return {
      state: 'fail',
      name: 'smtp',
      text: `${host}: ${code}`,
      hint: SMTP_HINTS[code] ?? 'Look into the log of that server. Mail waits in the outbox meanwhile.',
    };
  } finally {
    transport.close();
    await db.destroy();
  }
}

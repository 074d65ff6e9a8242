import { existsSync } from 'node:fs';
import { type Database, openDatabase } from '#db/open';
import { type Config, ConfigError, parseConfig } from '~/config.server';
import { type SmtpCode, smtpFailure } from '~/domain/mail/smtp-error';
import { openTransport } from '~/domain/mail/transport.server';
import type { Check } from './check';
import { clockChecks } from './doctor-clock';
import { databaseChecks } from './doctor-database';
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
    yield await smtpCheck(config);
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
  tls: 'TLS does not come about: port 465 wants smtps://, port 587 smtp://.',
  auth: 'The server does not take user and password in SMTP_URL (special characters must be percent-encoded).',
};

async function smtpCheck(config: Config): Promise<Check> {
  if (!config.smtpUrl)
    return { state: 'ok', name: 'smtp', text: `no SMTP_URL: mail is not sent but kept, see ${config.origin}/dev/mail` };
  const where = serverOf(config.smtpUrl);
  // Only asked whether the server is there; it reads no address.
  const db = openDatabase('file::memory:');
  const transport = openTransport(config, { db, clock, captureDir: '' });
  try {
    await transport.verify();
    return { state: 'ok', name: 'smtp', text: `${where} answers and takes our mail` };
  } catch (error) {
    const { code } = smtpFailure(error, false);
    return {
      state: 'fail',
      name: 'smtp',
      text: `${where}: ${code}`,
      hint: SMTP_HINTS[code] ?? 'Look into the log of that server. Mail waits in the outbox meanwhile.',
    };
  } finally {
    transport.close();
    await db.destroy();
  }
}

/** Host and port alone: the URL may hold a password. */
function serverOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the server of SMTP_URL';
}

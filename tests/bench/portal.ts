import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '#db/migrate';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import { parseConfig } from '~/config.server';
import type { AppContext } from '~/context.server';
import { createAccount } from '~/domain/account/commands.server';
import { verifyMailbox } from '~/domain/account/mailbox-owners.server';
import { mailboxFor } from '~/domain/account/mailboxes.server';
import { createConference } from '~/domain/conference/commands.server';
import { type Conference, conferenceBySlug } from '~/domain/conference/queries.server';
import { openLog } from '~/domain/log.server';
import { importPapers } from '~/domain/submission/import.server';
import { openApp } from '~/open.server';
import { type Asked, ORIGIN } from './load';
import { inventPapers } from './papers';
import { freePort, type Helper, start } from './processes';

const SLUG = 'bench-2027';

/** How mail comes in: signed, with the verdict of a front server. */
export const INBOUND = { secret: 'a secret of the bench for mail that comes in', authservId: 'mx.bench.example' };

/** A built portal in its own process, with a database of invented papers. */
export interface Portal {
  url: string;
  /** Where it takes mail by LMTP. */
  inboundPort: number;
  /** The bench's own door to its database. */
  app: AppContext;
  conference: Conference;
  /** The page of the paper with that number. */
  paper(number: number): string;
  programme: string;
  usage(): Promise<{ cpuMilliseconds: number; mostMegabytes: number }>;
  stop(): Promise<void>;
}

export async function startPortal(options: {
  papers: number;
  smtpUrl: string;
  /** Where the database is to be; a file of its own where not given. */
  databaseUrl?: string;
}): Promise<Portal> {
  const dir = await mkdtemp(join(tmpdir(), 'colloquy-bench-'));
  const [port, inboundPort] = [await freePort(), await freePort()];
  const env = {
    NODE_ENV: 'production',
    ORIGIN,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: options.databaseUrl ?? `file:${join(dir, 'colloquy.db')}`,
    SMTP_URL: options.smtpUrl,
    SECRET_KEY: 'a secret of the bench that guards nothing at all',
    ROLES: 'web,mail,inbound',
    INBOUND_LISTEN: `lmtp://127.0.0.1:${inboundPort}`,
    INBOUND_SECRET: INBOUND.secret,
    INBOUND_AUTHSERV_ID: INBOUND.authservId,
    REPLY_DOMAIN: 'reply.bench.example',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
  };
  const app = openApp(parseConfig(env), { log: openLog('silent') });
  let helper: Helper | null = null;
  async function stop() {
    await helper?.stop();
    await app.db.destroy();
    await rm(dir, { recursive: true, force: true });
  }
  try {
    const conference = await fill(app, options.papers);
    helper = await start('./portal-process.mjs', env);
    const { ask } = helper;
    return {
      url: `http://127.0.0.1:${port}`,
      inboundPort,
      app,
      conference,
      paper: (number) => `/${SLUG}/papers/B${String(number).padStart(5, '0')}`,
      programme: `/${SLUG}/programme`,
      usage: () => ask({}),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fill(app: AppContext, papers: number): Promise<Conference> {
  await migrate(app.db);
  await createConference(app, { slug: SLUG, name: 'A Conference of the Bench', timeZone: 'UTC', refPrefix: 'B' });
  const conference = (await conferenceBySlug(app.db, SLUG))!;
  const { added } = await importPapers(app, conference, inventPapers(papers));
  if (added !== papers) throw new Error(`only ${added} of ${papers} papers went in`);
  return (await conferenceBySlug(app.db, SLUG))!;
}

export interface Person {
  accountId: Id<'account'>;
  mailboxId: Id<'mailbox'>;
  /** What their browser sends. */
  cookie: string;
}

/** People with an account who are signed in. */
export async function signIn(app: AppContext, name: string, count: number): Promise<Person[]> {
  const accounts = await write(app.db, async (trx) => {
    const made: Omit<Person, 'cookie'>[] = [];
    for (let number = 0; number < count; number++) {
      const accountId = await createAccount(trx, app, `${name} Person ${number}`);
      const mailboxId = await mailboxFor(trx, app.clock, `${name.toLowerCase()}${number}@people.example`);
      await verifyMailbox(trx, app.clock, mailboxId, accountId);
      made.push({ accountId, mailboxId });
    }
    return made;
  });
  const people: Person[] = [];
  for (const account of accounts) {
    const cookie = await app.sessions.begin(account.accountId);
    people.push({ ...account, cookie: cookie.split(';')[0] ?? '' });
  }
  return people;
}

/** The limits are of a day; what they count is thrown away while so much is done in a minute. */
export async function withoutLimits<T>(app: AppContext, work: () => Promise<T>): Promise<T> {
  const forgive = () => app.db.deleteFrom('attempts').execute();
  const timer = setInterval(() => forgive().catch(() => {}), 500);
  try {
    await forgive();
    return await work();
  } finally {
    clearInterval(timer);
  }
}

export function as(person: Person, asked: Asked): Asked {
  return { ...asked, headers: { cookie: person.cookie, ...asked.headers } };
}

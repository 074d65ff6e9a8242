import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright/test';
import { test as base, expect } from 'playwright/test';
import { startPostgres } from '../support/postgres';
import { SERVING, startServer, temporaryDirectory } from '../support/server';
import { type Mailbox, openMailbox } from './mailbox';

export { expect };

export interface Portal {
  origin: string;
  /** The demo conference's part of the address, with a slash before it. */
  conference: string;
  mailbox: Mailbox;
  password: string;
  /** Addresses of the demo's people. */
  people: Record<'author' | 'reviewer' | 'organiser', string>;
}

/** Answers by mail come in by LMTP, from a front server that has looked where they are from. */
const INBOUND = {
  ROLES: 'web,mail,inbound',
  INBOUND_LISTEN: 'lmtp://127.0.0.1:0',
  INBOUND_AUTHSERV_ID: 'mx.portal.example',
};

interface TestFixtures {
  /** Somebody else, at a browser of their own. */
  somebody: () => Promise<Page>;
  watch: Watch;
}

export interface WorkerFixtures {
  portal: Portal;
  engine: 'sqlite' | 'postgres';
  /** Whether the portal has no SMTP server and keeps its mail to itself. */
  captures: boolean;
  /** Whether it is reached as `localhost`: browsers make no passkeys for a number. */
  named: boolean;
}

/** What a test expects to go wrong; all else that does fails it. */
export interface Watch {
  /** One answer with that status. */
  expects(status: number, path: RegExp): void;
  /** From now on the network comes and goes. */
  losesNetwork(): void;
  /** Looks at another browser as well. */
  follow(context: BrowserContext): void;
}

/**
 * Each worker has a portal of its own: the built server as `npm start` starts it, filled with the demo, which sends
 * its mail to a real SMTP server.
 */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  captures: [false, { option: true, scope: 'worker' }],
  engine: ['sqlite', { option: true, scope: 'worker' }],
  named: [false, { option: true, scope: 'worker' }],

  portal: [
    async ({ captures, engine, named }, use) => {
      const directory = await temporaryDirectory();
      const mailbox = await openMailbox();
      const postgres = engine === 'postgres' ? await startPostgres() : null;
      await postgres?.createDatabase('portal');
      const server = await startServer({
        DATABASE_URL: postgres?.url('portal') ?? `file:${join(directory.path, 'colloquy.db')}`,
        SMTP_URL: captures ? '' : mailbox.url,
        REPLY_DOMAIN: 'portal.example',
        ...(!captures && INBOUND),
        // Not set, it is `localhost` by itself.
        ...(named && { ORIGIN: '' }),
      });
      await server.line(SERVING);
      if (!captures) mailbox.answersTo(JSON.parse(await server.line(/taking mail/)).port, INBOUND.INBOUND_AUTHSERV_ID);
      await server.line(/^ {2}organiser /);
      await use({
        origin: named ? `http://localhost:${server.port}` : server.origin,
        mailbox,
        ...welcome(server.stdout),
      });
      server.signal('SIGTERM');
      expect(await server.ended).toBe(0);
      await postgres?.stop();
      await mailbox.close();
      await directory.remove();
      // Errors are logged, and nothing else is ever said there.
      expect(server.stdout.filter((line) => /"level":[56]0/.test(line))).toEqual([]);
      expect(server.stderr).toEqual([]);
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  baseURL: async ({ portal }, use) => use(portal.origin),

  watch: [
    async ({ context, portal, javaScriptEnabled }, use) => {
      const watch = new Watcher(portal.origin, javaScriptEnabled !== false);
      watch.follow(context);
      await use(watch);
      expect(watch.troubles, 'troubles in the browser that nobody expected').toEqual([]);
      expect(watch.outstanding, 'troubles that were expected and did not come').toEqual([]);
    },
    { auto: true },
  ],

  somebody: async ({ browser, watch }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      watch.follow(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

const OFFLINE = /ERR_INTERNET_DISCONNECTED/;

class Watcher implements Watch {
  readonly outstanding: { status: number; path: RegExp }[] = [];
  readonly #origin: string;
  readonly #scripts: boolean;
  #offline = false;
  readonly #troubles: string[] = [];
  readonly #console: { text: string; url: string }[] = [];
  /** Addresses of answers that were no success: Chromium speaks of them in the console as well. */
  readonly #answers = new Set<string>();

  constructor(origin: string, scripts: boolean) {
    this.#origin = origin;
    this.#scripts = scripts;
  }

  get troubles(): string[] {
    const said = this.#console.filter(
      ({ text, url }) =>
        !(
          text.startsWith('Failed to load resource') &&
          (this.#answers.has(url) || (this.#offline && OFFLINE.test(text)))
        ),
    );
    return [...this.#troubles, ...said.map(({ text, url }) => `console: ${text} (${url})`)];
  }

  losesNetwork(): void {
    this.#offline = true;
  }

  expects(status: number, path: RegExp): void {
    this.outstanding.push({ status, path });
  }

  follow(context: BrowserContext): void {
    context.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      this.#console.push({ text: message.text(), url: message.location().url });
    });
    context.on('weberror', (problem) => this.#troubles.push(`script: ${problem.error().stack}`));
    context.on('requestfailed', (request) => {
      // Where scripts are switched off, Chromium counts those that it does not load as failed.
      if (!this.#scripts && request.url().endsWith('.js')) return;
      // The reader went on before the page was whole.
      if (request.failure()?.errorText === 'net::ERR_ABORTED') return;
      if (this.#offline && OFFLINE.test(request.failure()?.errorText ?? '')) return;
      this.#troubles.push(`request: ${request.method()} ${request.url()}: ${request.failure()?.errorText}`);
    });
    context.on('request', (request) => {
      if (!request.url().startsWith(`${this.#origin}/`)) this.#troubles.push(`elsewhere: ${request.url()}`);
    });
    context.on('response', (response) => this.#judge(response.status(), response.url()));
  }

  #judge(status: number, url: string): void {
    if (status < 400) return;
    this.#answers.add(url);
    const { pathname } = new URL(url);
    const index = this.outstanding.findIndex((one) => one.status === status && one.path.test(pathname));
    if (index < 0) this.#troubles.push(`answer: ${status} ${url}`);
    else this.outstanding.splice(index, 1);
  }
}

/** What a person at the terminal reads. */
function welcome(lines: string[]): Pick<Portal, 'conference' | 'password' | 'people'> {
  const said = lines.join('\n');
  const find = (pattern: RegExp) => {
    const found = pattern.exec(said)?.[1];
    if (!found) throw new Error(`The server did not say ${pattern}: ${said}`);
    return found;
  };
  return {
    conference: find(/^The demo conference is at https?:\/\/[^/]+(\/\S+)\/programme$/m),
    password: find(/with the password "(.+)" as$/m),
    people: {
      author: find(/^ {2}author +(\S+)$/m),
      reviewer: find(/^ {2}reviewer +(\S+)$/m),
      organiser: find(/^ {2}organiser +(\S+)$/m),
    },
  };
}

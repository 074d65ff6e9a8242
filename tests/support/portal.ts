import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, vi } from 'vitest';
import type { Id } from '#db/schema';
import { openLucia } from '~/auth/lucia.server';
import { openSessions } from '~/auth/sessions.server';
import type { AppContext } from '~/context.server';
import { Newsroom } from '~/http/news.server';
import { Answer } from './answer';
import { type TestContext, testContext } from './context';
import type { Engine } from './database';
import { proofOfWork } from './world';

/** Whoever a request is made as: the cookies are what a browser would keep. */
export interface Visitor {
  cookies: Map<string, string>;
}

export type Fields = [string, string][] | Record<string, string | string[]>;

interface Options {
  as?: Visitor;
  headers?: Record<string, string>;
  /** The network that limits count. */
  network?: string;
}

/** Null: none is sent. */
type PostOptions = Options & {
  origin?: string | null /** Whether the browser runs scripts, as the proof of work. */;
  script?: boolean;
};

export interface TestPortal {
  ctx: TestContext;
  app: AppContext;
  get(path: string, options?: Options): Promise<Answer>;
  post(path: string, fields: Fields, options?: PostOptions): Promise<Answer>;
  /** Any request at all; cookies are neither sent nor kept. */
  request(request: Request, network?: string): Promise<Answer>;
  /** Begins a session without the way through the mail; `proven`: as if through it, and just now. */
  signIn<Person extends Visitor & { accountId: Id<'account'> }>(
    person: Person,
    options?: { proven?: boolean; browser?: string },
  ): Promise<Person>;
}

export const ORIGIN = 'https://portal.example';
const NETWORK = '192.0.2.1';

/** The portal as it was built, with a database of its own: requests in, answers out. */
export async function openPortal(options: { engine?: Engine; env?: Record<string, string> } = {}): Promise<TestPortal> {
  const { createPortal, serverBuild } = await built();
  const ctx = await testContext(options);
  const sessions = openSessions(ctx.db, openLucia(ctx.db, ctx.config, ctx.clock), ctx.clock);
  const app: AppContext = Object.assign(ctx, {
    sessions,
    capturedMail: join(databaseDirectory(ctx), 'mail'),
    resolver: async () => [],
    news: new Newsroom(ctx.db),
  });
  const handle = createPortal(app, serverBuild);
  expectNoConsoleErrors();

  let proof: string | null = null;
  const request = async (asked: Request, network = NETWORK) => Answer.of(asked, await handle(asked, network));
  const keeping = async (asked: Request, { as, network }: Options) => {
    const answer = await request(asked, network);
    if (as) keepCookies(as, answer);
    return answer;
  };
  return {
    ctx,
    app,
    request,
    get: (path, options = {}) => keeping(new Request(ORIGIN + path, { headers: headersOf(options) }), options),
    async post(path, fields, options = {}) {
      const { origin = ORIGIN } = options;
      const headers = { ...(origin !== null && { origin }), ...headersOf(options) };
      const body = new URLSearchParams(pairs(fields));
      // What the script of the form does for somebody who is not signed in.
      const works = path.endsWith('/message') && body.has('address') && !body.get('proof') && options.script !== false;
      if (works) {
        proof ??= await proofOfWork(ctx);
        body.set('proof', proof);
      }
      const answer = await keeping(new Request(ORIGIN + path, { method: 'POST', headers, body }), options);
      if (works && answer.status !== 422) proof = null;
      return answer;
    },
    async signIn(person, { proven = false, browser = '' } = {}) {
      const request = new Request(ORIGIN, { headers: { 'user-agent': browser } });
      const [cookie = ''] = (await sessions.begin(person.accountId, { request, proven })).split(';');
      person.cookies.set(cookie.slice(0, cookie.indexOf('=')), cookie.slice(cookie.indexOf('=') + 1));
      return person;
    },
  };
}

/** The parts of the server build that tests open. */
export async function built() {
  const part = (name: string) => import(pathToFileURL(join(process.cwd(), 'build/server', name)).href);
  const [{ createPortal }, { createListener }, serverBuild] = await Promise.all([
    part('portal.server.js'),
    part('listener.server.js'),
    part('server-build.js'),
  ]);
  return {
    createPortal: createPortal as typeof import('~/http/portal.server').createPortal,
    createListener: createListener as typeof import('~/http/listener.server').createListener,
    serverBuild: serverBuild as Parameters<typeof import('~/http/portal.server').createPortal>[1],
  };
}

export function pairs(fields: Fields): [string, string][] {
  if (Array.isArray(fields)) return fields;
  return Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]));
}

function headersOf({ as, headers = {} }: Options): Record<string, string> {
  const cookie = as && [...as.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return { ...(cookie && { cookie }), ...headers };
}

function keepCookies(visitor: Visitor, answer: Answer): void {
  for (const line of answer.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '' || /max-age=0\b/i.test(line)) visitor.cookies.delete(name);
    else visitor.cookies.set(name, value);
  }
}

/** React complains to the console about markup that browsers would read otherwise than we wrote it. */
function expectNoConsoleErrors(): void {
  if (vi.isMockFunction(console.error)) return;
  const spy = vi.spyOn(console, 'error');
  onTestFinished(() => {
    const calls = [...spy.mock.calls];
    spy.mockRestore();
    expect(calls).toEqual([]);
  });
}

function databaseDirectory(ctx: TestContext): string {
  return ctx.databaseUrl.startsWith('file:') ? join(ctx.databaseUrl.slice('file:'.length), '..') : '/nonexistent';
}

import { stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { test as base, expect } from 'playwright/test';
import { type Environment, SERVING, type Started, startServer, temporaryDirectory } from '../support/server';

const ROOT = resolve(import.meta.dirname, '../..');
const SECRET_KEY = 'a key that only these tests know and long enough';
const SMTP_URL = 'smtp://127.0.0.1:9';

/** Starts servers on one database of their own; ends those that the test has not ended. */
const test = base.extend<{ start: (settings?: Environment) => Promise<Started> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are asked for from the pattern
  start: async ({}, use) => {
    const directory = await temporaryDirectory();
    const started: Started[] = [];
    await use(async (settings = {}) => {
      const server = await startServer({ DATABASE_URL: `file:${join(directory.path, 'portal.db')}`, ...settings });
      started.push(server);
      return server;
    });
    for (const server of started) server.signal('SIGTERM');
    await Promise.all(started.map((server) => server.ended));
    await directory.remove();
  },
});

test('SIGTERM in the middle of a request: it is answered, nothing new is taken, and the end is a clean one', async ({
  start,
}) => {
  const server = await start();
  await server.line(SERVING);
  const body = new URLSearchParams({ address: 'nobody', next: '/' }).toString();
  const request = await open(server.port);
  await send(
    request,
    [
      'POST /sign-in HTTP/1.1',
      `Host: 127.0.0.1:${server.port}`,
      `Origin: ${server.origin}`,
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
      '',
      body.slice(0, 10),
    ].join('\r\n'),
  );
  // Answered, so the half request before it has been read as well.
  expect((await fetch(`${server.origin}/health`)).status).toBe(200);

  server.signal('SIGTERM');
  await expect.poll(() => open(server.port).then(close, (error) => error.code)).toBe('ECONNREFUSED');
  await send(request, body.slice(10));
  const answer = await read(request);
  expect(answer).toMatch(/^HTTP\/1\.1 422 /);
  expect(answer).toContain('value="nobody"');
  expect(answer).toContain('</html>');
  expect(await server.ended).toBe(0);
  expect(server.stderr).toEqual([]);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends a server that has nothing to do, though a browser keeps its connection`, async ({ start }) => {
    const server = await start();
    await server.line(SERVING);
    const idle = await open(server.port);
    await send(idle, 'GET /health HTTP/1.1\r\nHost: portal\r\n\r\n');
    await new Promise((resolve) => idle.once('data', resolve));
    server.signal(signal);
    expect(await server.ended).toBe(0);
  });
}

const NEEDED: Environment = { ORIGIN: 'https://portal.example', SECRET_KEY, SMTP_URL };

for (const missing of [['ORIGIN', 'SECRET_KEY', 'SMTP_URL'], ['ORIGIN'], ['SECRET_KEY'], ['SMTP_URL']]) {
  test(`in production it does not start without ${missing.join(', ')}, and says so in one line`, async ({ start }) => {
    const without = Object.fromEntries(missing.map((name) => [name, '']));
    const server = await start({ ...NEEDED, ...without, NODE_ENV: 'production' });
    expect(await server.ended).toBe(1);
    expect(server.stderr).toEqual([`Cannot start: In production ${missing.join(', ')} must be set.`]);
    expect(server.stdout).toEqual([]);
  });
}

test('a wrong setting is one line that names it', async ({ start }) => {
  const server = await start({ PORT: 'three thousand' });
  expect(await server.ended).toBe(1);
  expect(server.stderr).toEqual(['Cannot start: PORT must be a number.']);
});

test('with the role inbound it takes mail, and ends with it', async ({ start }) => {
  const server = await start({ ROLES: 'web,mail,inbound', INBOUND_LISTEN: 'lmtp://127.0.0.1:0', SMTP_URL });
  const { port } = JSON.parse(await server.line(/taking mail/));
  const peer = await open(port);
  const greeting = await new Promise((resolve) => peer.once('data', (data) => resolve(String(data))));
  expect(greeting).toMatch(/^220 \S+ LMTP Colloquy/);
  peer.end('QUIT\r\n');
  server.signal('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(server.stderr).toEqual([]);
});

test('the role inbound without an address to listen on is one line', async ({ start }) => {
  const server = await start({ ROLES: 'inbound' });
  expect(await server.ended).toBe(1);
  expect(server.stderr).toEqual([
    'Cannot start: The role inbound needs INBOUND_LISTEN, such as lmtp://127.0.0.1:2525.',
  ]);
});

test('a database that cannot be used is told in one line', async ({ start }) => {
  const server = await start({ DATABASE_URL: `file:${ROOT}/package.json` });
  expect(await server.ended).toBe(1);
  expect(server.stderr).toEqual([
    'Cannot start: DATABASE_URL names a database that cannot be used (file is not a database); npm run colloquy -- doctor says more.',
  ]);
});

test('in production there is no demo, no captured mail and no password to read', async ({ start }) => {
  const server = await start({ ...NEEDED, NODE_ENV: 'production' });
  await server.line(SERVING);
  const at = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
  expect((await at('/health')).status).toBe(200);
  expect((await at('/cas-2027')).status).toBe(404);
  expect((await at('/dev/mail')).status).toBe(404);
  expect((await at('/dev/mail/0190')).status).toBe(404);
  expect(await (await at('/')).text()).not.toContain('cas-2027');
  server.signal('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(server.stdout.filter((line) => !line.startsWith('{'))).toEqual([]);
  expect(server.stderr).toEqual([]);
});

test('a second start installs, builds and fills nothing again', async ({ start }) => {
  const stamps = ['node_modules/.colloquy-installed', 'build/.colloquy-built', 'build/server/server.js'];
  const times = () => Promise.all(stamps.map(async (path) => (await stat(join(ROOT, path))).mtimeMs));
  const before = await times();
  const pages: string[] = [];
  for (const time of ['first', 'second']) {
    const server = await start({ SMTP_URL });
    await server.line(SERVING);
    const programme = await fetch(`${server.origin}/cas-2027/programme`);
    // On paper the page says where it is.
    pages.push((await programme.text()).replaceAll(server.origin, ''));
    expect(pages.at(-1), time).toContain('T0101');
    server.signal('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(server.stderr, time).toEqual([]);
  }
  expect(pages[1]).toBe(pages[0]);
  expect(await times()).toEqual(before);
});

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

function close(socket: Socket): string {
  socket.destroy();
  return 'taken';
}

function send(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve) => socket.write(text, () => resolve()));
}

/** All that comes until the server ends the connection. */
async function read(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

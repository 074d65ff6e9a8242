import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newToken } from '~/domain/secret.server';
import { type Environment, SERVING, startServer, temporaryDirectory } from './support/server';

async function start(settings: Environment) {
  const { path, remove } = await temporaryDirectory();
  const server = await startServer({ DATABASE_URL: `file:${join(path, 'colloquy.db')}`, ...settings });
  onTestFinished(async () => {
    server.signal('SIGTERM');
    await server.ended;
    await remove();
  });
  return server;
}

test.each([
  [{ ORIGIN: 'https://colloquy.portal.com' }, 'ORIGIN'],
  [{ HOST: '0.0.0.0' }, 'HOST'],
  [{ SMTP_URL: 'smtp://mail.portal.com?tls=perhaps' }, 'SMTP_URL'],
])('%j stops the start with one line', async (settings, name) => {
  const server = await start(settings);
  expect(await server.ended).toBe(1);
  expect(server.stdout).toEqual([]);
  expect(server.stderr).toEqual([expect.stringMatching(new RegExp(`^Cannot start: ${name} .*\\.$`))]);
});

test('what Remix says to the console is a line of the log, without the token in it', async () => {
  const server = await start({});
  await server.line(SERVING);
  const token = newToken();
  await fetch(`${server.origin}/sign-in/link/${token}%E0%A4%A`);
  const said = JSON.parse(await server.line(/could not be decoded/));
  expect(said).toMatchObject({ level: 40, from: 'console', msg: expect.stringContaining('/sign-in/link/[hidden]') });
  expect([...server.stdout, ...server.stderr].join('\n')).not.toContain(token);
  expect(server.stderr).toEqual([]);
});

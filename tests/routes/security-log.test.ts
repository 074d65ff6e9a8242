import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { consoleToLog, openLog } from '~/domain/log.server';
import { newToken } from '~/domain/secret.server';
import { SECURITY_EVENTS, type SecurityEvent } from '~/domain/security-log.server';
import { PAGES } from '~/http/refusals.server';
import { letters, newestLink } from '../support/inbox';
import { portalPaths } from '../support/paths';
import { openPortal, type TestPortal } from '../support/portal';
import { makeConference, makePerson, stranger } from '../support/world';

type Line = Record<string, unknown> & { event: SecurityEvent };

function eventsOf(portal: TestPortal): Line[] {
  return portal.ctx.logged.map((line) => JSON.parse(line)).filter((line) => line.msg === 'security');
}

/** What was logged since it was asked the last time. */
function news(portal: TestPortal): () => Line[] {
  let seen = 0;
  return () => {
    const all = eventsOf(portal);
    const fresh = all.slice(seen);
    seen = all.length;
    return fresh;
  };
}

test('who comes in, who is sent away, who is given what: each is a line, with neither address nor token', async () => {
  const portal = await openPortal();
  const { ctx } = portal;
  const world = await makeConference(ctx);
  const password = 'correct horse battery staple';
  const person = await makePerson(ctx, 'Olga', { password, roles: [[world, 'organiser']] });
  const { address, accountId } = person;
  const fresh = news(portal);
  expect(fresh()).toMatchObject([{ event: 'password-set', account: accountId }]);
  const secrets: string[] = [address, password, 'reviewer.to.be@people.example'];

  await portal.post('/sign-in', { address, password: 'wrong' });
  expect(fresh()).toMatchObject([{ event: 'sign-in-refused', by: 'password', level: 40 }]);
  await portal.post('/sign-in', { address, password }, { as: person });
  const [signedIn] = fresh();
  expect(signedIn).toMatchObject({ event: 'sign-in', by: 'password', account: accountId, level: 30 });
  secrets.push(...person.cookies.values());

  const there = { cookies: new Map() };
  await portal.post('/sign-in', { address, password: '' }, { as: there });
  const link = await newestLink(ctx, address);
  secrets.push(link.split('/').at(-1)!);
  await portal.post(link, {}, { as: there });
  expect(fresh()).toMatchObject([{ event: 'sign-in', by: 'link', account: accountId }]);
  await portal.post(link, {}, { as: stranger() });
  expect(fresh()).toMatchObject([{ event: 'sign-in-refused', by: 'link' }]);

  const invited = { address: 'reviewer.to.be@people.example', name: 'Rosa', role: 'reviewer' };
  await portal.post('/cas-2027/organise/people', invited, { as: person });
  const [given] = fresh();
  expect(given).toMatchObject({ event: 'role-given', role: 'reviewer', by: accountId, conference: world.id });
  await portal.post('/cas-2027/organise/people', invited, { as: person });
  expect(fresh()).toEqual([]);
  const page = await portal.get('/cas-2027/organise/people', { as: person });
  const removal = page.forms().find(({ html }) => html.includes('value="remove"') && !html.includes('organiser'))!;
  await portal.post('/cas-2027/organise/people', removal.with({ intent: 'remove-now' }), { as: person });
  expect(fresh()).toMatchObject([{ event: 'role-taken', role: 'reviewer', by: accountId, account: given!.account }]);

  await portal.post('/cas-2027/programme', {}, { as: person, origin: 'https://evil.example' });
  expect(fresh()).toMatchObject([{ event: 'refused', status: 403, what: 'POST /…/programme' }]);
  await portal.post('/sign-out', { everywhere: '1' }, { as: person });
  expect(fresh()).toMatchObject([{ event: 'signed-out', account: accountId, everywhere: true }]);

  // The same person and network have the same names throughout, and other ones others.
  const [refused] = eventsOf(portal).filter(({ event }) => event === 'sign-in-refused');
  expect(refused!.from).toBe(signedIn!.from);
  expect(refused!.whom).toMatch(/^[\w-]{12}$/);
  const log = ctx.logged.join('\n');
  for (const secret of [...secrets, '192.0.2']) expect(log).not.toContain(secret);
});

test('a lock-out and a limit that is reached are a line each, and not one for each try after', async () => {
  const portal = await openPortal();
  const { address } = await makePerson(portal.ctx, 'Olga', { password: 'correct horse battery staple' });
  const fresh = news(portal);
  for (let tries = 0; tries < 14; tries++) await portal.post('/sign-in', { address, password: 'wrong' });
  const tried = fresh();
  const refusals = tried.filter(({ event }) => event === 'sign-in-refused');
  expect(refusals).toHaveLength(10);
  const lockedOut = tried.filter(({ event }) => event === 'locked-out');
  expect(lockedOut).toMatchObject([{ what: 'password', whom: refusals[0]!.whom }]);
  expect(tried.filter(({ event }) => event === 'refused')).toMatchObject(
    Array(4).fill({ status: 429, what: 'POST /sign-in' }),
  );

  for (let tries = 0; tries < 9; tries++) await portal.post('/sign-in', { address, password: '' });
  expect(fresh()).toMatchObject([{ event: 'limit-reached', what: 'signInMail' }]);
  expect(await letters(portal.ctx, address)).not.toEqual([]);
  expect(portal.ctx.logged.join('\n')).not.toContain(address);
});

test('the log knows the pages by their names', () => {
  const names = portalPaths().flatMap((path) => path.split('/').filter((part) => /^[a-z-]+$/.test(part)));
  expect(names.length).toBeGreaterThan(30);
  expect([...new Set(names)].filter((name) => !PAGES.has(name))).toEqual([]);
});

test('each kind of event is logged somewhere', () => {
  const code = readdirSync('app', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('security-log.server.ts'))
    .map((name) => readFileSync(join('app', name), 'utf8'))
    .filter((text) => text.includes('logSecurity('))
    .join('\n');
  for (const event of SECURITY_EVENTS) expect(code).toContain(`'${event}'`);
});

describe('the log', () => {
  function log() {
    const lines: string[] = [];
    return { lines, log: openLog('debug', { write: (line: string) => void lines.push(line) }) };
  }

  test('takes what Remix says to the console, without the tokens in it', async () => {
    const portal = await openPortal();
    onTestFinished(consoleToLog(portal.ctx.log));
    const token = newToken();
    for (const path of ['/sign-in/link/', '/letters/', '/account/address/', '/confirm/', '/authorship/'])
      await portal.get(`${path}${token}%E0%A4%A`);
    const said = portal.ctx.logged.filter((line) => line.includes('could not be decoded'));
    expect(said.length).toBeGreaterThanOrEqual(5);
    for (const line of said) expect(JSON.parse(line)).toMatchObject({ level: 40, from: 'console' });
    expect(portal.ctx.logged.join('\n')).not.toContain(token.slice(0, 8));
  });

  test('gives the console back', () => {
    const { lines, log: one } = log();
    const said: unknown[] = [];
    const sink = { warn: (...all: unknown[]) => said.push(all), error: (...all: unknown[]) => said.push(all) };
    const undo = consoleToLog(one, sink);
    sink.warn('to %s', 'reader@there.example');
    sink.error(new Error('for reader@there.example'));
    undo();
    sink.warn('afterwards');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 40, msg: 'to [hidden]' },
      { level: 50, msg: expect.stringContaining('for [hidden]') },
    ]);
    expect(said).toEqual([['afterwards']]);
  });

  test('blots out tokens wherever they stand, and leaves ids and names', () => {
    const token = fc.oneof(
      fc.constant(null).map(() => newToken()),
      fc.constant(null).map(() => randomBytes(20).toString('hex')),
      fc.constant(null).map(() => randomBytes(32).toString('base64url')),
    );
    const path = fc.constantFrom('/sign-in/link/', '/letters/', '/confirm/', '/authorship/', '/account/address/', '?kept=', '&token=', '/sign-in?next=%2Fconfirm%2F'); // biome-ignore format: a list
    fc.assert(
      fc.property(token, path, fc.constantFrom('', '"', '#x', ' '), (secret, before, after) => {
        const { lines, log: one } = log();
        one.warn({ url: before + secret + after }, `at ${before}${secret}${after}`);
        one.error({ err: new Error(`${before}${secret}${after}`) });
        expect(lines.join()).not.toContain(secret);
        for (const line of lines) JSON.parse(line);
      }),
    );
    const id = randomUUID();
    const { lines, log: one } = log();
    one.info(
      { id },
      'createReadableStreamFromReadable in server-build-CkX3f9aB.js of docs/decisions/versions-around-remix.md',
    );
    expect(lines[0]).toContain(id);
    expect(lines[0]).toContain('createReadableStreamFromReadable in server-build-CkX3f9aB.js of docs/decisions/versions-around-remix.md'); // biome-ignore format: one text
  });
});

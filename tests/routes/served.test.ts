import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { engines } from '../support/database';
import { ORIGIN, openPortal, type Visitor } from '../support/portal';
import { serve } from '../support/served';
import { makeConference, makePerson, makeSubmission } from '../support/world';

async function setUp(options: Parameters<typeof openPortal>[0] = {}) {
  const portal = await openPortal(options);
  const world = await makeConference(portal.ctx);
  const author = await portal.signIn(await makePerson(portal.ctx, 'Aigul Author'));
  const organiser = await portal.signIn(await makePerson(portal.ctx, 'Olga', { roles: [[world, 'organiser']] }));
  const paper = await makeSubmission(portal.ctx, world, author, { state: 'published', title: 'First title' });
  return { portal, world, author, organiser, paper, path: `/cas-2027/papers/${paper.ref}`, ...(await serve(portal)) };
}

function cookie(visitor: Visitor): Record<string, string> {
  return { cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
}

describe.each(engines)('a public page that was kept, on %s', (engine) => {
  test('comes with an ETag and is not sent again to who has it', async () => {
    const { fetch, path, world } = await setUp({ engine });
    for (const url of [path, '/cas-2027/programme', `/cas-2027/programme?theme=${world.themes[0]!.id}`]) {
      const first = await fetch(url);
      const etag = first.headers.etag!;
      expect([url, first.status, first.headers['cache-control']]).toEqual([url, 200, 'public, no-cache']);
      expect(etag).toMatch(/^"[\w-]{22}-identity"$/);
      expect(first.headers.vary).toContain('Cookie');
      expect(first.headers.vary).toContain('Accept-Encoding');
      expect(first.headers['x-public-content']).toBeUndefined();
      const kept = await fetch(url);
      expect(kept.body.equals(first.body)).toBe(true);
      expect(kept.headers).toEqual({ ...first.headers, date: kept.headers.date });
      for (const known of [etag, `"other", ${etag}`, `W/${etag}`]) {
        const same = await fetch(url, { headers: { 'if-none-match': known } });
        expect([same.status, same.body.length, same.headers.etag]).toEqual([304, 0, etag]);
      }
      expect((await fetch(url, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    }
  });

  test('changes right after another process has changed what it shows', async () => {
    const { portal, fetch, path, world, paper, author, organiser } = await setUp({ engine });
    const shown = async (url: string) => (await fetch(url)).body.toString();
    const etag = (await fetch(path)).headers.etag!;
    expect(await shown('/cas-2027/programme')).toContain('First title');

    // A name that is on every page of the conference.
    const form = (await portal.get('/cas-2027/organise', { as: organiser })).form('timeZone');
    await portal.post('/cas-2027/organise', form.with({ name: 'Renamed conference' }), { as: organiser });
    for (const url of [path, '/cas-2027/programme']) expect(await shown(url)).toContain('Renamed conference');
    expect((await fetch(path, { headers: { 'if-none-match': etag } })).status).toBe(200);
    const [theme] = world.themes;
    const renamed = { table: 'themes', id: theme!.id, name: 'Renamed theme' };
    await portal.post('/cas-2027/organise/choices', renamed, { as: organiser });
    expect(await shown(path)).toContain('Renamed theme');

    await portal.post(`/cas-2027/review/${paper.ref}`, { intent: 'unpublish' }, { as: organiser });
    expect((await fetch(path)).status).toBe(404);
    expect(await shown('/cas-2027/programme')).not.toContain('First title');
    await portal.post(`/cas-2027/review/${paper.ref}`, { intent: 'publish' }, { as: organiser });
    expect([(await fetch(path)).status, (await shown('/cas-2027/programme')).includes('First title')]).toEqual([
      200,
      true,
    ]);
    const second = await makeSubmission(portal.ctx, world, author, { state: 'published', title: 'Second title' });
    expect(await shown('/cas-2027/programme')).toContain('Second title');
    await portal.post(`/cas-2027/submissions/${second.ref}`, { act: 'withdraw' }, { as: author });
    expect(await shown('/cas-2027/programme')).not.toContain('Second title');
  });
});

test('what is shown to somebody signed in is kept for nobody', async () => {
  const { portal, fetch, path, author, paper } = await setUp();
  const before = await fetch(path);
  await portal.post(`${path}/star`, { starred: '1' }, { as: author });
  for (const url of [path, '/cas-2027/programme']) {
    const own = await fetch(url, { headers: cookie(author) });
    expect([url, own.status, own.headers['cache-control'], own.headers.etag]).toEqual([
      url,
      200,
      'private, no-cache',
      undefined,
    ]);
    expect(own.body.toString()).toContain('Aigul Author');
    expect(own.body.toString()).toContain('aria-pressed="true"');
    const others = await fetch(url);
    expect(others.body.toString()).not.toContain('aria-pressed="true"');
    expect(others.body.toString()).toContain(paper.ref);
  }
  expect((await fetch(path)).body.equals(before.body)).toBe(true);
  // Nor is what carries a cookie that is no longer good, or a notice.
  for (const stale of ['__Host-colloquy=nonsense', '__Host-colloquy-notice=notice.signedOut'])
    expect((await fetch(path, { headers: { cookie: stale } })).headers['cache-control']).toBe('private, no-cache');
  expect((await fetch(path)).body.toString()).not.toContain('You are signed out.');
});

test('searches, pages of a form, errors and private pages are not kept', async () => {
  const { fetch, path } = await setUp();
  for (const url of [
    '/',
    '/cas-2027',
    `${path}/message`,
    '/sign-in',
    '/cas-2027/programme?q=title',
    '/cas-2027/papers/none',
    '/cas-2027/schedule',
    '/health',
  ]) {
    const answer = await fetch(url);
    expect([url, answer.headers['cache-control']]).toEqual([url, 'private, no-cache']);
    expect([url, answer.headers.etag]).toEqual([url, undefined]);
  }
});

test('pages are compressed as the browser can read them, and kept apart', async () => {
  const { fetch, path } = await setUp();
  const plain = await fetch(path);
  const accept = (value: string) => fetch(path, { headers: { 'accept-encoding': value } });
  const [brotli, gzip] = [await accept('gzip, deflate, br'), await accept('gzip;q=0.8, br;q=0')];
  expect([brotli.headers['content-encoding'], gzip.headers['content-encoding']]).toEqual(['br', 'gzip']);
  expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
  expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
  expect(new Set([plain, brotli, gzip].map(({ headers }) => headers.etag)).size).toBe(3);
  for (const answer of [plain, brotli, gzip]) expect(answer.headers['content-length']).toBe(String(answer.body.length));
  expect((await accept('identity')).headers['content-encoding']).toBeUndefined();
  const form = await fetch(`${path}/message`, { headers: { 'accept-encoding': 'br' } });
  expect(brotliDecompressSync(form.body).toString()).toContain('Send a message');
});

test('HEAD carries no body', async () => {
  const { fetch, path } = await setUp();
  for (const url of [path, '/cas-2027/papers/none', '/health']) {
    const [get, head] = [await fetch(url), await fetch(url, { method: 'HEAD' })];
    expect([url, head.status, head.body.length]).toEqual([url, get.status, 0]);
  }
});

test('a body over the limit is refused, declared or not', async () => {
  const { fetch, path } = await setUp();
  const headers = { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' };
  const body = `body=${'x'.repeat(1024 * 1024)}`;
  const chunked = await fetch(`${path}/message`, {
    method: 'POST',
    headers: { ...headers, 'transfer-encoding': 'chunked' },
    body,
  });
  expect([chunked.status, chunked.body.toString().includes('That was too much')]).toEqual([413, true]);
  const declared = await fetch(`${path}/message`, { method: 'POST', headers, body });
  expect(declared.status).toBe(413);
});

test('the files of the build are served for good, and nothing beside them', async () => {
  const { fetch, path } = await setUp();
  const page = (await fetch(path)).body.toString();
  const stylesheet = /href="(\/assets\/[^"]+\.css)"/.exec(page)![1]!;
  const file = await fetch(stylesheet);
  expect([file.status, file.headers['cache-control']]).toEqual([200, expect.stringContaining('immutable')]);
  expect((await fetch(stylesheet, { headers: { 'if-none-match': file.headers.etag! } })).status).toBe(304);
  for (const url of ['/assets/../../package.json', '/assets/%2e%2e/%2e%2e/package.json', '/assets/none.js', '/assets/'])
    expect([url, (await fetch(url)).status]).toEqual([url, 404]);
  expect((await fetch('/robots.txt')).status).toBe(200);
});

test('an absolute address in the request line leads nowhere else', async () => {
  const { fetch } = await setUp();
  for (const url of ['http://evil.example/', '//evil.example/', '/\\evil.example', '/cas-2027//evil'])
    expect([url, (await fetch(url)).status]).toEqual([url, expect.any(Number)]);
  const answer = await fetch('/account', { headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' } });
  expect(answer.headers.location).toBe('https://portal.example/account?moved=1');
});

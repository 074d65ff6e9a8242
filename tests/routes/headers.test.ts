import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { portalPaths } from '../support/paths';
import { ORIGIN, openPortal, type TestPortal, type Visitor } from '../support/portal';
import { serve } from '../support/served';
import { makeConference, makePerson, makeSubmission } from '../support/world';

async function setUp(env: Record<string, string> = {}) {
  const portal = await openPortal({ env });
  const world = await makeConference(portal.ctx);
  const author = await portal.signIn(await makePerson(portal.ctx, 'Aigul Author'));
  const paper = await makeSubmission(portal.ctx, world, author, { state: 'published' });
  return { portal, world, author, paper, ...(await serve(portal)) };
}

function cookie(visitor: Visitor): Record<string, string> {
  return { cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
}

const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'permissions-policy': expect.stringContaining('camera=()'),
  'content-security-policy': expect.stringMatching(/^default-src 'none';.*base-uri 'none'.*frame-ancestors 'none'/),
  'cache-control': expect.stringMatching(/./),
};

describe('every answer has the headers of security', () => {
  test('pages, files, errors, what has not changed, and the doors of machines', async () => {
    const { fetch, author, paper, portal } = await setUp({
      INBOUND_SECRET: 'x'.repeat(32),
      METRICS_TOKEN: 'm'.repeat(20),
    });
    const path = `/cas-2027/papers/${paper.ref}`;
    const page = await fetch(path);
    const stylesheet = /href="(\/assets\/[^"]+\.css)"/.exec(page.body.toString())![1]!;
    const file = await fetch(stylesheet);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const asked: [string, number, Parameters<typeof fetch>[1]?][] = [
      ['/', 200],
      [path, 200],
      [path, 304, { headers: { 'if-none-match': page.headers.etag! } }],
      [path, 200, { method: 'HEAD' }],
      [path, 200, { headers: { 'accept-encoding': 'br' } }],
      [stylesheet, 200],
      [stylesheet, 304, { headers: { 'if-none-match': file.headers.etag! } }],
      [stylesheet, 206, { headers: { range: 'bytes=0-10' } }],
      [stylesheet, 416, { headers: { range: 'bytes=99999999-' } }],
      ['/favicon.svg', 200],
      ['/robots.txt', 200],
      ['/assets/none.js', 404],
      ['/nothing/of/ours/is/here', 404],
      ['/cas-2027/papers/%00', 404],
      ['//evil.example/', 404],
      ['/cas-2027/schedule', 302],
      ['/cas-2027/schedule', 200, { headers: cookie(author) }],
      ['/', 302, { headers: { host: 'www.portal.example' } }],
      ['/sign-in', 403, { method: 'POST', headers: form, body: 'address=a' }],
      ['/sign-in', 422, { method: 'POST', headers: { ...form, origin: ORIGIN }, body: 'address=a' }],
      ['/sign-in', 413, { method: 'POST', headers: { ...form, origin: ORIGIN }, body: 'x'.repeat(600_000) }],
      ['/sign-out', 303, { method: 'POST', headers: { ...form, origin: ORIGIN }, body: '' }],
      ['/', 405, { method: 'PUT' }],
      ['/', 405, { method: 'TRACE' }],
      ['*', 400, { method: 'OPTIONS' }],
      ['/health', 200],
      ['/metrics', 401],
      ['/metrics', 200, { headers: { authorization: `Bearer ${'m'.repeat(20)}` } }],
      ['/api/inbound', 405],
      ['/api/inbound', 401, { method: 'POST', body: 'mail' }],
      ['/cas-2027/programme.data', 200],
      ['/sign-in/link/none', 200],
    ];
    for (const [url, status, options] of asked) {
      const { headers, ...answer } = await fetch(url, options);
      expect([url, answer.status, headers]).toEqual([url, status, expect.objectContaining(EVERYWHERE)]);
      // What has a body says what it is, and text in which letters (RFC 9110, 8.3).
      if (answer.body.length > 0)
        expect([url, headers['content-type']]).toEqual([
          url,
          expect.stringMatching(
            /^(text\/.*; ?charset=utf-8|text\/x-script|image\/svg\+xml; charset=utf-8|application\/json.*)$/i,
          ),
        ]);
    }
    void portal;
  });

  test.each([
    ['what is no request', 'NOTHING OF HTTP\r\n\r\n', 400],
    ['a request without Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
    ['what is expected of nobody', 'GET / HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\n\r\n', 417],
  ])('also what Node answers by itself: to %s', async (_, sent, status) => {
    const { port } = await setUp();
    const answer = await raw(port, sent);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    for (const name of Object.keys(EVERYWHERE)) expect(answer.toLowerCase()).toContain(`\r\n${name}: `);
  });

  test('without HTTPS nobody is bound to it', async () => {
    const { fetch } = await setUp({ ORIGIN: 'http://portal.example' });
    for (const url of ['/', '/favicon.svg', '/health'])
      expect([url, (await fetch(url)).headers['strict-transport-security']]).toEqual([url, undefined]);
  });
});

test('a file that a browser has may be kept as long as before', async () => {
  const { fetch, paper } = await setUp();
  const page = (await fetch(`/cas-2027/papers/${paper.ref}`)).body.toString();
  const stylesheet = /href="(\/assets\/[^"]+\.css)"/.exec(page)![1]!;
  for (const [url, kept] of [
    [stylesheet, 'public, max-age=31536000, immutable'],
    ['/robots.txt', 'public, max-age=3600'],
  ] as const) {
    const file = await fetch(url);
    const same = await fetch(url, { headers: { 'if-none-match': file.headers.etag! } });
    expect([file.status, file.headers['cache-control']]).toEqual([200, kept]);
    expect([same.status, same.headers['cache-control']]).toEqual([304, kept]);
  }
  const none = await fetch('/assets/none.js');
  expect([none.status, none.headers['cache-control']]).toEqual([404, 'private, no-cache']);
});

describe("where a person's own things stand nothing is stored", () => {
  /** What everybody sees alike but for a name and stars, and forms for something new. */
  const ALIKE = ['/', '/sign-in', '/sign-out', '/health', '/metrics', '/:conference', '/:conference/programme', '/:conference/submit', '/:conference/papers/:ref', '/:conference/papers/:ref/message']; // biome-ignore format: a list

  test('of each route, for who is signed in', async () => {
    const { portal, author, paper } = await setUp();
    for (const pattern of portalPaths()) {
      const path = pattern
        .replace(':conference', 'cas-2027')
        .replace(':ref', paper.ref)
        .replace(/:\w+|\*/g, 'x');
      const answer = await portal.get(path, { as: author });
      const stored = ALIKE.includes(pattern);
      if (stored) expect([path, answer.headers.get('cache-control')]).toEqual([path, 'private, no-cache']);
      // Some ask nobody who they are, and some lead to where it stands: nothing of theirs is anybody's own.
      else if (answer.status !== 302 && (answer.status !== 404 || path.startsWith('/cas-2027/')))
        expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([path, answer.status, 'no-store']);
    }
  });

  test('of what a link opens, of what waits, and of each answer to a form, for anybody', async () => {
    const { portal } = await setUp();
    const store = async (path: string) => (await portal.get(path)).headers.get('cache-control');
    for (const path of ['/sign-in/link/x', '/account/address/x', '/letters/x', '/confirm/x', '/authorship/x', '/dev/mail', '/cas-2027/submit?kept=x']) // biome-ignore format: a list
      expect([path, await store(path)]).toEqual([path, 'no-store']);
    const refused = await portal.post('/sign-in', { address: 'no address', password: '' });
    expect([refused.status, refused.headers.get('cache-control')]).toEqual([422, 'no-store']);
    expect(await store('/cas-2027/programme')).toBe('private, no-cache');
  });
});

test('signing out empties what the browser has kept', async () => {
  const { portal, author } = await setUp();
  const out = await portal.post('/sign-out', {}, { as: author });
  expect(out.headers.get('clear-site-data')).toBe('"cache", "storage"');
});

describe('cookies', () => {
  async function cookiesOf(portal: TestPortal, origin: string): Promise<string[]> {
    const person = await makePerson(portal.ctx, 'Olga', { password: 'a password for tests' });
    const paper = await makeSubmission(portal.ctx, (await makeConference(portal.ctx)) as never, person, {
      state: 'published',
    });
    const ask = (path: string, fields: Record<string, string>) =>
      portal.request(
        new Request(origin + path, { method: 'POST', headers: { origin }, body: new URLSearchParams(fields) }),
      );
    const kept = await ask(`/cas-2027/papers/${paper.ref}/star`, { starred: '1' });
    const signedIn = await ask('/sign-in', { address: person.address, password: 'a password for tests' });
    const out = await ask('/sign-out', {});
    return [kept, signedIn, out].flatMap(({ headers }) => headers.getSetCookie());
  }
  const names = (cookies: string[]) => new Set(cookies.map((one) => one.slice(0, one.indexOf('='))));

  test('are of this host alone, over HTTPS alone', async () => {
    const portal = await openPortal();
    const cookies = await cookiesOf(portal, ORIGIN);
    expect(names(cookies)).toEqual(
      new Set(['', '-by', '-device', '-kept', '-notice'].map((name) => `__Host-colloquy${name}`)),
    );
    for (const one of cookies) {
      expect(one).toMatch(/; Path=\//i);
      expect(one).toMatch(/; Secure/i);
      expect(one).toMatch(/; HttpOnly/i);
      expect(one).toMatch(/; SameSite=Lax/i);
      expect(one).not.toMatch(/; Domain/i);
    }
  });

  test('have plain names where there is no HTTPS, so that development works', async () => {
    const origin = 'http://portal.example';
    const portal = await openPortal({ env: { ORIGIN: origin } });
    const cookies = await cookiesOf(portal, origin);
    expect(names(cookies)).toEqual(
      new Set(['', '-by', '-device', '-kept', '-notice'].map((name) => `colloquy${name}`)),
    );
    for (const one of cookies) expect(one).not.toMatch(/; Secure/i);
  });
});

/** What a server says to these bytes. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      said += chunk;
      if (said.includes('\r\n\r\n')) socket.end();
    });
    socket.on('close', () => resolve(said));
    socket.on('error', (error) => (said ? resolve(said) : reject(error)));
  });
}

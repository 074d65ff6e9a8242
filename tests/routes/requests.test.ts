import { describe, expect, test } from 'vitest';
import { keepForm } from '~/domain/account/kept-forms.server';
import { MINUTE } from '~/domain/clock';
import type { Answer } from '../support/answer';
import { dump } from '../support/dump';
import { fill, portalPaths } from '../support/paths';
import { ORIGIN, openPortal, type TestPortal } from '../support/portal';
import { makeConference, makePerson, makeSubmission, newKey } from '../support/world';

const PASSWORD = 'correct horse staple';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function send(portal: TestPortal, path: string, init: RequestInit): Promise<Answer> {
  return portal.request(new Request(ORIGIN + path, { method: 'POST', ...init, duplex: 'half' } as RequestInit));
}

async function worldOf(portal: TestPortal, password?: string) {
  const world = await makeConference(portal.ctx);
  const author = await portal.signIn(await makePerson(portal.ctx, 'Aigul Author', { password }));
  const paper = await makeSubmission(portal.ctx, world, author, { state: 'published' });
  return { world, author, paper };
}

describe('what is not there', () => {
  test('an unknown conference is a 404 in the look of the site, on every page of it', async () => {
    const portal = await openPortal();
    const { author } = await worldOf(portal);
    for (const path of portalPaths().filter((path) => path.startsWith('/:conference'))) {
      const values = { conference: 'no-such', ref: 'T0001', thread: 'x', message: 'x', report: 'x' };
      const answer = await portal.get(fill(path, values), { as: author });
      // What has no page of its own leads on to the page of its buttons, whatever that is.
      if (path.endsWith('/star') || path.endsWith('/part') || path.endsWith('/news')) continue;
      if (path.endsWith('/export')) {
        expect([path, answer.status]).toEqual([path, 404]);
        continue;
      }
      expect([path, answer.status, answer.heading]).toEqual([path, 404, 'There is nothing here']);
      expect(answer.html).toContain('rel="stylesheet"');
      expect(answer.html).not.toMatch(/\bat .*\.(js|ts):\d+/);
    }
  });

  test.each([
    'papers/T0002',
    'papers/t0001',
    'papers/T0001x',
    'papers/%E0%A4%A',
    'papers/..%2Forganise',
    'submissions/T0002',
  ])('an unknown reference: %s', async (path) => {
    const portal = await openPortal();
    const { author } = await worldOf(portal);
    const answer = await portal.get(`/cas-2027/${path}`, { as: author });
    expect([answer.status, answer.heading]).toEqual([404, 'There is nothing here']);
  });

  test.each(['sqlite', 'postgres'] as const)('an address that holds a NUL, on %s', async (engine) => {
    const portal = await openPortal({ engine });
    const { author } = await worldOf(portal);
    for (const path of ['/%00', '/cas-2027/papers/%00', '/cas-2027/programme?theme=%00', '/cas-2027/messages/%00'])
      expect([path, (await portal.get(path, { as: author })).status]).toEqual([path, 404]);
    const answer = await portal.post(
      '/cas-2027/papers/T0001/message',
      { key: newKey(), to: 'x\0', subject: 'S\0', body: 'B\0' },
      { as: author },
    );
    expect(answer.status).toBe(303);
    expect(portal.ctx.logged.join('')).not.toContain('"level":50');
  });
});

describe('where a POST comes from', () => {
  const refused = { 'a foreign origin': 'https://evil.example', 'no origin at all': null, 'a hidden origin': 'null' };
  test.each(Object.entries(refused))('%s is a 403, and nothing is done', async (_, origin) => {
    const portal = await openPortal();
    const { author, paper } = await worldOf(portal);
    const before = await dump(portal.ctx.db);
    for (const path of [
      '/sign-in',
      '/sign-out',
      '/account',
      '/account/security',
      '/account/passkeys',
      '/account/passkeys/challenge',
      '/sign-in/passkey',
      `/cas-2027/papers/${paper.ref}/star`,
      '/cas-2027/submit',
    ]) {
      const answer = await portal.post(path, { starred: '1', address: 'a@b.example' }, { as: author, origin });
      expect([path, answer.status, answer.heading]).toEqual([path, 403, 'This is not yours to do']);
    }
    expect(await dump(portal.ctx.db)).toEqual(before);
  });

  test.each([
    'https://portal.example.evil.example',
    'http://portal.example',
    'https://portal.example:444',
    'https://PORTAL.example',
  ])('the origin %s is another one', async (origin) => {
    const portal = await openPortal();
    expect((await portal.post('/sign-out', {}, { origin })).status).toBe(403);
  });

  test('a browser that hides the origin but says that the page was ours is let in', async () => {
    const portal = await openPortal();
    const answer = await portal.post('/sign-out', {}, { origin: null, headers: { 'sec-fetch-site': 'same-origin' } });
    expect(answer.status).toBe(303);
    const foreign = await portal.post('/sign-out', {}, { origin: null, headers: { 'sec-fetch-site': 'same-site' } });
    expect(foreign.status).toBe(403);
  });

  test('behind a proxy, whatever names it puts into Host', async () => {
    const portal = await openPortal();
    const names: Record<string, string>[] = [
      { host: '127.0.0.1:3000' },
      { host: 'in', 'x-forwarded-host': 'x.example' },
    ];
    for (const headers of names) expect((await portal.post('/sign-out', {}, { headers })).status).toBe(303);
  });
});

describe('methods', () => {
  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    '%s is a 405 that says what is allowed',
    async (method) => {
      const portal = await openPortal();
      await makeConference(portal.ctx);
      const answer = await portal.request(new Request(`${ORIGIN}/cas-2027`, { method, headers: { origin: ORIGIN } }));
      expect([answer.status, answer.heading]).toEqual([405, 'That cannot be done here']);
      expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
    },
  );

  test.each(['/', '/cas-2027', '/cas-2027/programme', '/cas-2027/schedule', '/nothing/here'])(
    'a POST to %s, which takes none, is a 405',
    async (path) => {
      const portal = await openPortal();
      await makeConference(portal.ctx);
      const answer = await portal.post(path, { a: 'b' });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      expect(portal.ctx.logged.join('')).not.toContain('"level":50');
    },
  );

  test('HEAD says what GET says, without the page', async () => {
    const portal = await openPortal();
    const { paper } = await worldOf(portal);
    for (const path of [
      '/',
      '/cas-2027/programme',
      `/cas-2027/papers/${paper.ref}`,
      '/cas-2027/papers/none',
      '/account',
    ]) {
      const get = await portal.get(path);
      const head = await portal.request(new Request(ORIGIN + path, { method: 'HEAD' }));
      expect([path, head.status, head.html]).toEqual([path, get.status, '']);
      const names = (answer: Answer) => [...answer.headers.keys()];
      expect(names(head)).toEqual(names(get));
    }
  });
});

describe('bodies', () => {
  test('relay 13: a body of a megabyte is a 413, and no row', async () => {
    const portal = await openPortal();
    const { paper } = await worldOf(portal);
    const before = await dump(portal.ctx.db);
    const path = `/cas-2027/papers/${paper.ref}/message`;
    const body = new URLSearchParams({ body: 'x'.repeat(1024 * 1024), name: 'N', address: 'n@x.example' }).toString();
    const declared = await send(portal, path, { headers: { origin: ORIGIN, ...FORM }, body });
    // Nobody says beforehand how long it will be.
    const chunks = Array.from({ length: 64 }, () => new TextEncoder().encode('x'.repeat(16 * 1024)));
    const stream = new ReadableStream({ pull: (to) => (chunks.length ? to.enqueue(chunks.pop()) : to.close()) });
    const streamed = await send(portal, path, { headers: { origin: ORIGIN, ...FORM }, body: stream });
    for (const answer of [declared, streamed])
      expect([answer.status, answer.heading]).toEqual([413, 'That was too much']);
    expect(chunks.length).toBeGreaterThan(20);
    expect(await dump(portal.ctx.db)).toEqual(before);
  });

  test.each([
    ['text/plain', 'address=a@b.example'],
    ['application/json', '{"address":"a@b.example"}'],
    ['multipart/form-data', 'no boundary'],
    ['multipart/form-data; boundary=x', 'no parts'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="address"; filename="f"\r\n\r\na\r\n--x--\r\n',
    ],
  ])('a body of type %s that is no form is a 400', async (type, body) => {
    const portal = await openPortal();
    for (const path of ['/sign-in', '/sign-out']) {
      const answer = await send(portal, path, { headers: { origin: ORIGIN, 'content-type': type }, body });
      expect([answer.status, answer.heading]).toEqual([400, 'This form could not be read']);
    }
    expect(portal.ctx.logged.join('')).not.toContain('"level":50');
  });

  test('a form of a thousand and one fields is a 400', async () => {
    const portal = await openPortal();
    const fields = Array.from({ length: 1_001 }, (_, index): [string, string] => ['to', String(index)]);
    expect((await portal.post('/sign-in', fields)).status).toBe(400);
  });
});

describe('hostile field names', () => {
  const names = [
    'authors[999999999].name',
    'authors[100].name',
    'authors[-1].name',
    'authors[].name',
    'authors',
    'authors.length',
    'authors[0]',
    'authors[0][0]',
    'authors[0].name.first',
    'authors[0].__proto__',
    'authors[0].constructor',
    '__proto__',
    '__proto__.polluted',
    'constructor',
    'constructor.prototype.polluted',
    'title[path]',
    'title[0]',
    'title.x',
    '__state__',
    'x'.repeat(41),
    '',
    ' title',
    'title\n',
  ];
  test('are a 400, at once', async () => {
    const portal = await openPortal();
    const { author } = await worldOf(portal);
    for (const name of names) {
      const fields: [string, string][] = [
        ['title', 'T'],
        [name, 'x'],
      ];
      const answer = await portal.post('/cas-2027/submit', fields, { as: author });
      expect([name, answer.status, answer.heading]).toEqual([name, 400, 'This form could not be read']);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  const intents = [
    '{',
    'null',
    '"insert"',
    '{"type":"update","payload":{"name":"authors[999999999].name","value":"x"}}',
    '{"type":"insert","payload":{"name":"authors","index":999999999}}',
    '{"type":"insert","payload":{"name":"title"}}',
    '{"type":"remove","payload":{"name":"__proto__","index":0}}',
    '{"type":"reorder","payload":{"name":"authors","from":0,"to":1e9}}',
    '{"type":"reset","payload":{}}',
  ];
  test('so are hostile intents', async () => {
    const portal = await openPortal();
    const { author } = await worldOf(portal);
    for (const intent of intents) {
      const fields = { 'authors[0].name': 'A', __intent__: intent };
      const answer = await portal.post('/cas-2027/submit', fields, { as: author });
      expect([intent, answer.status]).toEqual([intent, 400]);
    }
  });
});

describe('where one is led', () => {
  const evil = [
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    '/..//evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e%2e//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '/x\r\nSet-Cookie: colloquy=stolen',
    'evil.example',
    `/${'x'.repeat(2_000)}`,
  ];
  test('to no other site, however it is written', async () => {
    const portal = await openPortal();
    const { author, paper } = await worldOf(portal, PASSWORD);
    for (const next of evil) {
      const query = new URLSearchParams({ next });
      const page = await portal.get(`/sign-in?${query}`);
      expect([next, page.form('next').fields]).toEqual([next, expect.arrayContaining([['next', '/']])]);
      const signedIn = await portal.get(`/sign-in?${query}`, { as: author });
      const byPassword = await portal.post('/sign-in', { address: author.address, password: PASSWORD, next });
      const star = { starred: '1', back: next };
      const starred = await portal.post(`/cas-2027/papers/${paper.ref}/star`, star, { as: author });
      for (const answer of [signedIn, byPassword, starred]) {
        expect([next, answer.location]).toEqual([next, '/']);
        expect(answer.headers.getSetCookie().join()).not.toContain('stolen');
      }
      // Passwords are not tried more often than this.
      portal.ctx.clock.advance(2 * MINUTE);
    }
  });

  test('a star that was kept leads to no other site either', async () => {
    const portal = await openPortal();
    const { author, paper } = await worldOf(portal, PASSWORD);
    const kept = await keepForm(portal.ctx.db, portal.ctx.clock, {
      path: `/cas-2027/papers/${paper.ref}/star`,
      fields: [['starred', '1']],
      page: '//evil.example',
      itself: true,
      button: true,
      by: null,
    });
    for (const next of [`/..//evil.example?kept=${kept}`, `/.//evil.example/?kept=${kept}`]) {
      const answer = await portal.post('/sign-in', { address: author.address, password: PASSWORD, next });
      expect([answer.status, answer.location]).toEqual([303, '/']);
    }
  });

  test('a page of the portal is where one goes, with its query', async () => {
    const portal = await openPortal();
    const { author } = await worldOf(portal);
    const next = '/cas-2027/programme?q=вода&theme=x%20y';
    const answer = await portal.get(`/sign-in?${new URLSearchParams({ next })}`, { as: author });
    expect(new URL(answer.location!, ORIGIN).href).toBe(new URL(next, ORIGIN).href);
  });
});

test('every answer says what browsers may do with it', async () => {
  const portal = await openPortal();
  const { author, paper } = await worldOf(portal);
  const answers = [
    await portal.get('/'),
    await portal.get(`/cas-2027/papers/${paper.ref}`),
    await portal.get(`/cas-2027/submit?key=${newKey()}`, { as: author }),
    await portal.get('/cas-2027/none', { as: author }),
    await portal.get('/health'),
    await portal.post('/sign-out', {}, { origin: 'https://evil.example' }),
  ];
  for (const { headers, asked } of answers) {
    const policy = headers.get('content-security-policy') ?? '';
    expect([asked.url, policy]).toEqual([asked.url, expect.stringContaining("default-src 'none'")]);
    expect(policy).toMatch(/script-src ('none'|'nonce-[\w-]{22}' 'strict-dynamic')/);
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    expect(headers.get('vary')).toContain('Cookie');
  }
  // Scripts carry the nonce of their own answer, and no two answers share one.
  const nonces = [answers[2]!, await portal.get(`/cas-2027/submit?key=${newKey()}`, { as: author })].map((answer) => {
    const [, nonce] = /'nonce-([\w-]+)'/.exec(answer.headers.get('content-security-policy')!)!;
    const scripts = answer.elements('script').filter(({ type }) => type !== 'application/ld+json');
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script.nonce).toBe(nonce);
    return nonce;
  });
  expect(new Set(nonces).size).toBe(2);
});

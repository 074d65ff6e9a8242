import { expect, test } from 'vitest';
import { portalPaths } from '../support/paths';
import { ORIGIN, openPortal, type Visitor } from '../support/portal';
import { serve } from '../support/served';
import { makeConference, makePerson } from '../support/world';

/** What leads browsers elsewhere if it comes into an address as it is: decoded in a parameter, or as it stands in a field. */
const HOSTILE = [
  '%2Fevil.example',
  '%2F%2Fevil.example',
  '%5Cevil.example',
  '%5C%5Cevil.example',
  '%09%2Fevil.example',
  '%2F%09%2Fevil.example',
  '..%2F..%2F%2Fevil.example',
  'https:%2F%2Fevil.example',
  'javascript:alert(1)',
  '%0D%0ALocation:%20https:%2F%2Fevil.example%2F',
  '%0D%0ASet-Cookie:%20stolen=1',
  '@evil.example',
  'x@evil.example',
  '%40evil.example',
  '%252Fevil.example',
  '%E2%81%84evil.example',
];

function isHere(location: string | null | undefined, asked: string): boolean {
  if (!location) return true;
  const { origin, username, pathname } = new URL(location, `${ORIGIN}${asked}`);
  return origin === ORIGIN && username === '' && !pathname.startsWith('//') && !/[\r\n\t\\]/.test(location);
}

async function setUp() {
  const portal = await openPortal();
  const world = await makeConference(portal.ctx);
  const person = await makePerson(portal.ctx, 'Olga', {
    roles: [
      [world, 'organiser'],
      [world, 'reviewer'],
      [world, 'conduct'],
    ],
  });
  return { portal, organiser: await portal.signIn(person) };
}

test('no route leads out of the portal, whatever stands in its address', async () => {
  const { portal, organiser } = await setUp();
  const led: string[] = [];
  for (const pattern of portalPaths()) {
    for (const hostile of HOSTILE) {
      const all = pattern.replace(/:\w+|\*/g, hostile);
      const own = all.replace(new RegExp(`^/${escaped(hostile)}/`), '/cas-2027/');
      for (const path of new Set([all, own])) {
        const url = `${path}?next=${hostile}&back=${hostile}&list=${hostile}&kept=${hostile}&key=${hostile}`;
        for (const as of [undefined, { cookies: new Map(organiser.cookies) }] as (Visitor | undefined)[]) {
          const got = await portal.get(url, as && { as });
          expect([url, got.status < 500, isHere(got.location, path)]).toEqual([url, true, true]);
          if (got.location) led.push(got.location);
        }
      }
    }
  }
  // Or nothing was tried.
  expect(led.length).toBeGreaterThan(200);
}, 300_000);

test('no form leads out of the portal, whatever it sends', async () => {
  const { portal, organiser } = await setUp();
  let led = 0;
  for (const pattern of portalPaths()) {
    for (const hostile of HOSTILE) {
      const value = decodeURIComponent(hostile);
      const fields = { next: value, back: value, rules: value, person: value, intent: 'yes', to: value };
      for (const as of [undefined, { cookies: new Map(organiser.cookies) }] as (Visitor | undefined)[]) {
        const path = pattern.replace(/:conference/, 'cas-2027').replace(/:\w+|\*/g, hostile);
        const got = await portal.post(path, fields, { ...(as && { as }), network: `192.0.${led % 200}` });
        expect([path, hostile, got.status < 500, isHere(got.location, path)]).toEqual([path, hostile, true, true]);
        if (got.location) led++;
      }
    }
  }
  expect(led).toBeGreaterThan(200);
}, 300_000);

test('signing in leads to a page of the portal alone', async () => {
  const { portal } = await setUp();
  const { accountId: _, ...person } = await makePerson(portal.ctx, 'Aigul');
  for (const hostile of HOSTILE) {
    const next = decodeURIComponent(hostile);
    const asked = await portal.post('/sign-in', { address: person.address, password: '', next }, { network: hostile });
    expect([hostile, isHere(asked.location, '/sign-in')]).toEqual([hostile, true]);
    expect(decodeURIComponent(asked.location ?? '')).not.toMatch(/next=(\/[/\\]|https?:|javascript:|\\)/);
  }
});

test('an address that is not like any other is answered, over a connection too', async () => {
  const { portal } = await setUp();
  const { fetch } = await serve(portal);
  for (const path of [
    '/%2Fevil.example/papers/x/star',
    '//evil.example/papers/x/star',
    '//evil.example/cas-2027/submit',
    '/\\evil.example/messages/x/part',
    '/%5Cevil.example/messages/x/part',
    '/%2F%2Fevil.example/messages/x/news',
    'http://evil.example/papers/x/star',
    'http://evil.example//evil.example/x',
    'http://evil.example?x',
  ]) {
    const answer = await fetch(path, { headers: { host: 'portal.example' } });
    expect([path, answer.status < 500, isHere(answer.headers.location, '/')]).toEqual([path, true, true]);
    expect([path, String(answer.headers.location ?? '').includes('//evil')]).toEqual([path, false]);
    // Under another name the way to this one must not lead past it either.
    const moved = await fetch(path, { headers: { host: 'www.portal.example' } });
    expect([path, moved.status < 500, isHere(moved.headers.location, '/')]).toEqual([path, true, true]);
  }
  const star = await fetch('/%2Fevil.example/papers/x/star');
  expect([star.status, star.headers.location]).toEqual([302, '/%2Fevil.example/papers/x']);
  for (const [method, status] of [
    ['TRACE', 405],
    ['OPTIONS', 405],
    ['PUT', 405],
    ['DELETE', 405],
  ] as const)
    expect([method, (await fetch('/cas-2027', { method })).status]).toEqual([method, status]);
  expect((await fetch('*', { method: 'OPTIONS' })).status).toBe(400);
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

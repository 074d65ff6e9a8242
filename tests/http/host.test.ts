import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOwnElsewhere, placeAtOrigin } from '~/http/host.server';

const portal = { origin: 'https://portal.example', trustProxy: false };
const proxied = { origin: 'https://portal.example', trustProxy: true };
const local = { origin: 'http://localhost:3000', trustProxy: false };
const HERE = null;

describe('a page under another name of the portal', () => {
  test.each([
    ['its own name', portal, { host: 'portal.example' }, HERE],
    ['its own name, spelt large', portal, { host: 'PORTAL.example' }, HERE],
    ['another public name', portal, { host: 'www.portal.example' }, 'https://portal.example/a?b=c&moved=1'],
    ['a loopback address, as proxies put it there', portal, { host: '127.0.0.1:3000' }, HERE],
    ['the name of a container', portal, { host: 'colloquy:3000' }, HERE],
    ['a name of a local network', portal, { host: 'colloquy.internal' }, HERE],
    ['an address of a network', portal, { host: '10.0.0.7' }, HERE],
    ['no name at all', portal, {}, HERE],
    ['what is no name', portal, { host: 'evil.example/x' }, HERE],
    ['what somebody says that a proxy said', portal, { host: 'portal.example', 'x-forwarded-host': 'a.example' }, HERE],
    ['what the proxy says', proxied, { host: '127.0.0.1:3000', 'x-forwarded-host': 'portal.example' }, HERE],
    [
      'another name that the proxy passes on',
      proxied,
      { host: '127.0.0.1:3000', 'x-forwarded-host': 'www.portal.example' },
      'https://portal.example/a?b=c&moved=1',
    ],
    ['localhost', local, { host: 'localhost:3000' }, HERE],
    ['127.0.0.1 for localhost', local, { host: '127.0.0.1:3000' }, 'http://localhost:3000/a?b=c'],
    ['[::1] for localhost', local, { host: '[::1]:3000' }, 'http://localhost:3000/a?b=c'],
    ['another door of this machine', local, { host: '127.0.0.1:8080' }, HERE],
    ['a public name for a portal that is at home', local, { host: 'portal.example' }, HERE],
  ])('%s', (_, config, headers, expected) => {
    expect(placeAtOrigin('/a?b=c', headers, config)).toBe(expected);
  });

  test.each(['/health', '/metrics', '/api/inbound', '/assets/x.js', '/robots.txt', '/favicon.svg', '/x.data'])(
    '%s stays where it is asked for',
    (path) => expect(placeAtOrigin(path, { host: 'www.portal.example' }, portal)).toBe(HERE),
  );

  test('whatever a proxy makes of the name, nobody goes in circles', () => {
    const name = fc.constantFrom('portal.example', 'www.portal.example', 'backend.example:3000', '127.0.0.1', '');
    fc.assert(
      fc.property(fc.array(name, { minLength: 3, maxLength: 8 }), (names) => {
        let url = '/a?b=c';
        let hops = 0;
        for (const host of names) {
          const place = placeAtOrigin(url, { host }, portal);
          if (place === null) return;
          hops++;
          url = place.slice(portal.origin.length);
        }
        expect(hops).toBeLessThan(2);
      }),
    );
  });
});

test.each([
  ['https://www.portal.example', 'www.portal.example', 'same-origin', true],
  ['http://127.0.0.1:3000', '127.0.0.1:3000', null, true],
  ['https://evil.example', 'portal.example', null, false],
  ['https://evil.example', 'evil.example', 'cross-site', false],
  ['null', 'portal.example', null, false],
  [null, 'portal.example', null, false],
  ['https://portal.example/', 'portal.example', null, false],
  ['https://', '', null, false],
])('a form of %s, sent to %s (%s), is of the portal itself: %s', (origin, host, site, own) => {
  expect(isOwnElsewhere(origin, host, site)).toBe(own);
});

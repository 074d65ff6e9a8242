import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safeNext } from '~/auth/gate.server';
import { redirectTo } from '~/http/redirect.server';
import { anchored, localPath, path } from '~/paths';

/** As a browser reads the header on a page of the portal. */
function leadsTo(response: Response): URL {
  return new URL(response.headers.get('location')!, 'https://portal.example/cas-2027/papers/T1?x#y');
}

describe('a redirect', () => {
  test.each([
    ['/', '/'],
    ['/account?x=1#name', '/account?x=1#name'],
    ['/cas-2027/papers/Ü 1', '/cas-2027/papers/%C3%9C%201'],
    [path`/${'cas/2027'}/papers/${'T 1?'}`, '/cas%2F2027/papers/T%201%3F'],
    [anchored('/x', 'star-(1)'), '/x#star-(1)'],
    ['//evil.example', '/'],
    ['///evil.example', '/'],
    ['/\\evil.example', '/'],
    ['\\\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['/\r\n/evil.example', '/'],
    ['/..//evil.example', '/'],
    ['/.//evil.example', '/'],
    ['/x/../..//evil.example', '/'],
    ['https://evil.example/', '/'],
    ['https:evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['@evil.example', '/'],
    ['.evil.example', '/'],
    ['', '/'],
    ['/x\r\nset-cookie: a=b', '/xset-cookie:%20a=b'],
    ['/x#:~:text=secret', '/x'],
  ])('%j leads to %s', (to, expected) => {
    expect(redirectTo(to).headers.get('location')).toBe(expected);
    expect(redirectTo(to, { origin: 'https://portal.example' }).headers.get('location')).toBe(
      `https://portal.example${expected}`,
    );
  });

  test('leads nowhere else, whatever it is given', () => {
    const piece = fc.constantFrom('/', '\\', '//', '..', '.', '@', ':', '?', '#', '\t', '\r\n', '%2F', '%5C', 'https:', 'evil.example', 'x', '\0', 'ü'); // biome-ignore format: a list
    const hostile = fc.oneof(
      fc.array(piece, { maxLength: 9 }).map((all) => all.join('')),
      fc.string(),
    );
    fc.assert(
      fc.property(hostile, (to) => {
        for (const one of [to, `/${to}`, safeNext(to), path`/${to}/papers/${to}/star`, anchored('/', to)]) {
          const url = leadsTo(redirectTo(one));
          expect(url.origin).toBe('https://portal.example');
          expect(url.username).toBe('');
          expect(localPath(url.pathname)).toBe(url.pathname);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('what is put into a path stays within its segment', () => {
    for (const value of ['/evil.example', '\\evil.example', '//evil', '?x', '#x', 'a/b', '\r\n', '@', 'ü', '%2F'])
      expect(path`/${value}/papers`.split('/').map(decodeURIComponent)).toEqual(['', value, 'papers']);
  });
});

test('nothing but the one helper redirects', () => {
  const sources = readdirSync('app', { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  const offenders = sources.filter((name) => {
    if (name === join('http', 'redirect.server.ts')) return false;
    const code = readFileSync(join('app', name), 'utf8');
    const imports = [...code.matchAll(/import (?:type )?\{([^}]*)\} from '@remix-run\/[\w-]+'/g)].flatMap(([, names]) =>
      names!.split(',').map((one) => one.trim()),
    );
    return (
      imports.some((one) => ['redirect', 'redirectDocument', 'replace'].includes(one)) ||
      /Response\.redirect\(|\blocation['"]?\s*:(?! URL)|(?:set|append|setHeader)\(\s*['"]location['"]|writeHead\(\s*30[1278]/i.test(
        code,
      )
    );
  });
  expect(sources.length).toBeGreaterThan(100);
  expect(offenders).toEqual([]);
});

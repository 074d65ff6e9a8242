import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdsAddress, holdsAnyAddress } from '~/domain/mail/gate';

const REAL = 'jane.real@a.example.org';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const entities = (text: string) => [...text].map((letter) => `&#${letter.codePointAt(0)};`).join('');
const percent = (text: string) => text.replace('@', '%40').replaceAll('.', '%2E');
const quoted = (text: string) => text.replace('@', '=40').replace('real', 're=\r\nal');

describe('the final gate finds an address', () => {
  test.each([
    ['relay 67: in a quote', `On Friday, Jane <${REAL}> wrote:`],
    ['relay 68: in quoted-printable, across a soft break', `so ${quoted(REAL)} it is`],
    ['relay 69: in Base64', `see ${base64(`write to ${REAL} please`)}`],
    [
      'relay 69: in Base64 over lines',
      base64(`please write, if you like, to ${REAL}, who knows`).replace(/(.{20})/g, '$1\n'),
    ],
    ['relay 69: in HTML entities', `<p>${entities(REAL)}</p>`],
    ['relay 69: with %40', `https://x.example/?to=${percent(REAL)}`],
    ['relay 69: behind mailto:', `<a href="mailto:${REAL}?subject=x">me</a>`],
    ['relay 70: in other case', REAL.toUpperCase()],
    ['relay 70: with a plus-tag', 'jane.real+news@a.example.org'],
    ['relay 70: with other dots', 'j.a.n.e.real@a.example.org'],
    ['relay 71: with (at)', 'jane.real (at) a.example.org'],
    ['relay 71: with [at] and [dot]', 'jane.real [at] a [dot] example [dot] org'],
    ['relay 71: in words', 'jane.real at a dot example dot org'],
    ['relay 72: in a signature', `Best\n-- \nJane\n${REAL}\n`],
    ['relay 64: between invisible marks', REAL.split('').join('\u200B')],
    ['letter by letter', REAL.split('').join(' ')],
    ['in full-width letters', 'jane．real＠a.example.org'],
    ['over a fold', 'jane.real@a.\nexample.org'],
    ['at the end of a sentence', `It is ${REAL}.`],
    ['before other signs', `It is ${REAL}!`],
    ['in typographic quotes', `It is “${REAL}”`],
    ['between marks of emphasis', `It is *${REAL}*, or _${REAL}_`],
    ['between tags', 'jane.real<b>@</b>a.example.org'],
  ])('%s', (_name, text) => {
    expect(holdsAddress(text, REAL)).toBe(true);
    expect(holdsAddress(text, 'other@b.example')).toBe(false);
  });

  test.each([
    'See you at a cafe. Example dot org is a domain.',
    'other.person@a.example.org',
    'jane.real@example.org',
    'I read jane.real and a.example.org, each by itself.',
    '',
  ])('and none in %j', (text) => {
    expect(holdsAddress(text, REAL)).toBe(false);
  });

  test.each([
    `It is ${REAL}!`,
    `“${REAL}”`,
    'jane.real (at) a.example.org',
    'jane.real at a dot example dot org',
    percent(REAL),
    entities(REAL),
    base64(`write to ${REAL} please`),
    'жанна@пример.рф',
  ])('and that there is any, whosever: %s', (text) => {
    expect(holdsAnyAddress(text)).toBe(true);
  });

  test.each([
    'I am @home. Then we met at home. Then at https://archive.example/a?b=1, or at www.archive.example.',
    'R@D of the Lab@Uni, at 5 (at the café) then.',
    'Look at it. Dot by dot. a@b',
  ])('and none at all in %j', (text) => {
    expect(holdsAnyAddress(text)).toBe(false);
  });

  test('whatever surrounds it and however it is written', () => {
    const writing = fc.constantFrom<(text: string) => string>(
      (text) => text,
      base64,
      entities,
      percent,
      quoted,
      (text) => text.toUpperCase(),
      (text) => text.replace('@', ' (at) '),
      (text) => `mailto:${text}`,
    );
    const words = fc.lorem({ maxCount: 30 });
    fc.assert(
      fc.property(words, words, writing, (before, after, write) => {
        expect(holdsAddress(`${before} ${write(REAL)} ${after}`, REAL)).toBe(true);
        expect(holdsAddress(`${before} ${after}`, REAL)).toBe(false);
      }),
      { numRuns: 10_000 },
    );
  }, 60_000);

  test('takes no time over what is written to take it', () => {
    for (const text of [
      '@'.repeat(60_000),
      'a@'.repeat(30_000),
      '. '.repeat(30_000),
      ' at '.repeat(15_000),
      '%40'.repeat(20_000),
      `${' '.repeat(60_000)}x`,
      'a '.repeat(30_000),
      'a@b.'.repeat(15_000),
      '<a '.repeat(20_000),
      '<div>'.repeat(12_000),
      '&amp;'.repeat(12_000),
    ])
      expect(holdsAddress(text, REAL)).toBe(false);
  }, 20_000);
});

import { expect, test } from 'vitest';
import { looksLikeLink } from '~/domain/account/looks-like-link';
import { cleanLine, cleanName } from '~/domain/text';

/** As long as a form may be: patterns are asked before lengths are. */
const LENGTH = 500_000;

test.each([
  ['a row of spaces in a line', () => cleanLine(`x${' '.repeat(LENGTH)}x`)],
  ['a row of tabs in a name', () => cleanName(`x${'\t'.repeat(LENGTH)}x`)],
  ['a name of one letter', () => looksLikeLink('a'.repeat(LENGTH))],
  ['a name of capitals', () => looksLikeLink('A'.repeat(LENGTH))],
  ['a name of hyphens', () => looksLikeLink('-'.repeat(LENGTH))],
])('%s takes no long time', (_, read) => {
  const began = performance.now();
  read();
  expect(performance.now() - began).toBeLessThan(2_000);
});

test.each([
  ['a \n\n  b', 'a b'],
  ['a\t\nb\tc', 'a b c'],
])('%j in one line is %j', (typed, line) => expect(cleanLine(typed)).toBe(line));

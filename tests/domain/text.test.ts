import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanLine, cleanName, cleanText } from '~/domain/text';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(...'a \r\n\t\u0000\u0085\u2028\u202e\u2066\u200b\u200c\u200d\u200e\ufeff\u00ad\ud800م्क😀'),
  }),
);

describe('text of several lines', () => {
  test.each([
    ['  kept  ', 'kept'],
    ['a\r\nb\rc\u2028d\u2029e\u0085f\u000bg', 'a\nb\nc\nd\ne\nf\ng'],
    ['a\u0000b\u0007c\u009f', 'abc'],
    ['tab\tstays', 'tab\tstays'],
    ['user\u202Etxt.exe\u202C', 'usertxt.exe'],
    ['\u2067isolated\u2069', 'isolated'],
    ['half \uD83D', 'half \uFFFD'],
    ['می‌خواهم', 'می‌خواهم'],
    ['👩‍🔬', '👩‍🔬'],
    ['e\u0301 is not é', 'e\u0301 is not é'],
  ])('%j → %j', (typed, clean) => {
    expect(cleanText(typed)).toBe(clean);
  });

  test('cleaning is done once and for all, and its result is well-formed', () => {
    fc.assert(
      fc.property(anyText, (typed) => {
        const clean = cleanText(typed);
        expect(cleanText(clean)).toBe(clean);
        expect(clean.isWellFormed()).toBe(true);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must be gone
        expect(clean).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/);
      }),
    );
  });
});

describe('text of one line', () => {
  test.each([
    ['a\nb', 'a b'],
    ['a \r\n\r\n  b', 'a b'],
    ['a\tb', 'a b'],
    ['Name\r\nBcc: v@x', 'Name Bcc: v@x'],
  ])('%j → %j', (typed, clean) => {
    expect(cleanLine(typed)).toBe(clean);
  });

  test('is one line', () => {
    fc.assert(fc.property(anyText, (typed) => !/[\n\r\t\v\f\u0085\u2028\u2029]/.test(cleanLine(typed))));
  });
});

describe('names', () => {
  test.each([
    ['Dilnoza\u200b Example', 'Dilnoza Example'],
    ['A\u200dB', 'AB'],
    ['می‌خواهم', 'می‌خواهم'],
    ['क्‍ष', 'क्‍ष'],
    ['\u202EnaN\u202C', 'naN'],
    ['\ufeff \u200e', ''],
    ['Jean\u00adPaul', 'JeanPaul'],
    ['a  \n b', 'a b'],
    ['Ōe 健三郎', 'Ōe 健三郎'],
  ])('relay 64: %j → %j', (typed, clean) => {
    expect(cleanName(typed)).toBe(clean);
  });

  test('cleaning is done once and for all', () => {
    fc.assert(fc.property(anyText, (typed) => cleanName(cleanName(typed)) === cleanName(typed)));
  });
});

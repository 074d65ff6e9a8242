import fc from 'fast-check';
import { expect, test } from 'vitest';
import { submissionSchema } from '~/domain/submission/schema';
import { countWords } from '~/domain/word-count';

test.each([
  ['', 0],
  [' \n\t\u00a0\u3000 ', 0],
  ['one', 1],
  ['one two  three', 3],
  ['one\ntwo\n\n\nthree\tfour\u00a0five', 5],
  ["don't stop", 2],
  ['don’t stop', 2],
  ['state-of-the-art', 1],
  ['state–of—the―art', 1],
  ['a/b and/or c', 3],
  ['3.14 metres', 2],
  ['1,000 10:30 50%', 3],
  ['vol.2:17', 1],
  ['https://example.org/a?b=c#d', 1],
  ['a — b', 3],
  ['a - b … c', 5],
  ['(a) [b] “c” *d*', 4],
  ['وقد كتب هذا', 3],
  ['می‌خواهم بروم', 2],
  ['вода и границы', 3],
  ['हिन्दी में लिखा', 3],
  ['한국어 낱말 셋', 3],
  ['Ωραία πόλη', 2],
  ['👩‍🔬 😀', 2],
  ['e\u0301te\u0301', 1],
  // One a character, as in Word
  ['東京の水道と都市計画', 10],
  ['日本語。', 4],
  ['「水」、', 4],
  ['コンピューター', 7],
  ['東京 大阪', 4],
  ['東京Tower大阪', 5],
  ['“中国”', 2],
  ['中国(PRC)2027年', 4],
  ['注音ㄅㄆ', 4],
  // By dictionary
  ['ภาษาไทย', 2],
  ['ภาษาไทย ภาษาลาว', 4],
  ['Thaiภาษา', 2],
  ['ພາສາລາວ', 2],
  // What nobody sees is no word
  ['\u200b', 0],
  ['\ufeff \u2060 \u00ad \u200e \u3164 \u2800', 0],
  ['a \u200b b', 2],
  ['state\u200bof\u00adthe\ufeffart', 1],
])('%j has %i words', (text, words) => {
  expect(countWords(text)).toBe(words);
});

test('what is added after a blank is added to the number', () => {
  const piece = fc.string({ unit: fc.constantFrom(...'ab1-—.,’/\u200b\u00ad東のไทยကခល 😀') });
  fc.assert(fc.property(piece, piece, (a, b) => countWords(`${a}\n${b}`) === countWords(a) + countWords(b)));
});

test('long text in pieces has the words that it has by the dictionary', () => {
  const sentence = 'ประเทศไทยมีแม่น้ำหลายสายที่ไหลผ่านเมืองใหญ่และชาวบ้านใช้น้ำร่วมกันมานานหลายร้อยปี';
  const text = sentence.repeat(40);
  const all = [...new Intl.Segmenter('th', { granularity: 'word' }).segment(text)].filter((part) => part.isWordLike);
  expect(countWords(text)).toBe(all.length);
});

test.each([
  ['Latin words', 'water '],
  ['one long word', 'a'],
  ['hyphens', '-'],
  ['blanks', ' '],
  ['invisible characters', '\u200b'],
  ['Chinese', '水'],
  ['Chinese and Latin', '水a'],
  ['Thai', 'แม่น้ำ'],
  ['Khmer', 'ភាសាខ្មែរ'],
  ['Burmese', 'မြန်မာဘာသာ'],
  ['Lao', 'ພາສາລາວ'],
  ['one letter of Thai', 'ก'],
  ['marks of Thai', '\u0e49'],
])('%s: twice the text takes about twice the time', (_, piece) => {
  const time = (length: number) => {
    const text = piece.repeat(Math.ceil(length / piece.length));
    return Math.min(
      ...[1, 2, 3].map(() => {
        const began = performance.now();
        countWords(text);
        return performance.now() - began;
      }),
    );
  };
  time(20_000);
  const [once, eightTimes] = [time(30_000), time(240_000)];
  expect(eightTimes).toBeLessThan(Math.max(60, once * 8 * 2.5));
});

test('what is too long is refused before its words are counted', () => {
  const schema = submissionSchema({ formats: [{ id: 'f', wordLimit: 100 }], themes: [{ id: 't' }] });
  const parse = (abstract: string) =>
    schema
      .safeParse({ intent: 'submit', title: 'T', abstract, formatId: 'f', themeId: 't', authors: [{ name: 'A' }] })
      .error?.issues.map(({ path, code, ...issue }) => [
        path.join('.'),
        code === 'custom' ? (issue as { params?: { key?: string } }).params?.key : code,
      ]);
  expect(parse('a '.repeat(200))).toEqual([['abstract', 'error.words']]);
  expect(parse('a '.repeat(40_000))).toEqual([['abstract', 'too_big']]);
});

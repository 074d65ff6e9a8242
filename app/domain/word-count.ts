/**
 * Words as Microsoft Word counts them, the number that a word limit speaks of: what stands between white space is one
 * (`state-of-the-art`, `a/b`, a lone dash); each East Asian character is one; scripts that put no blanks between words are
 * parted by the platform's dictionary (Unicode UAX 29). Takes time in proportion to the text, and is the same in every
 * browser and on the server but for those dictionaries.
 */
export function countWords(text: string): number {
  let words = 0;
  for (const [run] of text.matchAll(RUN)) words += SPECIAL.test(run) ? countIn(run) : INVISIBLE_RUN.test(run) ? 0 : 1;
  return words;
}

/** Without the byte order mark, which JavaScript takes for a blank. */
const RUN = /(?:[^\s]|\uFEFF)+/gu;
const INVISIBLE = '\\p{Default_Ignorable_Code_Point}\\p{Cc}\\u2800\\uFEFF';
const INVISIBLE_RUN = new RegExp(`^[${INVISIBLE}]+$`, 'u');
/** With the punctuation and the wide forms that Word takes for characters too. Korean has blanks. */
const EAST_ASIAN =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Bopomofo}\\u3001-\\u303F\\u30FB\\u30FC\\uFF01-\\uFF9F\\uFFE0-\\uFFE6';
const WITHOUT_BLANKS = '\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const SPECIAL = new RegExp(`[${EAST_ASIAN}${WITHOUT_BLANKS}]`, 'u');
/** Invisible characters part words in Khmer and Thai. */
const PARTS = new RegExp(
  `([${EAST_ASIAN}])|([${WITHOUT_BLANKS}](?:[${WITHOUT_BLANKS}]|[\\p{M}\\u200B-\\u200D\\u2060])*)|[^${EAST_ASIAN}${WITHOUT_BLANKS}]+`,
  'gu',
);

function countIn(run: string): number {
  let words = 0;
  for (const [part, eastAsian, withoutBlanks] of run.matchAll(PARTS)) {
    if (eastAsian) words++;
    else if (withoutBlanks) words += countByDictionary(withoutBlanks);
    // Quotes and brackets around them belong to what they stand at.
    else if (/[\p{L}\p{N}]/u.test(part)) words++;
  }
  return words;
}

/** The dictionaries of Node 20 take time by the square of what they are given at once. */
const WINDOW = 400;
/** What they say of the end of a piece may be otherwise when it goes on. */
const DOUBTFUL = 4;
let segmenter: Intl.Segmenter | undefined;

function countByDictionary(text: string): number {
  // Browsers of before 2024 have none.
  if (!Intl.Segmenter) return 1;
  segmenter ??= new Intl.Segmenter('en', { granularity: 'word' });
  let words = 0;
  for (let from = 0; from < text.length; ) {
    const whole = from + WINDOW >= text.length;
    const parts = [...segmenter.segment(text.slice(from, from + WINDOW))];
    const sure = whole || parts.length <= DOUBTFUL ? parts : parts.slice(0, -DOUBTFUL);
    for (const part of sure) {
      if (part.isWordLike) words++;
      from += part.segment.length;
    }
  }
  return words;
}

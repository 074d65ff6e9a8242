/** Scripts that write no space between words: each character counts as a word, and a query as a phrase of them. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*/gu;
const ORNAMENTED = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu;
/** Arabic vowel signs and the stretching bar, which are written or left out at will. */
const ARABIC_POINTS = /[\u064B-\u065F\u0670\u0640]/g;
/** Marks that stand between two words rather than within one: the English possessive and the Romance elision. */
const POSSESSIVE = /(?<=\p{L})['’]s(?!\p{L})/giu;
const ELISION = /(?<!\p{L})([cdjlmnst]|qu)['’](?=\p{L})/giu;
const APOSTROPHES = /(?<=\p{L})['’‘ʻʼ`´](?=\p{L})/gu;
/** Invisible characters that sit within words: zero-width joiners, soft hyphen, byte-order mark. */
const INVISIBLE = /[\u00AD\u200B-\u200D\u2060\uFEFF]/g;

/**
 * Text as both engines index it: compatibility forms, case and accents folded (accents only where they are
 * ornament: Latin, Greek, Cyrillic, Arabic points), words parted by single spaces.
 */
export function foldWords(text: string): string {
  return text
    .normalize('NFKD')
    .replace(INVISIBLE, '')
    .replace(POSSESSIVE, '')
    .replace(ELISION, '$1 ')
    .replace(APOSTROPHES, '')
    .replace(ORNAMENTED, '$1')
    .replace(ARABIC_POINTS, '')
    .toLowerCase()
    .normalize('NFC')
    .replace(UNSPACED, ' $& ')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
}

/** One thing that must occur: words in a row, the last one perhaps only begun. */
export interface Term {
  words: string[];
  prefix: boolean;
}

/** More than a person types; fewer than would make a query slow. */
const MOST_TERMS = 12;

/** What was typed, as terms that must all occur. `"in quotes"` is a phrase, `migrat*` a beginning. */
export function parseQuery(typed: string): Term[] {
  const terms: Term[] = [];
  for (const [, phrase, word] of typed.slice(0, 400).matchAll(/"([^"]*)"|([^\s"]+)/g)) {
    const words = foldWords(phrase ?? word ?? '')
      .split(' ')
      .filter(Boolean);
    if (words.length > 0) terms.push({ words, prefix: word?.endsWith('*') ?? false });
  }
  return terms.slice(0, MOST_TERMS);
}

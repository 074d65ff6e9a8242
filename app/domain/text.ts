/**
 * What people type, made safe to store and show. Nothing visible is lost and nothing is normalised away: text that was
 * not NFC stays so. Neutralised are control characters, unpaired surrogates and the bidi characters that can make a
 * line read as another (Unicode TR36); the invisible marks that Persian, Indic scripts and emoji need stay.
 */
const CONTROLS = /(?![\n\t])\p{Cc}/gu;
const LINE_ENDS = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;
const BIDI_OVERRIDES = /[\u202A-\u202E\u2066-\u2069]/g;
const INVISIBLE_MARKS = /[\u200B\u200E\u200F\u061C\u2060-\u2064\uFEFF\u00AD]/g;
const JOINING =
  '[\\p{Script=Arabic}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Sinhala}\\p{Script=Malayalam}\\p{M}]';
const STRAY_JOINERS = new RegExp(`(?<!${JOINING})[\\u200C\\u200D]|[\\u200C\\u200D](?!${JOINING})`, 'gu');

/** Text of several lines, such as an abstract or a message. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(LINE_ENDS, '\n').replace(CONTROLS, '').replace(BIDI_OVERRIDES, '').trim();
}

/** Text of one line, such as a title. */
export function cleanLine(text: string): string {
  // Line by line, not by one pattern: `\s*\n` takes time by the square of a row of spaces.
  return cleanText(text)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ')
    .replaceAll('\t', ' ');
}

/** A person's name: one line without anything invisible but the joiners that Persian and Indic names are written with. */
export function cleanName(text: string): string {
  return cleanLine(text).replace(STRAY_JOINERS, '').replace(INVISIBLE_MARKS, '').replace(/\s+/g, ' ').trim();
}

/**
 * Text from a PDF or a mail has a line's end where its column had one. Such lines, all of about one width, are joined;
 * what has its own lines stays as it is: paragraphs, lists, labelled parts, verses. Null: there is nothing to join.
 * Takes time in proportion to the text.
 */
export function joinedLines(text: string): string | null {
  const lines = text.replace(/\r\n?/g, '\n').split('\n').map(measured);
  const column = columnOf(lines);
  if (column === null) return null;
  const compounds = compoundsIn(text);
  const parts: string[] = [];
  lines.forEach((line, index) => {
    const before = lines[index - 1];
    if (!before) parts.push(line.text);
    else if (!goesOn(before, line, column)) parts.push('\n', line.text);
    else {
      const next = line.text.trimStart();
      const seam = seamOf(before.text, next, compounds);
      if (seam === 'broken word') parts.push(parts.pop()!.slice(0, -1), next);
      else parts.push(seam, next);
    }
  });
  return parts.join('');
}

interface Line {
  text: string;
  /** In columns of a typewriter: wide characters take two, marks none. */
  width: number;
  /** Of its first word, for which the line before had no room. */
  first: number;
  empty: boolean;
  /** Begins something of its own, whatever stands before it. */
  begins: boolean;
  /** Whether its first letter is small or capital; null in a script that does not tell. */
  capital: boolean | null;
}

function measured(text: string): Line {
  const trimmed = text.trim();
  const letter = /^[^\p{L}]{0,4}(\p{L})/u.exec(trimmed)?.[1] ?? '';
  return {
    text: text.trimEnd(),
    width: widthOf(trimmed),
    first: widthOf(UNSPACED.test(trimmed) ? trimmed.slice(0, 1) : (/^\S{1,80}/.exec(trimmed)?.[0] ?? '')),
    empty: trimmed === '',
    begins: ITEM.test(trimmed) || LABEL.test(trimmed) || /^(?: {2,}|\t)\S/.test(text),
    capital: /\p{Lu}/u.test(letter) ? true : /\p{Ll}/u.test(letter) ? false : null,
  };
}

/** Narrower are verses and lists; wider is no column of a page. */
const NARROWEST = 40;
/** Verses of scripts without capitals have little but their width to tell them by. */
const NARROWEST_WITHOUT_CAPITALS = 52;
const WIDEST = 140;

/** The width at which the lines were broken, if it looks as if a program had done it. */
function columnOf(lines: Line[]): number | null {
  const ends = lines.filter((line, index) => !line.empty && lines[index + 1]?.empty === false);
  const narrow = ends.filter(({ width }) => width <= WIDEST);
  if (narrow.length < 2 || narrow.length < ends.length * 0.8) return null;
  const width = medianWidth(narrow);
  const nearly = narrow.filter((line) => line.width >= width * 0.8 && line.width <= width * 1.2);
  if (nearly.length < narrow.length * 0.7) return null;
  const next = lines.filter((line, index) => !line.empty && !line.begins && lines[index - 1]?.empty === false);
  const capitals = next.filter(({ capital }) => capital === true).length;
  const cased = next.filter(({ capital }) => capital !== null).length;
  const tells = cased >= next.length * 0.5;
  // Verses, names, titles: each line begins with a capital.
  if (tells && capitals > cased * 0.6) return null;
  const unspaced = next.filter(({ text }) => UNSPACED.test(text.trimStart())).length > next.length * 0.5;
  if (width < (tells || unspaced ? NARROWEST : NARROWEST_WITHOUT_CAPITALS)) return null;
  const joins = lines.filter((line, index) => index > 0 && goesOn(lines[index - 1]!, line, width));
  return joins.length >= 2 ? width : null;
}

/** The middle one, found by counting: no width here is beyond WIDEST. */
function medianWidth(lines: Line[]): number {
  const counts = new Array<number>(WIDEST + 1).fill(0);
  for (const { width } of lines) counts[width]!++;
  let below = 0;
  return counts.findIndex((count) => {
    below += count;
    return below * 2 > lines.length;
  });
}

/** Whether the line stands where it does only because the one before was full. */
function goesOn(before: Line, line: Line, column: number): boolean {
  if (before.empty || line.empty || line.begins || before.width > WIDEST) return false;
  const ends = SENTENCE_END.test(before.text);
  if (DASH.test(line.text.trimStart()) && (ends || /[,;]$/.test(before.text))) return false;
  // Lines of a proportional font differ in letters, but no sentence is half a line.
  if (!ends && line.capital === false) return before.width >= column * 0.55;
  const full = before.width + 1 + line.first >= column * 0.95;
  return full && (!ends || before.width >= column * 0.85);
}

/** What comes between two lines: nothing where the script has no blanks, a blank, or less than nothing. */
function seamOf(before: string, next: string, compounds: ReadonlySet<string>): '' | ' ' | 'broken word' {
  const tail = before.slice(-80);
  if (tail.endsWith('\u00AD')) return 'broken word';
  if (/[\p{L}\p{N}][-\u2010\u058A]$/u.test(tail)) {
    if (SUSPENDED.test(next)) return ' ';
    return keepsHyphen(tail.slice(0, -1), next, compounds) ? '' : 'broken word';
  }
  if (/[\p{L}\p{N}][–—/\u05BE]$/u.test(tail)) return '';
  return UNSPACED_END.test(tail) && UNSPACED.test(next) ? '' : ' ';
}

/** A hyphen that would stand there in the middle of a line as well. */
function keepsHyphen(tail: string, next: string, compounds: ReadonlySet<string>): boolean {
  const first = /[\p{L}\p{M}\p{N}-]{1,60}$/u.exec(tail)?.[0] ?? '';
  const second = /^[\p{L}\p{M}\p{N}]{1,60}/u.exec(next)?.[0] ?? '';
  return (
    first.includes('-') ||
    next[second.length] === '-' ||
    !/^\p{L}/u.test(next) ||
    /^\p{Lu}/u.test(next) ||
    /\p{N}$/u.test(first) ||
    HYPHENATED.test(first) ||
    compounds.has(`${first}-${second}`.toLowerCase())
  );
}

/** Words that the text writes with a hyphen within a line. */
function compoundsIn(text: string): Set<string> {
  const found = text.matchAll(/(?<![\p{L}\p{M}\p{N}-])[\p{L}\p{M}\p{N}]{1,60}-[\p{L}\p{M}\p{N}]{1,60}/gu);
  return new Set([...found].map(([word]) => word.toLowerCase()));
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : MARK.test(character) ? 0 : 1;
  return width;
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60\p{Extended_Pictographic}]/u;
const MARK = /[\p{M}\p{Cf}]/u;
const NO_BLANKS =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}\\u3000-\\u303F\\uFF01-\\uFF60]';
const UNSPACED = new RegExp(`^${NO_BLANKS}`, 'u');
const UNSPACED_END = new RegExp(`${NO_BLANKS}$`, 'u');

/** A bullet, a number, a heading, a quoted line, a row of a table. */
const ITEM = /^(?:[-*+•‣◦▪●·]|\(?\p{N}{1,3}[.)]|\(?\p{L}\)|#{1,6}|>|\|)\s/u;
/** "Methods: …" */
const LABEL = /^\p{Lu}[\p{L}\p{M} &/-]{1,30}[:：](?:\s|$)/u;
const DASH = /^[–—]\s/;
const SENTENCE_END = /[.!?…:。！？।؟۔።։][”"’»)\]]?$/u;
/** "short- and long-term": the hyphen stands for what comes after the second word. */
const SUSPENDED = /^(?:and|or|to|und|oder|bis|et|ou|och|eller|og|en|of|и|или)\s/u;
/** What nobody writes before a hyphen but to keep it. */
const HYPHENATED = /^(?:self|well|ex|quasi|half|all|cross)$/i;

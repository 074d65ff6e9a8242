import { headAbove, ruleAbove } from './heads';
import type { Line } from './lines';
import { type OurLetters, OurWords, type Token, tokensOf } from './ours';

export interface Cut {
  /** What its writer says. */
  text: string;
  /** What was left out of it though its writer, or their program, put it there: a signature. Empty: nothing. */
  leftOut: string;
}

/** A line with what is ours in it. */
interface Seen extends Line {
  tokens: Token[];
  /** Per token: whether it is ours, and of what frames people's words. */
  ours: boolean[];
  frame: boolean[];
}

/** In words: less than this, unquoted, may be anybody's. */
const MIN_HISTORY = 6;
const MIN_FRAME = 4;
/** In lines. */
const MAX_LOOK = 60;

/**
 * What somebody has written in answer to a letter of ours. History is what matches our letters, with the attribution or
 * header block above it; a signature is what stands below `-- ` (RFC 3676, 4.3). Nothing else is cut: in doubt the words
 * stay. Takes time in proportion to the lines and to our letters.
 */
export function cutOurs(lines: readonly Line[], letters: OurLetters): Cut {
  const ours = new OurWords(letters);
  const seen = look(lines, ours);
  const gone = new Set<number>();
  const history = markHistory(seen, ours, gone);
  for (const [index, line] of seen.entries()) {
    if (gone.has(index)) continue;
    if (isOwnLine(line, ours)) gone.add(index);
  }
  markRemains(seen, gone, history);
  const signature = markSignature(seen, gone, history);
  const kept = seen.map((line, index) =>
    gone.has(index) || signature.has(index) ? null : textOf(line, index >= history || line.depth > 0),
  );
  return {
    text: joined(kept, seen),
    leftOut: joined(
      seen.map((line, index) => (signature.has(index) ? line.raw : null)),
      seen,
    ),
  };
}

function look(lines: readonly Line[], ours: OurWords): Seen[] {
  const tokens = lines.map((line) => tokensOf(line.text));
  const matches = ours.matches(tokens.flat().map(({ word }) => word));
  let from = 0;
  return lines.map((line, index) => {
    const own = matches.slice(from, from + tokens[index]!.length);
    from += own.length;
    const links = ownSpans(line.text, ours);
    const inLink = ({ start }: Token) => links.some(([begin, end]) => start >= begin && start < end);
    return {
      ...line,
      tokens: tokens[index]!,
      ours: tokens[index]!.map((token, at) => own[at]!.at >= 0 || inLink(token)),
      frame: tokens[index]!.map((token, at) => own[at]!.frame || inLink(token)),
    };
  });
}

/** Where in a line addresses and links of the portal's stand. */
function ownSpans(text: string, ours: OurWords): [number, number][] {
  if (!ours.isOurs(text)) return [];
  return [...text.matchAll(/\S+/g)]
    .filter(([word]) => ours.isOwnLink(word))
    .map((match) => [match.index, match.index + match[0].length]);
}

/** Marks what is history, and returns the first unquoted line from which all that matches is. */
function markHistory(seen: Seen[], ours: OurWords, gone: Set<number>): number {
  let history = seen.length;
  for (let index = 0; index < seen.length; index++) {
    if (!isMatched(seen, index, ours)) continue;
    const line = seen[index]!;
    if (gone.has(index)) continue;
    const head = headAbove(seen, index, ours, gone);
    const begins = line.depth === 0 && index < history;
    if (begins && head === index && !isWeighty(seen, index, ours)) continue;
    const from = begins || head < index ? ruleAbove(seen, head, gone) : head;
    if (begins) history = from;
    for (let above = from; above <= index; above++) gone.add(above);
  }
  return history;
}

/** Whether all words of a line are ours. */
function isMatched(seen: Seen[], index: number, ours: OurWords): boolean {
  const line = seen[index]!;
  if (line.tokens.length === 0) return false;
  if (line.ours.every(Boolean)) return true;
  if (line.depth === 0 || line.tokens.length >= 8) return false;
  // A short line of a quotation: as it stands in our letter, and not alone unless it is more than a word.
  const words = line.tokens.map(({ word }) => word);
  return (words.length > 1 || isAmongOurs(seen, index)) && ours.holds(words);
}

function isAmongOurs(seen: Seen[], index: number): boolean {
  for (const step of [-1, 1]) {
    let at = index + step;
    while (seen[at]?.tokens.length === 0 && Math.abs(at - index) < 4) at += step;
    const beside = seen[at];
    if (beside && beside.depth > 0 && beside.ours.some(Boolean)) return true;
  }
  return false;
}

/** Whether enough stands here in a row that it is a letter of ours, and not a sentence that somebody takes up. */
function isWeighty(seen: Seen[], index: number, ours: OurWords): boolean {
  let words = 0;
  let frame = 0;
  for (let at = index; at < seen.length && at < index + MAX_LOOK; at++) {
    const line = seen[at]!;
    if (line.tokens.length === 0) continue;
    if (!isMatched(seen, at, ours)) break;
    words += line.tokens.length;
    frame += line.frame.filter(Boolean).length;
    if (words >= MIN_HISTORY && frame >= MIN_FRAME) return true;
  }
  return false;
}

/** A line of nothing but an address or link of the portal's, with what introduces it. */
function isOwnLine(line: Seen, ours: OurWords): boolean {
  return line.tokens.length > 0 && ours.isOurs(line.text) && line.ours.every(Boolean);
}

/** Lines of signs alone between lines of ours: the rule above our own signature, say. */
function markRemains(seen: Seen[], gone: Set<number>, history: number): void {
  for (let index = 0; index < seen.length; index++) {
    const line = seen[index]!;
    if (gone.has(index) || line.tokens.length > 0 || line.text.trim() === '') continue;
    if (line.depth === 0 && (index < history || line.text.trim() !== '--')) continue;
    let above = index - 1;
    while (above >= 0 && index - above < MAX_LOOK && seen[above]!.text.trim() === '') above--;
    // Unquoted, it may be the writer's own, but where our own words follow.
    if (gone.has(above) && (line.depth > 0 || gone.has(index + 1))) gone.add(index);
  }
}

/** What stands below `-- ` to the end, or to history. */
function markSignature(seen: Seen[], gone: ReadonlySet<number>, history: number): Set<number> {
  const marked = new Set<number>();
  const begin = seen.findIndex((line, index) => line.depth === 0 && line.text === '-- ' && !gone.has(index));
  if (begin === -1) return marked;
  for (let at = begin; at < seen.length && !gone.has(at) && (begin >= history || at < history); at++) {
    if (seen[at]!.depth > 0) break;
    marked.add(at);
  }
  return marked;
}

/** A line as it goes on: where a sentence of our frame stands in it beside others' words, without that. */
function textOf(line: Seen, cuttable: boolean): string {
  if (!cuttable || line.frame.filter(Boolean).length < MIN_HISTORY) return line.raw;
  const spans: [number, number][] = [];
  for (let at = 0; at < line.tokens.length; at++) {
    if (!line.frame[at]) continue;
    let end = at;
    while (line.frame[end + 1]) end++;
    if (end - at + 1 >= MIN_HISTORY) spans.push([line.tokens[at]!.start, line.tokens[end]!.end]);
    at = end;
  }
  if (spans.length === 0) return line.raw;
  let text = '';
  let from = 0;
  for (const [begin, end] of spans) {
    text += line.text.slice(from, begin);
    from = end + (/^[.:!?…。：]+/.exec(line.text.slice(end))?.[0].length ?? 0);
  }
  return (text + line.text.slice(from)).replace(/ {2,}/g, ' ').trim();
}

/** Without the empty lines that were round what is gone. */
function joined(texts: readonly (string | null)[], seen: readonly Seen[]): string {
  const out: string[] = [];
  for (const [index, text] of texts.entries()) {
    const blank = text === null || seen[index]!.text.trim() === '';
    if (!blank) out.push(text.trimEnd());
    else if (out.length > 0 && out.at(-1) !== '') out.push('');
  }
  return out.join('\n').trim();
}

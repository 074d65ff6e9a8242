import type { Line } from './lines';
import type { OurWords, Token } from './ours';

/** A line with its words. */
type Read = Line & { tokens: readonly Token[] };

/** In lines: no attribution or header block is longer, however it is wrapped. */
const MAX_HEAD = 12;
/** In characters. */
const MAX_ATTRIBUTION = 500;
/** A name before a colon, in whatever language and however it is set off. */
const LABEL = /^[\s*_|·•]{0,6}[^\s:：*][^:：]{0,38}[\s*\u00a0]{0,3}[:：]/u;
const RULE = /^[\s]*(?:[-_=*─—–﹣－]\s?){5,}[\s]*$/u;
const TITLED_RULE = /^\s*[-_=*─—–]{2,60}\s?[^-_=*─—–]{2,80}?\s?[-_=*─—–]{2,60}\s*$/u;

/**
 * Where that begins which stands above a line of ours and introduces it: "On … wrote:", or a block of headers; the
 * line itself where nothing does. What names neither whom our letter came from nor what it was about is
 * none, in whatever language it is.
 */
export function headAbove(lines: readonly Read[], index: number, ours: OurWords, gone: ReadonlySet<number>): number {
  let last = index - 1;
  while (last >= 0 && index - last <= 3 && isBlank(lines[last]!)) last--;
  if (last < 0 || gone.has(last) || isBlank(lines[last]!)) return index;
  const { depth } = lines[last]!;
  if (depth > lines[index]!.depth) return index;
  let first = last;
  while (first > 0 && last - first < MAX_HEAD && isInBlock(lines[first - 1]!, depth) && !gone.has(first - 1)) first--;
  const read = lines.slice(first, last + 1);
  if (!read.some((line) => ours.mayName(line))) return index;
  const block = read.map(({ text }) => text);
  const begins = headersBegin(block, ours) ?? attributionBegins(block, ours);
  return begins === null ? index : first + begins;
}

/** "From: …", "Sent: …", "Subject: …", each on a line, of which one says from whom, or what it is about. */
function headersBegin(block: readonly string[], ours: OurWords): number | null {
  const named = block.findIndex(
    (line) => LABEL.test(line) && (ours.namesSender(line) || ours.namesSubject(line) || ours.namesPerson(line)),
  );
  if (named === -1) return null;
  const labels = block.slice(named).filter((line) => LABEL.test(line)).length;
  let begins = named;
  while (begins > 0 && LABEL.test(block[begins - 1]!) && isShort(block[begins - 1]!)) begins--;
  return labels + (named - begins) >= 2 && (labels >= 2 || named > begins) ? begins : null;
}

/** "On … wrote:", wrapped over some lines: the fewest that name whom our letter came from, with the date before it. */
function attributionBegins(block: readonly string[], ours: OurWords): number | null {
  for (let begins = block.length - 1; begins >= Math.max(0, block.length - 6); begins--) {
    const said = block.slice(begins).join(' ');
    if (said.length > MAX_ATTRIBUTION) return null;
    const dated = /\p{Nd}{1,4}[\s.:/年月日-]{0,3}/u.test(said) && /[:：>]\s*$/u.test(said);
    if (!ours.namesSender(said) && !(ours.namesPerson(said) && dated)) continue;
    // The date may stand on the lines before.
    while (
      begins > 0 &&
      block.length - begins < 5 &&
      isBeginning(block[begins - 1]!, block.slice(begins).join(' '), ours)
    )
      begins--;
    return begins;
  }
  return null;
}

/** Whether a line is the beginning of an attribution that goes on below: a date or the sender, and no end of a sentence. */
function isBeginning(line: string, rest: string, ours: OurWords): boolean {
  if (/[.!?…。！？:：]\s*$/u.test(line) && !/\p{Nd}\.?\s*$/u.test(line)) return false;
  if (ours.namesSender(line)) return true;
  return /\p{Nd}{4}|\p{Nd}{1,2}[:.]\p{Nd}{2}|\p{Nd}{1,2}[./-]\p{Nd}{1,2}/u.test(line) && !hasDate(rest);
}

function hasDate(text: string): boolean {
  const withoutAddresses = text.replace(/\S*@\S*/g, '');
  return /\p{Nd}{1,2}[:.]\p{Nd}{2}/u.test(withoutAddresses) && /\p{Nd}{4}/u.test(withoutAddresses);
}

/** The same with the line of dashes that mail programs put above. */
export function ruleAbove(lines: readonly Line[], begins: number, gone: ReadonlySet<number>): number {
  let above = begins - 1;
  while (above >= 0 && begins - above <= 2 && isBlank(lines[above]!)) above--;
  return above >= 0 && !gone.has(above) && isRule(lines[above]!.text) ? above : begins;
}

function isRule(text: string): boolean {
  return text.length < 200 && (RULE.test(text) || TITLED_RULE.test(text));
}

function isInBlock(line: Line, depth: number): boolean {
  return line.depth === depth && !isBlank(line);
}

function isBlank(line: Line): boolean {
  return line.text.trim() === '';
}

function isShort(text: string): boolean {
  return text.length <= 200;
}

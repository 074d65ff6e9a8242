import { cleanText } from '../../text';
import type { OwnLinks } from '../own-links';
import { type Cut, cutOurs } from './cut';
import { htmlLines, MAX_TEXT } from './html-lines';
import { flowedLines, type Line, plainLines } from './lines';
import { type OurLetters, tokensOf } from './ours';
import type { Parts, TextPart } from './parts.server';

/** What its writer says in a mail. */
export interface Typed {
  text: string;
  /** What was left out of it though its writer, or their program, put it there. Empty: nothing. */
  leftOut: string;
  /** Whether it may have become unreadable on its way. */
  garbled: boolean;
  /** Whether there was more of it than is read. */
  truncated: boolean;
}

/** The fuller of two alternatives has so many times the words of the other, and so many more. */
const FULLER = { times: 2, words: 8 };

/**
 * What was typed in answer to our letters: of text and HTML that say the same the text, of a stub beside HTML the HTML;
 * without history, signature, and whatever of the portal's own acts for who has it.
 */
export function typedIn({ texts, leftOut: files, truncated }: Parts, letters: OurLetters, links: OwnLinks): Typed {
  const alternatives = texts.filter(({ alternative }) => alternative);
  const others = texts.filter(({ alternative }) => !alternative);
  const plain = cutParts([...alternatives.filter(isPlain), ...others], letters);
  const html = alternatives.some((part) => !isPlain(part))
    ? cutParts([...alternatives.filter((part) => !isPlain(part)), ...others], letters)
    : null;
  const chosen = html && isFuller(html.text, plain.text) ? html : plain;
  const cleaned = cleanText(chosen.text);
  const text = links.without(cleaned);
  return {
    text,
    leftOut: [cleanText(chosen.leftOut), ...files].filter(Boolean).join('\n'),
    garbled: chosen.garbled,
    truncated: truncated || chosen.truncated,
  };
}

function cutParts(parts: readonly TextPart[], letters: OurLetters): Cut & { garbled: boolean; truncated: boolean } {
  const lines = parts.flatMap(linesOf);
  return {
    ...cutOurs(lines.slice(0, MAX_LINES), letters),
    garbled: parts.some(({ garbled }) => garbled),
    truncated: lines.length > MAX_LINES || lines.reduce((sum, { text }) => sum + text.length, 0) >= MAX_TEXT,
  };
}

/** Far more than people write; what programs write beneath is history. */
const MAX_LINES = 10_000;

function linesOf(part: TextPart): Line[] {
  const lines =
    part.type === 'text/html'
      ? htmlLines(part.text)
      : part.flowed
        ? flowedLines(part.text, part.delSp)
        : plainLines(part.text);
  // One more, so that it is known whether there was more.
  return lines.slice(0, MAX_LINES + 1);
}

function isPlain({ type }: TextPart): boolean {
  return type === 'text/plain';
}

function isFuller(one: string, other: string): boolean {
  const [many, few] = [tokensOf(one).length, tokensOf(other).length];
  return few === 0 ? many > 0 : many >= few * FULLER.times && many - few >= FULLER.words;
}

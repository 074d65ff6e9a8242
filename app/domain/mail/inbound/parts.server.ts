import { pipeline } from 'node:stream/promises';
import { type MimeBytes, type MimeNode, Splitter } from 'mailsplit';
import { decodeText } from './charset';
import type { RawMail } from './raw-mail.server';

/** A part of a mail that is text, decoded. */
export interface TextPart {
  type: 'text/plain' | 'text/html';
  text: string;
  /** Whether it may have become unreadable. */
  garbled: boolean;
  flowed: boolean;
  delSp: boolean;
  /** Whether it is one of several forms of the same (RFC 2046, 5.1.4). */
  alternative: boolean;
}

export interface Parts {
  texts: TextPart[];
  /** What cannot be passed on: files, mails, calendars, cards, by name as far as they have one. */
  leftOut: string[];
  /** Of such parts those that reports are made of, for who reads them. */
  reports: { type: string; text: string }[];
  /** Whether there was more of a text than is read. */
  truncated: boolean;
}

const MAX_DEPTH = 30;
const MAX_PARTS = 200;
/** In bytes, as they came. Programs put whole pictures into their HTML. */
const MAX_PLAIN = 192 * 1024;
const MAX_HTML = 12 * 1024 * 1024;
const MAX_REPORT = 64 * 1024;
const REPORT =
  /^(?:message\/(?:global-)?delivery-status|message\/feedback-report|message\/disposition-notification|text\/rfc822-headers)$/;

class TooComplex extends Error {}

/**
 * The text of a mail's parts (RFC 2045, RFC 2046), in their order; all else of it streams past. `too-complex`: parts
 * within parts or side by side beyond what people send. `unreadable`: no MIME. Takes time in proportion to the mail, also
 * for quoted-printable, where the decoder that comes with `mailsplit` takes the square of a run of blanks.
 */
export async function readParts(mail: RawMail): Promise<Parts | 'too-complex' | 'unreadable'> {
  const found: { node: MimeNode; chunks: Buffer[]; size: number; most: number }[] = [];
  const splitter = new Splitter({ ignoreEmbedded: true, maxHeadSize: 64 * 1024, maxChildNodes: MAX_PARTS });
  try {
    await pipeline(mail.open(), splitter, async (pieces: AsyncIterable<MimeNode | MimeBytes>) => {
      for await (const piece of pieces) {
        if (piece.type === 'node') {
          if (depthOf(piece) > MAX_DEPTH) throw new TooComplex();
          if (!piece.multipart) found.push({ node: piece, chunks: [], size: 0, most: mostOf(piece) });
        } else if (piece.type === 'body' && piece.value) {
          const part = found.at(-1);
          if (!part || part.node !== piece.node) continue;
          if (part.size < part.most) part.chunks.push(Buffer.from(piece.value.subarray(0, part.most - part.size)));
          part.size += piece.value.length;
        }
      }
    });
  } catch (error) {
    return error instanceof TooComplex || (error as { code?: string }).code === 'EMAXLEN'
      ? 'too-complex'
      : 'unreadable';
  }
  const parts: Parts = { texts: [], leftOut: [], reports: [], truncated: false };
  for (const { node, chunks, size, most } of found) {
    const type = node.contentType || 'text/plain';
    const kept = textTypeOf(node);
    if (!kept) parts.leftOut.push(node.filename || type);
    if (!kept && !REPORT.test(type)) continue;
    const bytes = transferDecoded(Buffer.concat(chunks), node.encoding || '');
    const { text, garbled } = decodeText(bytes, node.charset || (kept === 'text/html' ? metaCharset(bytes) : ''));
    if (!kept) {
      parts.reports.push({ type, text });
      continue;
    }
    parts.truncated ||= size > most;
    parts.texts.push({
      type: kept,
      text,
      garbled,
      flowed: node.flowed,
      delSp: node.delSp,
      alternative: isWithin(node, 'alternative'),
    });
  }
  return parts;
}

function depthOf(node: MimeNode): number {
  let depth = 0;
  for (let one: MimeNode | false = node; one; one = one.parentNode) if (++depth > MAX_DEPTH) break;
  return depth;
}

function mostOf(node: MimeNode): number {
  const kept = textTypeOf(node);
  if (kept) return kept === 'text/html' ? MAX_HTML : MAX_PLAIN;
  return REPORT.test(node.contentType || '') ? MAX_REPORT : 0;
}

/** What a person wrote; a text file that they have sent along is a file. */
function textTypeOf(node: MimeNode): TextPart['type'] | null {
  if (node.disposition === 'attachment') return null;
  if (node.filename && node.disposition !== 'inline') return null;
  if (node.filename && !node.root && !isWithin(node, 'alternative')) return null;
  if (node.contentType === 'text/html' || node.contentType === 'text/plain') return node.contentType;
  // RFC 2045, 5.2: what makes no sense is plain text.
  return node.contentType ? null : 'text/plain';
}

function isWithin(node: MimeNode, multipart: string): boolean {
  for (let one = node.parentNode; one; one = one.parentNode) if (one.multipart === multipart) return true;
  return false;
}

/** RFC 2045, 6. What is broken is decoded as far as it goes. */
function transferDecoded(bytes: Buffer, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(bytes.toString('latin1'), 'base64');
  return encoding === 'quoted-printable' ? quotedPrintable(bytes) : bytes;
}

function quotedPrintable(bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').split('\n');
  const joined = lines.map((line, index) => {
    const trimmed = line.trimEnd();
    if (trimmed.endsWith('=')) return trimmed.slice(0, -1);
    return index < lines.length - 1 ? `${trimmed}\n` : trimmed;
  });
  const text = joined
    .join('')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}

/** Where nothing else says it (HTML, "prescan a byte stream"). */
function metaCharset(bytes: Buffer): string {
  const head = bytes.subarray(0, 2048).toString('latin1');
  return /<meta[^>]{0,200}charset\s{0,5}=\s{0,5}["']?([\w-]{2,30})/i.exec(head)?.[1] ?? '';
}

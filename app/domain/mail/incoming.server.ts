import { convert } from 'html-to-text';
import PostalMime, { type Address, addressParser, type Email } from 'postal-mime';

/** What is read of a mail that came in, and nothing else of it goes anywhere. */
export interface Incoming {
  /** Addresses of the From header; a mail that is answered has exactly one. */
  from: string[];
  subject: string;
  /** What the writer typed, quoted history included; from HTML where there is no plain text. */
  text: string;
  /** Whether there was more of it than is looked at, beyond quoted lines. */
  cut: boolean;
  messageId: string | null;
  /** Top-level media type, lower case, without parameters. */
  type: string;
  /** Whether there were parts that cannot be passed on: files, mails, calendars, cards. */
  leftOut: boolean;
  /** Whether anyone but the portal was written to. */
  copied: boolean;
  /** All values of a header, by its name in lower case, in document order. */
  header(name: string): string[];
  /** Parts that are no text, for who reads reports. */
  parts: { type: string; text: string }[];
}

export type Read = { ok: true; mail: Incoming } | { ok: false; reason: 'too-big' | 'too-complex' | 'unreadable' };

/** In bytes: far above what a person types, far below what would hurt. */
export const MOST_MAIL_BYTES = 256 * 1024;
const MOST_DEPTH = 30;
const MOST_PARTS = 200;
/** The parser goes line by line: so many take it a quarter of a second, and no person types them. */
const MOST_LINES = 30_000;
/** In bytes. */
const MOST_HEADERS = 64 * 1024;
/** Each may have the whole body hashed anew; honest mail has two or three. */
const MOST_SIGNATURES = 10;
/** Wherever it stands: two parsers need not agree on where the headers end. */
const SIGNATURE = /^dkim-signature[ \t]*:/gim;
/** In characters. */
const MOST_TEXT = 20 * 1024;

/** Reads a message (RFC 5322, MIME). Never throws, whatever comes. */
export async function readIncoming(bytes: Buffer, ownDomain: string): Promise<Read> {
  if (bytes.length > MOST_MAIL_BYTES) return { ok: false, reason: 'too-big' };
  if (lines(bytes, '--') > MOST_PARTS * 3 || lines(bytes, '') > MOST_LINES) return { ok: false, reason: 'too-complex' };
  if ((bytes.toString('latin1').match(SIGNATURE) ?? []).length > MOST_SIGNATURES)
    return { ok: false, reason: 'too-complex' };
  let mail: Email;
  try {
    mail = await PostalMime.parse(bytes, {
      maxNestingDepth: MOST_DEPTH,
      maxHeadersSize: MOST_HEADERS,
      forceRfc822Attachments: true,
    });
  } catch (error) {
    return { ok: false, reason: /depth|nesting|size/i.test(String(error)) ? 'too-complex' : 'unreadable' };
  }
  if (mail.attachments.length > MOST_PARTS) return { ok: false, reason: 'too-complex' };
  const header = (name: string) => mail.headers.filter(({ key }) => key === name).map(({ value }) => value);
  const everybody = [...(mail.to ?? []), ...(mail.cc ?? [])].flatMap(addresses);
  return {
    ok: true,
    mail: {
      from: header('from').length === 1 ? addressParser(header('from')[0]!).flatMap(addresses) : [],
      subject: mail.subject ?? '',
      ...textOf(mail),
      messageId: mail.messageId ?? null,
      type: (header('content-type')[0] ?? 'text/plain').split(';')[0]!.trim().toLowerCase(),
      leftOut: mail.attachments.length > 0,
      copied: everybody.some((address) => !address.toLowerCase().endsWith(`@${ownDomain.toLowerCase()}`)),
      header,
      parts: mail.attachments.map(({ mimeType, content }) => ({
        type: mimeType,
        text: typeof content === 'string' ? content : new TextDecoder().decode(content),
      })),
    },
  };
}

function textOf(mail: Email): { text: string; cut: boolean } {
  const whole = mail.text?.trim() ? mail.text : fromHtml(mail.html ?? '');
  return {
    text: whole.slice(0, MOST_TEXT).toWellFormed(),
    cut: /^[^>\s]/m.test(whole.slice(MOST_TEXT).replace(/^.*/, '')),
  };
}

/** Somewhat more than is looked at, so that it is known whether there was more. */
function fromHtml(html: string): string {
  if (!html) return '';
  return convert(html.slice(0, MOST_TEXT * 4), {
    wordwrap: false,
    limits: { maxDepth: 50, maxChildNodes: 2_000, maxInputLength: MOST_TEXT * 4 },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'blockquote', format: 'skip' },
    ],
  });
}

function addresses(one: Address): string[] {
  return (one.group ?? [one]).map(({ address }) => address).filter((address): address is string => Boolean(address));
}

function lines(bytes: Buffer, beginning: string): number {
  let count = 0;
  for (let at = bytes.indexOf(`\n${beginning}`); at !== -1; at = bytes.indexOf(`\n${beginning}`, at + 1)) count++;
  return count;
}

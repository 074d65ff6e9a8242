import { type Address, addressParser, decodeWords } from 'postal-mime';

/** What the headers of a mail say, before anything else of it is looked at. */
export interface Headers {
  /** Addresses of the From header; a mail that is answered has exactly one. */
  from: string[];
  subject: string;
  messageId: string | null;
  /** Top-level media type, lower case, without parameters. */
  type: string;
  /** Whether anyone but the portal was written to. */
  copied: boolean;
  /** All values of a header, by its name in lower case, in document order. */
  header(name: string): string[];
}

/** In bytes. */
const MAX_HEADERS = 64 * 1024;
/** Each may have the whole body hashed anew; honest mail has two or three. */
const MAX_SIGNATURES = 10;

/**
 * Reads the headers of a message (RFC 5322, 2.2) from its first bytes. Null: they are longer than any mail program
 * writes them, or hold more signatures than can be looked at.
 */
export function readHeaders(head: Buffer, ownDomain: string): Headers | null {
  const end = endOfHeaders(head);
  if (end > MAX_HEADERS) return null;
  const fields = fieldsOf(head.subarray(0, end).toString('utf8'));
  if (fields.filter(([name]) => name === 'dkim-signature').length > MAX_SIGNATURES) return null;
  const header = (name: string) => fields.filter(([key]) => key === name).map(([, value]) => value);
  const everybody = [...header('to'), ...header('cc')].flatMap((value) => addressParser(value).flatMap(addresses));
  return {
    from: header('from').length === 1 ? addressParser(header('from')[0]!).flatMap(addresses) : [],
    subject: decodeWords(header('subject')[0] ?? ''),
    messageId: header('message-id')[0]?.trim() || null,
    type: (header('content-type')[0] ?? 'text/plain').split(';')[0]!.trim().toLowerCase(),
    copied: everybody.some((address) => !address.toLowerCase().endsWith(`@${ownDomain.toLowerCase()}`)),
    header,
  };
}

/** Where the first empty line begins; of a mail without one, its end. */
function endOfHeaders(head: Buffer): number {
  for (let at = 0; at < head.length; ) {
    if (head[at] === 10 || (head[at] === 13 && head[at + 1] === 10)) return at;
    const next = head.indexOf(10, at);
    if (next === -1) return head.length;
    at = next + 1;
  }
  return head.length;
}

/** Names and unfolded values. A line that is no field belongs to nothing. */
function fieldsOf(text: string): [string, string][] {
  const lines: string[][] = [];
  for (const line of text.split(/\r?\n/)) {
    if (/^[ \t]/.test(line)) lines.at(-1)?.push(line);
    else lines.push([line]);
  }
  return lines.flatMap((parts): [string, string][] => {
    const line = parts.join('');
    const colon = line.indexOf(':');
    return colon > 0 ? [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]] : [];
  });
}

function addresses(one: Address): string[] {
  return (one.group ?? [one]).map(({ address }) => address).filter((address): address is string => Boolean(address));
}

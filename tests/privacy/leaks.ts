import PostalMime from 'postal-mime';

export interface Leak {
  /** Where it was found. */
  place: string;
  address: string;
  /** How it stood there. */
  form: string;
}

/** Where any of these addresses, or a recognisable half of one, stands in a text in any form that we can think of. */
export function findLeaks(place: string, text: string, addresses: readonly string[]): Leak[] {
  const readings: Record<string, string> = {
    plain: text,
    'percent-encoded': text.replace(/(%[0-9a-f]{2})+/gi, decodedOr),
    'HTML entities': text.replace(/&#x([0-9a-f]+);?|&#(\d+);?/gi, (_, hex, number) =>
      String.fromCodePoint(Math.min(hex ? Number.parseInt(hex, 16) : Number(number), 0x10ffff)),
    ),
    'JavaScript escapes': text.replace(/\\u\{?([0-9a-f]{2,6})\}?|\\x([0-9a-f]{2})/gi, (_, long, short) =>
      String.fromCodePoint(Math.min(Number.parseInt(long ?? short, 16), 0x10ffff)),
    ),
    'quoted-printable': text
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    // Across the line ends of base64 in a mail.
    'without line ends': text.replace(/\r?\n\s*/g, ''),
  };
  const { halves, encoded } = sought(addresses);
  return Object.entries(readings).flatMap(([reading, said]) => [
    ...(said.match(halves.pattern) ?? []).map((found) => ({
      place,
      address: halves.address.get(found.toLowerCase())!,
      form: reading,
    })),
    ...(said.match(encoded.pattern) ?? []).map((found) => ({
      place,
      address: encoded.address.get(found) ?? encoded.address.get(found.toLowerCase())!,
      form: `${reading}, in base64 or hex`,
    })),
  ]);
}

interface Sought {
  pattern: RegExp;
  /** Whose the piece is. */
  address: Map<string, string>;
}

const prepared = new Map<string, { halves: Sought; encoded: Sought }>();

/** What to look for, made once for the same addresses: hundreds of pieces in thousands of texts. */
function sought(addresses: readonly string[]): { halves: Sought; encoded: Sought } {
  const key = addresses.join();
  let found = prepared.get(key);
  if (!found) {
    const plain = new Map(addresses.flatMap((address) => halvesOf(address).map((half) => [half, address])));
    const encoded = new Map(
      [...plain].flatMap(([half, address]) =>
        [half, half.toUpperCase()].flatMap((bytes) =>
          [...inBase64(bytes), inHex(bytes), inHex(bytes).toUpperCase()].map((piece): [string, string] => [
            piece,
            address,
          ]),
        ),
      ),
    );
    found = { halves: anyOf(plain, 'gi'), encoded: anyOf(encoded, 'g') };
    prepared.set(key, found);
  }
  return found;
}

function anyOf(address: Map<string, string>, flags: string): Sought {
  const pieces = [...address.keys()].map((piece) => piece.replace(/[.+/-]/g, '\\$&'));
  return { pattern: new RegExp(pieces.join('|'), flags), address };
}

/** Distinctive by themselves, so that a leak of half an address is found too. */
function halvesOf(address: string): string[] {
  return address.toLowerCase().split('@');
}

/** What stands in base64 for these bytes, wherever in the encoded text they begin. */
function inBase64(bytes: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + bytes).toString('base64');
    // The first and last characters also hold bits of their neighbours.
    const inner = encoded.replace(/=+$/, '').slice(offset === 0 ? 0 : offset + 1, -1);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function inHex(bytes: string): string {
  return Buffer.from(bytes).toString('hex');
}

function decodedOr(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** A mail as it went over the wire: its bytes and what a mail program makes of them, without the line of its own recipient. */
export async function readable(raw: string): Promise<string> {
  const bytes = Buffer.from(raw, 'latin1');
  const mail = await PostalMime.parse(bytes);
  const headers = mail.headers.filter(({ key }) => key !== 'to').map(({ key, value }) => `${key}: ${value}`);
  return [
    raw.replace(/^To:.*\r\n([ \t].*\r\n)*/im, ''),
    ...headers,
    mail.subject,
    mail.text,
    mail.html,
    ...mail.attachments.map(({ content }) =>
      typeof content === 'string' ? content : Buffer.from(content as Uint8Array).toString('latin1'),
    ),
  ].join('\n');
}

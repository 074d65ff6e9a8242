/**
 * Whether an address can be read out of a text: as it is, in other case, with a plus-tag or other dots in its local
 * part, spelt out (`real (at) a.org`), or encoded (HTML entities, percent, quoted-printable, Base64). Takes time in
 * proportion to the text, whatever it is; of a text beyond 64 KB the beginning is read.
 */
export function holdsAddress(text: string, address: string): boolean {
  return holdsOneOfThese(text, [address]);
}

/** The same for several addresses, with one reading. */
export function holdsOneOfThese(text: string, addresses: readonly string[]): boolean {
  const sought = new Set(addresses.map(canonical));
  const names = [...new Set(addresses.map(longestName))];
  return readingsOf(text).some((reading) => {
    const lower = reading.toLowerCase();
    if (!names.some((name) => lower.includes(name))) return false;
    return wordings(reading).some((one) => shapes(one).some((it) => sought.has(canonical(it))));
  });
}

/**
 * Stands in every wording of the address as it is, so a reading without it needs no further look. Other alphabets have
 * letters whose lower case depends on what stands around them: there the look is taken.
 */
function longestName(address: string): string {
  const [last = '', ...others] = canonical(address).replace(/^.*@/, '').split('.').reverse();
  // Top-level domains stand in every link.
  const longest = (others.length > 0 ? others : [last]).reduce((one, other) =>
    other.length > one.length ? other : one,
  );
  return /^[a-z0-9-]*$/.test(longest) ? longest : '';
}

/**
 * Whether any address at all can be so read: what writers are asked about. It does not depend on whose address it is, so
 * nobody learns by trying whether they have guessed one.
 */
export function holdsAnyAddress(text: string): boolean {
  return readingsOf(text).some((reading) => {
    const [even = '', spelt = ''] = wordings(reading.replace(HANDLE, ' '));
    return [even, spelt, withSigns(spelt)].some(showsAddress);
  });
}

/** A name in a social network: no mail goes there. */
const HANDLE = /(?<![^\s(])@[\w.-]{1,64}@[\w.-]{1,253}/g;
/** What stands before "at" where an address is spelt out, and not "it is at example.org". */
const MEANT = /\w[._+-]\w|\d/;

/** With the signs for "at" and "dot" in words, where an address is meant. */
function withSigns(spelt: string): string {
  const dotted = spelt.replace(/ at (?!the )(?=\S{1,63} dot )/gi, '@').replace(/ dot /gi, '.');
  return dotted.replace(/ at (?!www\.|the )/gi, (at, offset: number) => {
    const before = dotted.slice(Math.max(0, offset - 100), offset);
    const local = before.slice(before.lastIndexOf(' ') + 1);
    return MEANT.test(local) || /(?:mail|write|contact|reach)\b.{0,40}$/i.test(before.slice(0, -local.length))
      ? '@'
      : at;
  });
}

/**
 * The same for what everybody will read. Its writer means no trick, and has perhaps left out a blank: "collected at
 * Tashkent.We compare" is no address, "jane at example dot org" is one.
 */
export function publishesAddress(text: string): boolean {
  return readingsOf(text).some((reading) => {
    const worded = reading.replace(/\s+/g, ' ').replace(/ at (?!the )(?=\S{1,63} dot )/gi, '@');
    const [, spelt = ''] = wordings(reading);
    const dotted = worded.includes('@') ? worded.replace(/ dot /gi, '.') : '';
    return [spelt, dotted].some(showsAddress);
  });
}

/** The same for a text as it stands. `@` by itself may stand anywhere. */
export function showsAddress(text: string): boolean {
  return shapes(text.normalize('NFKC')).some((one) => WHOLE.test(one));
}

const MOST_TEXT = 64 * 1024;

/** The text as somebody might read it who wants to find an address in it. What it has no sign of is not tried. */
export function readingsOf(text: string): string[] {
  const begun = text.slice(0, MOST_TEXT);
  const plain = PLAIN.test(begun) ? begun : begun.normalize('NFKC').replace(INVISIBLE, '');
  const found = [plain, [...packedWords(plain), ...packedWords(plain.replace(/\s+/g, ''))].join('\0')];
  if (/[%=]/.test(plain))
    found.push(
      plain
        .replace(/=\r?\n/g, '')
        .replace(/(?:%[0-9a-f]{2})+/gi, (all) => utf8(all.replaceAll('%', ''), 'hex'))
        .replace(/(?:=[0-9a-f]{2})+/gi, (all) => utf8(all.replaceAll('=', ''), 'hex')),
    );
  // Letter by letter, with a blank between each.
  if (/ \S \S /.test(plain)) found.push(plain.replace(LETTERS, (letters) => letters.replaceAll(' ', '')));
  const asHtml = plain.includes('&') ? plain.replace(ENTITY, character) : plain;
  if (asHtml !== plain) found.push(asHtml);
  if (asHtml.includes('<')) found.push(asHtml.replace(/<[^<>]*>/g, ''));
  return found;
}

/** What Base64 (RFC 4648) of a text with an `@` may be, unpacked. */
function packedWords(text: string): string[] {
  const words: string[] = [];
  for (let end = 0; ; ) {
    PACKED_AT.lastIndex = end;
    const found = PACKED_AT.exec(text);
    if (!found) return words;
    let from = found.index;
    while (from > end && PACKED[text.charCodeAt(from - 1)]) from--;
    end = found.index + 1;
    while (PACKED[text.charCodeAt(end)]) end++;
    if (end - from >= 8) words.push(utf8(text.slice(from, end), 'base64'));
  }
}

/** Letters and signs that NFKC leaves alone and that are seen: ASCII, dashes and quotes. */
const PLAIN = /^[\n\r\t\x20-\x7e\u2013\u2014\u2018\u2019\u201c\u201d]*$/;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const LETTERS = /(?<!\S)\S(?: \S)+(?!\S)/g;
/** By its code, whether a character is of Base64's alphabets. */
const PACKED = Array.from({ length: 128 }, (_, code) => /[A-Za-z0-9+/_-]/.test(String.fromCharCode(code)));
/** Where a packed `@` is the first byte of three it makes a Q, as the second an A, B or D, as the third an A. */
const PACKED_AT = /[ABDQ]/g;
/** What of HTML's entities can stand in an address: numbers of characters, and the few signs that have names. */
const ENTITY =
  /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(commat|period|plus|lowbar|hyphen|dash|nbsp|lpar|rpar|lbrack|rbrack));?/gi;
const NAMED: Record<string, string> = {
  commat: '@',
  period: '.',
  plus: '+',
  lowbar: '_',
  hyphen: '-',
  dash: '-',
  nbsp: ' ',
  lpar: '(',
  rpar: ')',
  lbrack: '[',
  rbrack: ']',
};

function character(all: string, decimal?: string, hex?: string, name?: string): string {
  if (name) return NAMED[name.toLowerCase()] ?? all;
  const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex!, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : all;
}

/** Browsers, which only ask earlier what the server asks as well, unpack nothing. */
function utf8(text: string, encoding: 'hex' | 'base64'): string {
  if (typeof Buffer === 'undefined') return '';
  return Buffer.from(text, encoding).toString('utf8');
}

/**
 * A reading as it stands, with the signs for "at" and "dot", and with the words; then the same where a fold or a blank
 * has come between a dot and what follows.
 */
function wordings(reading: string): string[] {
  // One blank stands for many: beyond that the patterns would take time by the square of a row of them.
  const even = reading.replace(/\s+/g, ' ');
  const spelt = even
    .replace(/ ?[[({<] ?(?:at|@|ät|собака) ?[\])}>] ?| ?@ ?/giu, '@')
    .replace(/ ?[[({<] ?(?:dot|punkt|point|\.) ?[\])}>] ?/giu, '.');
  const worded = spelt.replace(/ at (?!www\.)/gi, '@').replace(/ dot /gi, '.');
  const all = [even, spelt, worded];
  return [...all, ...all.map((one) => one.replace(/ ?\. ?/g, '.'))];
}

/** Everything that has the shape of an address (RFC 5321, 4.1.2 with RFC 6531), found from its `@` to both sides. */
function shapes(text: string): string[] {
  const found: string[] = [];
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    let from = at;
    while (from > 0 && at - from < 64 && LOCAL.test(text[from - 1]!)) from--;
    let to = at + 1;
    while (to < text.length && to - at <= 253 && HOST.test(text[to]!)) to++;
    if (from < at && to > at + 1) found.push(text.slice(from, to).replace(/[.-]{1,253}$/, ''));
  }
  return found;
}

/** What may stand before and after the sign. Marks of emphasis and quotes around an address are no part of it. */
const LOCAL = /[\p{L}\p{N}\p{M}.!#$%*+^_`|~-]/u;
const HOST = /[\p{L}\p{N}\p{M}.-]/u;
/** In a text that nobody made to be found out: a host with a top-level domain. */
const WHOLE = /[\p{L}\p{N}].*@[\p{L}\p{N}\p{M}-]+(?:\.[\p{L}\p{N}\p{M}-]+)*\.(?:\p{L}\p{M}*){2,}$/u;

/** The same for what reaches the same mailbox with most servers. */
function canonical(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address
    .slice(0, at)
    .toLowerCase()
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .replace(/\+.*$/, '')
    .replace(/[^\p{L}\p{N}_-]/gu, '')
    .replace(/[_-]+$/, '');
  return `${local}@${address
    .slice(at + 1)
    .toLowerCase()
    .replace(/\.+$/, '')}`;
}

import { convert } from 'html-to-text';

/**
 * Whether an address can be read out of a text: as it is, in other case, with a plus-tag or other dots in its local
 * part, spelt out (`real (at) a.org`), or encoded (HTML entities, percent, quoted-printable, Base64).
 */
export function holdsAddress(text: string, address: string): boolean {
  const sought = canonical(address);
  return readings(text).some((reading) => candidates(reading).some((one) => canonical(one) === sought));
}

const MOST_TEXT = 64 * 1024;

/** The text as somebody might read it who wants to find an address in it. */
function readings(text: string): string[] {
  const plain = text.slice(0, MOST_TEXT).normalize('NFKC').replace(INVISIBLE, '');
  const unwrapped = plain.replace(/=\r?\n/g, '');
  const decoded = unwrapped
    .replace(/(?:%[0-9a-f]{2})+/gi, (all) => utf8(all.replaceAll('%', ''), 'hex'))
    .replace(/(?:=[0-9a-f]{2})+/gi, (all) => utf8(all.replaceAll('=', ''), 'hex'));
  const asHtml = /[&<]/.test(plain)
    ? [convert(plain, { wordwrap: false, selectors: [{ selector: 'a', options: { ignoreHref: false } }] })]
    : [];
  const packed = [...(plain.match(BASE64) ?? []), ...(plain.replace(/\s+/g, '').match(BASE64) ?? [])];
  // Letter by letter, with a blank between each.
  const joined = plain.replace(LETTERS, (letters) => letters.replaceAll(' ', ''));
  return [plain, decoded, joined, ...asHtml, ...packed.map((word) => utf8(word, 'base64'))];
}

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const LETTERS = /(?<!\S)\S(?: \S)+(?!\S)/g;
const BASE64 = /[A-Za-z0-9+/_-]{8,}/g;

function utf8(text: string, encoding: 'hex' | 'base64'): string {
  return Buffer.from(text, encoding).toString('utf8');
}

/** Everything in a text that has the shape of an address, once "at" and "dot" are signs again. */
function candidates(text: string): string[] {
  // One blank stands for many: beyond that the patterns would take time by the square of a row of them.
  const even = text.replace(/\s+/g, ' ');
  const spelt = even
    .replace(/ ?[[({<] ?(?:at|@|ät|собака) ?[\])}>] ?| ?@ ?/giu, '@')
    .replace(/ ?[[({<] ?(?:dot|punkt|point|\.) ?[\])}>] ?/giu, '.');
  const worded = spelt.replace(/ at /gi, '@').replace(/ dot /gi, '.');
  // Each as it stands, and where a fold or a blank has come between the dot and what follows.
  return [even, spelt, worded].flatMap((reading) =>
    [reading, reading.replace(/ ?\. ?/g, '.')].flatMap((one) => one.match(SHAPE) ?? []),
  );
}

const SHAPE = /[^\s<>()[\]{}"',;:@\\/?=&]{1,64}@[^\s<>()[\]{}"',;:@\\/?=&]{1,253}/g;

/** The same for what reaches the same mailbox with most servers. */
function canonical(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at).toLowerCase().replace(/\+.*$/, '').replaceAll('.', '');
  return `${local}@${address
    .slice(at + 1)
    .toLowerCase()
    .replace(/\.+$/, '')}`;
}

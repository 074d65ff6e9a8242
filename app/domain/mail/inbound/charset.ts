import iconv from 'iconv-lite';

/** A text that came as bytes, and whether it may have become unreadable: then whoever sent it is asked. */
export interface Decoded {
  text: string;
  garbled: boolean;
}

/** What programs write when they do not know, or have not looked. */
const MEANS_NOTHING = new Set(['', 'us-ascii', 'ascii', 'iso-8859-1', 'latin1', 'windows-1252', 'unknown-8bit']);
/** Names that neither Node nor iconv-lite knows. */
const ALIASES: Record<string, string> = {
  ptcp154: 'pt154',
  csptcp154: 'pt154',
  cp154: 'pt154',
  'cyrillic-asian': 'pt154',
};

/**
 * Text of bytes and the label that came with them. Bytes that are UTF-8 are, whatever the label says: no other text has
 * that form by chance. Never throws.
 */
export function decodeText(bytes: Buffer, label: string): Decoded {
  const charset = ALIASES[label.trim().toLowerCase()] ?? label.trim().toLowerCase();
  const stateful = STATEFUL[charset];
  if (stateful) return judged(stateful(bytes));
  if (isAscii(bytes) && charset !== 'utf-7' && charset !== 'iso-2022-jp')
    return { text: bytes.toString('latin1'), garbled: false };
  const utf8 = strict(bytes, 'utf-8');
  if (utf8 !== null && !/^utf-?(?:16|32)/.test(charset) && charset !== 'utf-7' && charset !== 'iso-2022-jp')
    return judged(utf8);
  if (charset === 'utf-8' || charset === 'utf8') return { text: loose(bytes), garbled: true };
  if (MEANS_NOTHING.has(charset))
    return { text: iconv.decode(bytes, 'win1252'), garbled: charset === '' || charset.endsWith('ascii') };
  const text = strict(bytes, charset) ?? (iconv.encodingExists(charset) ? iconv.decode(bytes, charset) : null);
  return text === null ? { text: loose(bytes), garbled: true } : judged(text);
}

function judged(text: string): Decoded {
  return { text, garbled: text.includes('\ufffd') };
}

function strict(bytes: Buffer, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    // Not of that form, or of none that Node knows.
    return null;
  }
}

function loose(bytes: Buffer): string {
  return strict(bytes, 'utf-8') ?? iconv.decode(bytes, 'win1252');
}

function isAscii(bytes: Buffer): boolean {
  return bytes.every((byte) => byte < 128 && byte !== 27);
}

/** Encodings of seven bits that shift between alphabets, which no library here reads. */
const STATEFUL: Record<string, (bytes: Buffer) => string> = {
  'hz-gb-2312': fromHz,
  'iso-2022-kr': fromIso2022Kr,
};

/** RFC 1843: `~{` begins GB 2312 without its high bits, `~}` ends it, `~~` is a tilde, and one at a line's end joins. */
function fromHz(bytes: Buffer): string {
  const out: number[] = [];
  let chinese = false;
  for (let at = 0; at < bytes.length; at++) {
    const next = bytes[at + 1];
    if (bytes[at] === 0x7e && (next === 0x7b || next === 0x7d)) {
      chinese = next === 0x7b;
      at++;
    } else if (bytes[at] === 0x7e && !chinese && (next === 0x7e || next === 0x0a)) {
      if (next === 0x7e) out.push(0x7e);
      at++;
    } else {
      if (bytes[at] === 0x0a) chinese = false;
      out.push(chinese && bytes[at]! > 0x20 ? bytes[at]! | 0x80 : bytes[at]!);
    }
  }
  return iconv.decode(Buffer.from(out), 'gb18030');
}

/** RFC 1557: between SO and SI stands KS C 5601 without its high bits; the header `ESC $ ) C` says so. */
function fromIso2022Kr(bytes: Buffer): string {
  const out: number[] = [];
  let korean = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === 0x1b && bytes.subarray(at, at + 4).toString('latin1') === '\x1b$)C') at += 3;
    else if (byte === 0x0e || byte === 0x0f) korean = byte === 0x0e;
    else out.push(korean && byte > 0x20 ? byte | 0x80 : byte);
  }
  return iconv.decode(Buffer.from(out), 'euc-kr');
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fateOf } from '~/domain/message/reply-fate';
import { LINKS, opened, typedOf } from '../../support/incoming';

/** The address that must not get through; none of its parts is a word of the texts. */
const REAL = 'zelda.quark@zq-lab.example.org';
const RUNS = 10_000;

/** What goes out of a mail that came in: the words that are passed on, or null where it is held or refused. */
async function passedOn(raw: string): Promise<string | null> {
  const typed = await typedOf(raw);
  if (!typed) return null;
  const { outcome, body } = fateOf(opened(raw), typed, { returnPath: REAL, own: true, proven: true }, LINKS.held);
  return outcome === 'relayed' ? body : null;
}

/** Found without the gate's own code: the plain letters of the address, as a person or a program would see them. */
function leaks(words: string): boolean {
  const plain = words.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
  const unpacked = (plain.match(/[a-z0-9+/]{16,}/gi) ?? []).map((word) => Buffer.from(word, 'base64').toString());
  const spelt = plain.replace(/[[({]?at[\])}]/g, '@').replace(/%40|=40|&#64;|&commat;/g, '@');
  return [plain, spelt, ...unpacked].some((one) => one.includes('quark@zq-lab') || one.includes(REAL));
}

const words = fc.lorem({ maxCount: 25, mode: 'sentences' });

/** Ways to write the address into what one types. */
const written = fc.constantFrom(
  REAL,
  REAL.toUpperCase(),
  `<${REAL}>`,
  `mailto:${REAL}`,
  REAL.replace('@', '+tag@'),
  REAL.replace('@', ' (at) '),
  REAL.replace('@', ' [at] ').replaceAll('.', ' [dot] '),
  REAL.replace('@', '%40'),
  REAL.replace('@', '=40'),
  REAL.replace('@', '＠'),
  [...REAL].join('\u200B'),
  Buffer.from(`write to ${REAL} soon`).toString('base64'),
  [...REAL].map((letter) => `&#${letter.codePointAt(0)};`).join(''),
);

/** Places in a mail where programs put it, beside what was typed. */
const QUOTES = [
  (text: string, address: string) =>
    `${text}\n\nOn Fri, 2 Jan 2027, Zelda <${address}> wrote:\n> ${address} asks\n> more`,
  (text: string, address: string) => `${text}\n\n-- \nZelda\n${address}`,
  (text: string, address: string) =>
    `${text}\n\n-----Original Message-----\nFrom: Zelda <${address}>\nSent: Friday\n\nHello`,
  (text: string, address: string) => `${address}\n${text}`,
  (text: string, address: string) => `${text} ${address} ${text}`,
];

const encodings: Record<string, (text: string) => [name: string, body: string]> = {
  plain: (text: string) => ['8bit', text],
  base64: (text: string) => [
    'base64',
    Buffer.from(text)
      .toString('base64')
      .replace(/(.{76})/g, '$1\r\n'),
  ],
  quoted: (text: string) => ['quoted-printable', quotedPrintable(text)],
};

function quotedPrintable(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => (byte === 10 ? '\r\n' : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`))
    .join('')
    .replace(/((?:=..){24})/g, '$1=\r\n');
}

const html = (text: string) =>
  `<html><body><p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>')}</p></body></html>`;

/** A whole message (RFC 5322) around a text: alone, as HTML, or as one of several parts. */
function compose(text: string, shape: 'plain' | 'html' | 'both' | 'attached', encoding: string): string {
  const part = (type: string, content: string) => {
    const [name, body] = encodings[encoding]!(content);
    return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${name}\r\n\r\n${body.replace(/\r?\n/g, '\r\n')}\r\n`;
  };
  const head = `From: Zelda <${REAL}>\r\nTo: r-x@reply.example\r\nSubject: Re: ${REAL}\r\nMessage-ID: <1@x.example>\r\nX-Originating-IP: ${REAL}\r\n`;
  if (shape === 'plain') return head + part('text/plain', text);
  if (shape === 'html') return head + part('text/html', html(text));
  const second = shape === 'both' ? part('text/html', html(text)) : part('text/vcard', `BEGIN:VCARD\nEMAIL:${REAL}`);
  const kind = shape === 'both' ? 'alternative' : 'mixed';
  return `${head}Content-Type: multipart/${kind}; boundary=b\r\n\r\n--b\r\n${part('text/plain', text)}\r\n--b\r\n${second}\r\n--b--\r\n`;
}

const around = {
  shape: fc.constantFrom('plain', 'html', 'both', 'attached'),
  encoding: fc.constantFrom('plain', 'base64', 'quoted'),
} as const;

test('of 10,000 mails with an address in them, however it is written and wrapped, none lets it through', async () => {
  let passed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.record({ text: words, address: written, quote: fc.constantFrom(...QUOTES), ...around }),
      async ({ text, address, quote, shape, encoding }) => {
        const sent = await passedOn(compose(quote(text, address), shape, encoding));
        if (sent) passed++;
        expect(sent !== null && leaks(sent) ? sent : null).toBeNull();
      },
    ),
    { numRuns: RUNS },
  );
  // Those whose address stands in what is cut off go on.
  expect(passed).toBeGreaterThan(RUNS / 10);
}, 120_000);

test('of 10,000 clean mails fewer than one in 1,000 are held', async () => {
  const hosts = fc.constantFrom(
    '',
    ' See https://archive.example/a?b=1 for it.',
    ' At 5 (at the café) then.',
    ' @home',
  );
  let held = 0;
  await fc.assert(
    fc.asyncProperty(fc.record({ text: words, host: hosts, ...around }), async ({ text, host, shape, encoding }) => {
      if ((await passedOn(compose(text + host, shape, encoding))) === null) held++;
    }),
    { numRuns: RUNS },
  );
  expect(held).toBeLessThan(RUNS / 1_000);
}, 120_000);

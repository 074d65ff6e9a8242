import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderMail } from '#emails/mail';
import { relayedMessage } from '#emails/relayed-message';
import { testContext } from '../../support/context';
import { drain, outboxRows, queueMails } from '../../support/mail';
import { scripts } from '../../support/scripts';
import { openSmtpSink, type SunkMail } from '../../support/smtp-sink';

/** Where encoders wrap, fold or flush: quoted-printable, base64, RFC 5322's longest line, React's and Node's buffers. */
const BOUNDARIES = [19, 57, 76, 78, 512, 998, 1_024, 2_048, 4_096, 8_192];

/** The parts of a mail by type, decoded by hand: RFC 2045 and no more. */
function partsOf({ raw }: SunkMail): Record<string, string> {
  const boundary = /boundary="?([^";\r\n]+)/.exec(raw)![1]!;
  const parts = raw.split(`--${boundary}`).slice(1, -1);
  return Object.fromEntries(
    parts.map((part) => {
      const [head = '', ...body] = part.split('\r\n\r\n');
      const type = /content-type: ([\w/]+)/i.exec(head)![1]!;
      const encoding = /content-transfer-encoding: ([\w-]+)/i.exec(head)?.[1]?.toLowerCase() ?? '7bit';
      const bytes = decode(body.join('\r\n\r\n').replace(/\r\n$/, ''), encoding);
      return [type, new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n')];
    }),
  );
}

function decode(body: string, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1');
  const joined = body.replaceAll(/=[ \t]*\r\n/g, '');
  return Buffer.from(
    joined.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

async function expectSameBytes(mails: { subject: string; text: string; html: string }[]): Promise<void> {
  const ctx = await testContext();
  const sink = await openSmtpSink();
  await queueMails(
    ctx,
    mails.map((_, number) => `reader${number}@example.org`),
    { kind: 'relayed-message' },
  );
  const rows = await outboxRows(ctx);
  for (const [number, { id }] of rows.entries())
    await ctx.db.updateTable('outbox').set(mails[number]!).where('id', '=', id).execute();
  await drain(ctx, sink);
  expect(sink.mails.length).toBe(mails.length);
  for (const [number, { internet_message_id }] of rows.entries()) {
    const sunk = sink.mails.find(({ messageId }) => messageId === internet_message_id)!;
    expect(sunk.raw).not.toContain('\0');
    const parts = partsOf(sunk);
    expect(parts['text/plain']).toBe(mails[number]!.text);
    expect(parts['text/html']).toBe(mails[number]!.html);
  }
}

function letter(body: string) {
  const { subject, text, html } = renderMail(relayedMessage, { ...relayedMessage.sample, body, writer: 'Дилноза 例' });
  return { subject, text, html };
}

test.each(Object.entries(scripts))(
  'mail in %s arrives byte for byte, at every length around a boundary',
  async (_, letters) => {
    const graphemes = [...new Intl.Segmenter().segment(letters)].map(({ segment }) => segment);
    const bodies = BOUNDARIES.flatMap((boundary) =>
      [-3, -2, -1, 0, 1, 2].map((step) => {
        const lead = 'x'.repeat(Math.max(0, boundary + step));
        return `${lead}${graphemes.join('')}\n\n${letters.repeat(Math.ceil(boundary / letters.length))}`;
      }),
    );
    await expectSameBytes(bodies.map(letter));
  },
  60_000,
);

test('mail of any text arrives byte for byte', async () => {
  const piece = fc.oneof(
    fc.constantFrom(...Object.values(scripts), '\n', '\n\n', ' ', '.', '..\n', '=3D', 'From here\n', 'x'.repeat(77)),
    fc.string({ unit: 'grapheme', maxLength: 90 }),
  );
  const bodies = fc.sample(
    fc.array(piece, { minLength: 1, maxLength: 40 }).map((pieces) => `${pieces.join('')}.`),
    { numRuns: 150, seed: 20_270 },
  );
  await expectSameBytes(bodies.map(letter));
}, 60_000);

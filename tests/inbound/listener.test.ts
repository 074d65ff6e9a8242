import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import { describe, expect, onTestFinished, test } from 'vitest';
import { write } from '#db/write';
import { countAttempt, LIMITS } from '~/domain/account/limits.server';
import { bounceAddress } from '~/domain/mail/own-address.server';
import { startInbound } from '~/inbound/listener.server';
import { engines } from '../support/database';
import { runWorker } from '../support/mail';
import { conversation, openRelay, outcomes, replyTo, resolver, revoke, sentLetters } from '../support/relay';
import { openSmtpSink } from '../support/smtp-sink';

/** The front server of these tests vouches for whom they say. */
const FRONT = 'mx.front.example';

async function listening(
  protocol: 'smtp' | 'lmtp',
  options: Parameters<typeof openRelay>[1] = {},
  engine: Parameters<typeof openRelay>[0] = 'sqlite',
) {
  const relay = await openRelay(engine, { INBOUND_AUTHSERV_ID: FRONT, ...options });
  const listener = await startInbound(
    relay.ctx,
    { ...relay.ctx.config.inbound!, listen: { protocol, host: '127.0.0.1', port: 0 } },
    resolver,
  );
  onTestFinished(() => listener.stop());
  const program = createTransport({
    host: '127.0.0.1',
    port: listener.port,
    lmtp: protocol === 'lmtp',
    secure: false,
    ignoreTLS: true,
  });
  onTestFinished(() => program.close());
  const send = (from: string, to: string | string[], text = 'It is in Tashkent.') =>
    program.sendMail({
      envelope: { from, to },
      from,
      to,
      subject: 'Re: Your sources',
      text,
      headers: { 'Authentication-Results': `${FRONT}; dmarc=pass header.from=${from.split('@')[1]}` },
    });
  return { ...relay, listener, send };
}

describe.each(engines)('over a real connection on %s', (engine) => {
  test('a reader writes, the author answers by mail, the reader answers by mail: no address in any byte', async () => {
    const sink = await openSmtpSink();
    const { ctx, author, reader, send } = await listening('lmtp', { SMTP_URL: sink.url }, engine);
    runWorker(ctx, sink);
    const relayed = () => sink.mails.filter(({ raw }) => /^From: .*<r-/m.test(raw.replace(/\r\n\s+/g, ' ')));
    const arrived = async (count: number) => {
      await expect.poll(() => relayed().length, { timeout: 10_000 }).toBe(count);
      return relayed().at(-1)!;
    };
    const answerTo = (raw: string) => /^From: .*<(r-[^>]+)>/m.exec(raw.replace(/\r\n\s+/g, ' '))![1]!;

    const first = await arrived(1);
    expect(first.to).toEqual([author.address]);
    expect(first.from).toMatch(/^b-[0-9a-v]{26}-[0-9a-v]{16}@mail\.portal\.example$/);
    await send(author.address, answerTo(first.raw));
    const second = await arrived(2);
    expect(second.to).toEqual([reader.address]);
    await send(reader.address, answerTo(second.raw), 'Thank you!');
    const third = await arrived(3);
    expect(third.to).toEqual([author.address]);

    expect((await conversation(ctx)).map(([name]) => name)).toEqual(['Rano Reader', 'Aigul Author', 'Rano Reader']);
    for (const mail of [first, third]) expect(mail.raw).not.toContain(reader.address);
    expect(second.raw).not.toContain(author.address);
  });
});

test('an unknown recipient is refused at RCPT, over SMTP and LMTP', async () => {
  for (const protocol of ['smtp', 'lmtp'] as const) {
    const { send } = await listening(protocol);
    await expect(send('a@b.example', `r-${'0'.repeat(26)}@mail.portal.example`)).rejects.toMatchObject({
      responseCode: 550,
    });
  }
});

test('relay 31: over LMTP each recipient has an answer; over SMTP none that could be taken is lost', async () => {
  for (const protocol of ['smtp', 'lmtp'] as const) {
    const { ctx, author, begin, send } = await listening(protocol);
    const first = await replyTo(ctx, author.address);
    await begin();
    const second = await replyTo(ctx, author.address);
    await revoke(ctx, first);
    const { rejected } = await send(author.address, [first, second]);
    expect(rejected).toEqual(protocol === 'lmtp' ? [first] : []);
    expect(await outcomes(ctx)).toEqual(['relayed']);
  }
});

test('a message over the limit is refused for good, and leaves nothing', async () => {
  const { ctx, author, send } = await listening('smtp');
  await expect(
    send(author.address, await replyTo(ctx, author.address), 'x\n'.repeat(19 * 1024 * 1024)),
  ).rejects.toMatchObject({
    responseCode: 552,
  });
  expect(await outcomes(ctx)).toEqual([]);
});

test.each([
  // A front server may take all there are, somebody on the net half of them.
  ['lmtp', 50],
  ['smtp', 25],
] as const)('of a flood of connections over %s all but %d are sent away for now', async (protocol, served) => {
  const { ctx, author, listener, send } = await listening(protocol);
  const to = await replyTo(ctx, author.address);
  const greetings: string[] = [];
  const sockets = Array.from({ length: 120 }, () => {
    const socket = connect(listener.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.once('data', (greeting) => void greetings.push(String(greeting).slice(0, 3)));
    return socket;
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  await expect.poll(() => greetings.length).toBe(120);
  expect(greetings.filter((code) => code === '220')).toHaveLength(served);
  expect(greetings.filter((code) => code === '421')).toHaveLength(120 - served);
  await expect(send(author.address, to)).rejects.toMatchObject({ responseCode: 421 });
  for (const socket of sockets) socket.destroy();
  await expect
    .poll(() =>
      send(author.address, to).then(
        () => 'taken',
        () => 'not yet',
      ),
    )
    .toBe('taken');
  expect(await outcomes(ctx)).toEqual(['relayed']);
});

test('beyond the limit of a day a mail is to come again later', async () => {
  const { ctx, author, send } = await listening('smtp');
  const to = await replyTo(ctx, author.address);
  // Answers have a limit of their own, which is generous: all but the last are counted without being sent.
  await write(ctx.db, async (trx) => {
    for (let count = 1; count < LIMITS.answer.most; count++) await countAttempt(trx, ctx, 'answer', author.accountId);
  });
  await send(author.address, to, 'The last');
  await expect(send(author.address, to, 'One more')).rejects.toMatchObject({ responseCode: 450 });
  expect(await outcomes(ctx)).toHaveLength(1);
});

test('a report over SMTP with a null sender fails its letter', async () => {
  const { ctx, listener } = await listening('smtp');
  await ctx.db.updateTable('outbox').set({ state: 'sent' }).execute();
  const [letter] = await sentLetters(ctx);
  const answers = await talk(listener.port, [
    'EHLO x\r\n',
    'MAIL FROM:<>\r\n',
    `RCPT TO:<${bounceAddress(ctx.config, letter!.id)}>\r\n`,
    'DATA\r\n',
    'Subject: Undelivered Mail Returned to Sender\r\n\r\nUser unknown\r\n.\r\n',
  ]);
  expect(answers.at(-1)).toMatch(/^250/);
  expect((await sentLetters(ctx))[0]!.state).toBe('failed');
});

test.each(['\n.\n', '\r.\r', '\n.\r\n', '\r\n.\n', '\0\r\n.\r'])(
  'relay 61: %j does not end a message, so nothing is smuggled in behind it',
  async (end) => {
    const { ctx, author, listener } = await listening('smtp');
    const to = await replyTo(ctx, author.address);
    await talk(listener.port, [
      'EHLO x\r\n',
      `MAIL FROM:<${author.address}>\r\n`,
      `RCPT TO:<${to}>\r\n`,
      'DATA\r\n',
      `From: ${author.address}\r\nMessage-ID: <1@x>\r\n\r\nFirst${end}MAIL FROM:<${author.address}>\r\nRCPT TO:<${to}>\r\nDATA\r\nFrom: ${author.address}\r\nMessage-ID: <2@x>\r\n\r\nSecond\r\n.\r\n`,
    ]);
    expect(await outcomes(ctx)).toHaveLength(1);
  },
);

test('relay 62: a sender outside ASCII works, or is refused clearly', async () => {
  const { ctx, author, listener } = await listening('smtp');
  const to = await replyTo(ctx, author.address);
  const answers = await talk(listener.port, [
    'EHLO x\r\n',
    'MAIL FROM:<иван@почта.example> SMTPUTF8\r\n',
    `RCPT TO:<${to}>\r\n`,
    'DATA\r\n',
    'From: <иван@почта.example>\r\n\r\nHello\r\n.\r\n',
  ]);
  expect(answers.at(-1)).toMatch(/^(250|5\d\d)/);
  expect((await conversation(ctx)).length).toBe(1);
});

/** Says each line once the last has been answered. */
async function talk(port: number, lines: string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  const answers: string[] = [];
  let heard = '';
  await new Promise<void>((resolve, reject) => {
    const waiting = [...lines];
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('data', (chunk) => {
      heard += chunk;
      const whole = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n$/.test(heard);
      if (!whole) return;
      answers.push(heard);
      heard = '';
      const next = waiting.shift();
      if (answers.length > lines.length + 1) return;
      if (next) socket.write(Buffer.from(next));
      else socket.end('QUIT\r\n');
    });
  });
  return answers.slice(0, lines.length + 1);
}

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { lastLook } from '~/domain/last-look.server';
import { parseSmtpUrl } from '~/domain/mail/smtp-url';
import { openTransport } from '~/domain/mail/transport.server';
import { startMailWorker } from '~/domain/mail/worker.server';
import { certificate, hasOpenssl } from '../../support/certificate';
import { testConfig } from '../../support/config';
import { testContext } from '../../support/context';
import { outboxRows, queueMails, until } from '../../support/mail';
import { openSmtpSink } from '../../support/smtp-sink';

const RUN = fileURLToPath(new URL('../../support/run.mjs', import.meta.url));

let openssl = true;
beforeAll(async () => {
  openssl = await hasOpenssl();
});

describe('what SMTP_URL says of TLS', () => {
  test.each([
    ['smtp://mail.portal.example:587', 'required'],
    ['smtps://mail.portal.example', 'required'],
    ['smtp://user:p%40ss@192.168.1.5:25', 'required'],
    ['smtp://mail:25', 'required'],
    ['smtp://[2001:db8::1]:25', 'required'],
    ['smtp://localhost.portal.example:25', 'required'],
    ['smtp://127.0.0.1.portal.example:25', 'required'],
    ['smtp://mail.portal.example:25?tls=unverified', 'unverified'],
    ['smtps://mail.portal.example?tls=unverified', 'unverified'],
    ['smtp://mail.portal.example:25?tls=off', 'off'],
    ['smtp://localhost:25', 'offered'],
    ['smtp://127.0.0.1:25', 'offered'],
    ['smtp://127.8.9.10:25', 'offered'],
    ['smtp://[::1]:25', 'offered'],
    ['smtp://localhost:25?tls=required', 'required'],
  ])('%s: %s', (url, tls) => expect(parseSmtpUrl(url)).toMatchObject({ tls }));

  test('the rest of what it says is kept apart, and nothing else reaches the library', () => {
    const url = 'smtp://user:hush@mail.portal.example:587?maxConnections=2&rateLimit=14&name=portal.example';
    expect(parseSmtpUrl(url)).toEqual({
      url: 'smtp://user:hush@mail.portal.example:587',
      host: 'mail.portal.example:587',
      tls: 'required',
      maxConnections: 2,
      rateLimit: 14,
      name: 'portal.example',
    });
    for (const query of ['tls=maybe', 'ignoreTLS=true', 'requireTLS=false', 'tls.rejectUnauthorized=false', 'logger=1'])
      expect(parseSmtpUrl(`smtp://mail.portal.example?${query}`)).toContain('?tls=required, unverified or off');
    expect(parseSmtpUrl('smtps://mail.portal.example?tls=off')).toContain('tls=off');
    expect(() => testConfig({ SMTP_URL: 'smtp://mail.portal.example?tls=no' })).toThrow(
      /^SMTP_URL may end with \?tls=/,
    );
  });
});

/** Sends one mail to that server, and says what came of it. */
async function sent(url: string) {
  const ctx = await testContext({ env: { SMTP_URL: url } });
  const transport = openTransport(ctx.config, { db: ctx.db, clock: ctx.clock, captureDir: '' });
  const worker = startMailWorker(ctx, transport, lastLook);
  onTestFinished(async () => {
    await worker.stop();
    transport.close();
  });
  await queueMails(ctx, ['reader@there.example']);
  worker.wake();
  await until(async () => (await outboxRows(ctx)).every(({ attempts, state }) => attempts > 0 && state !== 'sending'));
  const [row] = await outboxRows(ctx);
  return [row!.state, row!.error_code];
}

describe('a server without STARTTLS', () => {
  test('gets nothing where TLS is required, and the mail waits', async () => {
    const sink = await openSmtpSink();
    expect(await sent(`${sink.url}?tls=required`)).toEqual(['queued', 'tls']);
    expect(await sent(`${sink.url}?tls=unverified`)).toEqual(['queued', 'tls']);
    expect(sink.mails).toEqual([]);
  });

  test.each(['', '?tls=off'])('on this machine gets mail: %j', async (query) => {
    const sink = await openSmtpSink();
    expect(await sent(sink.url + query)).toEqual(['sent', null]);
    expect(sink.mails.map(({ secure }) => secure)).toEqual([false]);
  });
});

describe('a server with STARTTLS and a certificate of its own', () => {
  test('gets nothing where TLS is required: whoever is on the way has such a certificate too', async () => {
    const sink = await openSmtpSink({ tls: true });
    expect(await sent(`${sink.url}?tls=required`)).toEqual(['queued', 'tls']);
    expect(sink.mails).toEqual([]);
  });

  test.each([
    ['?tls=unverified', true],
    ['', true],
    ['?tls=off', false],
  ])('%j: by TLS: %s', async (query, secure) => {
    const sink = await openSmtpSink({ tls: true });
    expect(await sent(sink.url + query)).toEqual(['sent', null]);
    expect(sink.mails.map((mail) => mail.secure)).toEqual([secure]);
  });
});

test('a server with a certificate that is known and good gets mail by TLS', async ({ skip }) => {
  if (!openssl) skip('openssl is not installed, which makes the certificate');
  const tls = await certificate();
  const sink = await openSmtpSink({ tls });
  const ctx = await testContext();
  ctx.clock.set(new Date().toISOString());
  await queueMails(ctx, ['reader@there.example']);
  // Node reads whom it trusts once, as it starts.
  const child = spawn(
    process.execPath,
    [RUN, 'tests/support/mail-process.ts', ctx.databaseUrl, `${sink.url}?tls=required`],
    { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, NODE_EXTRA_CA_CERTS: tls.cert } },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  await until(() => sink.mails.length > 0);
  expect(sink.mails.map(({ secure }) => secure)).toEqual([true]);
});

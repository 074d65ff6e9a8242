import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { startInbound } from '~/inbound/listener.server';
import { certificate, hasOpenssl } from '../support/certificate';
import { conversation, openRelay, replyTo, resolver } from '../support/relay';

const FRONT = 'mx.front.example';

let openssl = true;
beforeAll(async () => {
  openssl = await hasOpenssl();
});

async function listening(tls: { cert: string; key: string } | null) {
  const relay = await openRelay('sqlite', { INBOUND_AUTHSERV_ID: FRONT });
  const listen = { protocol: 'smtp', host: '127.0.0.1', port: 0 } as const;
  const listener = await startInbound(relay.ctx, { ...relay.ctx.config.inbound!, listen, tls }, resolver);
  onTestFinished(() => listener.stop());
  const send = (options: object) => {
    const program = createTransport({ host: '127.0.0.1', port: listener.port, secure: false, ...options });
    onTestFinished(() => program.close());
    return replyTo(relay.ctx, relay.author.address).then((to) =>
      program.sendMail({
        from: relay.author.address,
        to,
        subject: 'Re: Your sources',
        text: 'Over a safe line.',
        headers: { 'Authentication-Results': `${FRONT}; dmarc=pass header.from=people.example` },
      }),
    );
  };
  return { ...relay, listener, send };
}

test('with a certificate a mail comes in over STARTTLS', async ({ skip }) => {
  if (!openssl) skip('openssl is not installed, which makes the certificate');
  const { ctx, send } = await listening(await certificate());
  await send({ requireTLS: true, tls: { rejectUnauthorized: false } });
  expect((await conversation(ctx)).at(-1)).toEqual(['Aigul Author', 'Over a safe line.']);
});

test('without one STARTTLS is not offered, and nothing is sent by who insists on it', async () => {
  const { ctx, listener, send } = await listening(null);
  expect(await offers(listener.port)).not.toContain('STARTTLS');
  await expect(send({ requireTLS: true })).rejects.toMatchObject({ code: 'ETLS' });
  expect(await conversation(ctx)).toHaveLength(1);
});

test('a certificate that cannot be read stops the start', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'colloquy-tls-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const none = join(dir, 'none.pem');
  await expect(listening({ cert: none, key: none })).rejects.toThrow('INBOUND_TLS_CERT');
  await writeFile(none, 'no certificate');
  await expect(listening({ cert: none, key: none })).rejects.toThrow('INBOUND_TLS_CERT');
});

/** What a listener says to EHLO. */
function offers(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(port, '127.0.0.1');
    // Whoever talks before the greeting is sent away.
    socket.once('data', () => socket.write('EHLO there\r\n'));
    socket.on('data', (chunk) => {
      said += chunk;
      if (/^250 /m.test(said) || /^[45]/m.test(said)) {
        socket.destroy();
        resolve(said);
      }
    });
    socket.on('error', reject);
  });
}

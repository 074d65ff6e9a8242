import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { DNSResolver } from 'mailauth';
import { SMTPServer } from 'smtp-server';
import { ConfigError, type Inbound } from '../config.server';
import type { DomainContext } from '../domain/context';
import { collectMail, MAX_MAIL_BYTES } from '../domain/mail/inbound/raw-mail.server';
import { acceptsRecipient, type Envelope, receive } from '../domain/message/receive.server';
import {
  type SmtpAnswer,
  TOO_BIG,
  TOO_COMPLEX,
  TOO_MANY_CONNECTIONS,
  TOO_MANY_LARGE,
  TOO_MANY_RECIPIENTS,
} from '../domain/message/smtp-answers';

export interface InboundListener {
  port: number;
  /** Takes no more connections and finishes the messages under way. */
  stop(): Promise<void>;
}

/** Connections at once, in all and of one peer, and recipients of one message; a flood waits outside (421, 452). */
const MOST_CLIENTS = 50;
const MOST_OF_ONE_PEER = 25;
const MOST_RECIPIENTS = 20;

/** Listens for mail to the portal's own addresses: SMTP as a mail exchanger would, LMTP behind one (RFC 2033). */
export async function startInbound(
  ctx: DomainContext,
  inbound: Inbound & { listen: NonNullable<Inbound['listen']> },
  resolver: DNSResolver,
): Promise<InboundListener> {
  const { listen, tls } = inbound;
  const lmtp = listen.protocol === 'lmtp';
  const peers = new Map<string, number>();
  const server = new SMTPServer({
    lmtp,
    name: ctx.config.replyDomain,
    banner: 'Colloquy',
    size: MAX_MAIL_BYTES,
    maxClients: MOST_CLIENTS,
    disabledCommands: tls ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    ...(tls && (await certificateOf(tls))),
    disableReverseLookup: true,
    socketTimeout: 60_000,
    closeTimeout: 10_000,
    logger: false,
    onConnect({ remoteAddress }, callback) {
      const count = (peers.get(remoteAddress) ?? 0) + 1;
      peers.set(remoteAddress, count);
      // Of LMTP the one peer is the front server.
      if (!lmtp && count > MOST_OF_ONE_PEER) callback(failure(TOO_MANY_CONNECTIONS));
      else callback();
    },
    onClose({ remoteAddress }) {
      const count = (peers.get(remoteAddress) ?? 1) - 1;
      if (count > 0) peers.set(remoteAddress, count);
      else peers.delete(remoteAddress);
    },
    onRcptTo({ address }, session, callback) {
      if (session.envelope.rcptTo.length >= MOST_RECIPIENTS) return callback(failure(TOO_MANY_RECIPIENTS));
      acceptsRecipient(ctx, address).then((answer) => callback(answer.code === 250 ? null : failure(answer)), callback);
    },
    onData(stream, session, callback) {
      const envelope = {
        from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
        to: session.envelope.rcptTo.map(({ address }) => address),
        ip: session.remoteAddress,
        helo: session.hostNameAppearsAs || '',
      };
      take(ctx, resolver, stream, envelope).then((answers) => {
        // LMTP has an answer for each recipient, SMTP one for all: the one that keeps the sender trying wins, and to
        // those who have the message already a second copy changes nothing.
        if (lmtp)
          return callback(
            null,
            answers.map((answer) => (answer.code === 250 ? answer.text : failure(answer))) as never,
          );
        const worst =
          answers.find(({ code }) => code >= 400 && code < 500) ??
          (answers.every(({ code }) => code >= 500) ? answers[0] : undefined);
        callback(worst ? failure(worst) : null, answers.find(({ code }) => code === 250)?.text);
      }, callback);
    },
  });
  server.on('error', (error) => ctx.log.warn({ err: error }, 'inbound mail'));
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(listen.port, listen.host, () => resolve());
  });
  const { port } = server.server.address() as AddressInfo;
  ctx.log.info({ protocol: listen.protocol, port }, 'taking mail');
  return { port, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}

const REFUSED = { 'too-big': TOO_BIG, 'too-complex': TOO_COMPLEX, busy: TOO_MANY_LARGE };

async function take(
  ctx: DomainContext,
  resolver: DNSResolver,
  stream: AsyncIterable<Uint8Array>,
  envelope: Envelope,
): Promise<SmtpAnswer[]> {
  const collected = await collectMail(stream);
  if (!collected.ok) return envelope.to.map(() => REFUSED[collected.reason]);
  try {
    return await receive(ctx, resolver, collected.mail, envelope);
  } finally {
    await collected.mail.dispose();
  }
}

/** Checked before anything listens: the server itself would say it to the first peer alone. */
async function certificateOf(tls: NonNullable<Inbound['tls']>): Promise<{ cert: Buffer; key: Buffer }> {
  try {
    const pair = { cert: await readFile(tls.cert), key: await readFile(tls.key) };
    createSecureContext(pair);
    return pair;
  } catch (error) {
    throw new ConfigError(`INBOUND_TLS_CERT and INBOUND_TLS_KEY cannot be used: ${(error as Error).message}`);
  }
}

function failure({ code, text }: SmtpAnswer): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

import { readFile } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

export interface SunkMail {
  from: string;
  to: string[];
  /** The message as it came over the wire, dots unstuffed. */
  raw: string;
  messageId: string;
  /** Whether it came by TLS. */
  secure: boolean;
}

/** rcpt: at RCPT TO. data: as the message begins to arrive. dot: when all of it has arrived. */
export type Stage = 'rcpt' | 'data' | 'dot';
/** A number refuses with that code; `drop` ends the connection without an answer. */
export type Verdict = number | 'drop' | undefined;

export interface SmtpSink {
  url: string;
  port: number;
  /** Every message whose final dot arrived and that was not refused, also where the answer never went out. */
  mails: SunkMail[];
  /** What to do with a recipient or message; undefined accepts. */
  rule: (stage: Stage, to: string) => Verdict;
  /** How long each message waits for its answer, in milliseconds. */
  delay: number;
  close(): Promise<void>;
}

/**
 * A real SMTP server on the loopback that keeps what it gets. Closes itself at the end of the test that made it. `tls`: it
 * offers STARTTLS with that certificate, or with one that nobody has signed.
 */
export async function openSmtpSink(
  options: { port?: number; tls?: { cert: string; key: string } | true } = {},
): Promise<SmtpSink> {
  const { tls } = options;
  const server = new SMTPServer({
    disabledCommands: tls ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    ...(typeof tls === 'object' && { cert: await readFile(tls.cert), key: await readFile(tls.key) }),
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 200,
    onRcptTo(address, session, callback) {
      const verdict = sink.rule('rcpt', address.address);
      if (verdict === 'drop') drop(session.id);
      else callback(refusal(verdict, address.address));
    },
    onData(stream, session, callback) {
      const to = session.envelope.rcptTo.map((recipient) => recipient.address);
      const first = to[0] ?? '';
      const early = sink.rule('data', first);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        if (early === 'drop') drop(session.id);
        chunks.push(chunk);
      });
      stream.on('end', () => {
        if (early === 'drop') return;
        const verdict = early ?? sink.rule('dot', first);
        if (typeof verdict === 'number') return callback(refusal(verdict, first));
        const raw = Buffer.concat(chunks).toString('latin1');
        const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
        sink.mails.push({
          from,
          to,
          raw,
          messageId: /^Message-ID: (.*)\r$/im.exec(raw)?.[1] ?? '',
          secure: session.secure,
        });
        if (verdict === 'drop') drop(session.id);
        else if (sink.delay > 0) setTimeout(callback, sink.delay);
        else callback();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  let closed: Promise<void> | null = null;
  const sink: SmtpSink = {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails: [],
    rule: () => undefined,
    delay: 0,
    close() {
      closed ??= new Promise((resolve) => server.close(() => resolve()));
      return closed;
    },
  };
  try {
    onTestFinished(() => sink.close());
  } catch {
    // Not within a test: whoever opened it closes it.
  }
  return sink;

  function drop(sessionId: string): void {
    // smtp-server has no way of its own to break a connection.
    for (const connection of server.connections as Set<{ id: string; _socket: Socket }>) {
      if (connection.id === sessionId) connection._socket.destroy();
    }
  }
}

/** Real servers quote the address; nothing of this text may be stored or logged. */
function refusal(verdict: Verdict, address: string): Error | null {
  if (typeof verdict !== 'number') return null;
  return Object.assign(new Error(`<${address}> is not welcome here`), { responseCode: verdict });
}

import type { AddressInfo } from 'node:net';
import { createTransport } from 'nodemailer';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  /** The envelope, as the SMTP server was told it. */
  envelope: { from: string; to: string[] };
  from: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
  /** All that its reader could find: the raw message, and its headers and parts decoded. */
  everything: string;
}

export interface Mailbox {
  url: string;
  /** What has come so far. */
  mails: readonly ReceivedMail[];
  /**
   * Takes the oldest mail to an address, with these words in its subject, that nobody has taken yet; waits for it as
   * long as the test's time lasts.
   */
  next(address: string, about?: string): Promise<ReceivedMail>;
  /** Answers a mail as its reader's program would, quoting it. */
  answer(mail: ReceivedMail, words: string): Promise<void>;
  /** Where answers go, and the front server that vouches for who sends them. */
  answersTo(port: number, authservId: string): void;
  /** How many mails to an address nobody has taken. */
  waiting(address: string, about?: string): number;
  close(): Promise<void>;
}

/** A real SMTP server on the loopback, whose mails tests read as they come. */
export async function openMailbox(): Promise<Mailbox> {
  const mails: ReceivedMail[] = [];
  let door: { port: number; authservId: string } | null = null;
  const taken = new Set<ReceivedMail>();
  const waiters = new Set<() => void>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 200,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map((recipient) => recipient.address);
        mails.push(await read(Buffer.concat(chunks), { from: mailFrom ? mailFrom.address : '', to }));
        callback();
        for (const look of waiters) look();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const untaken = (address: string, about = '') =>
    mails.filter((mail) => !taken.has(mail) && mail.envelope.to.includes(address) && mail.subject.includes(about));
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    next: (address, about) =>
      new Promise((resolve) => {
        function look() {
          const [mail] = untaken(address, about);
          if (!mail) return;
          waiters.delete(look);
          taken.add(mail);
          resolve(mail);
        }
        waiters.add(look);
        look();
      }),
    async answer(mail, words) {
      if (!door) throw new Error('this portal takes no answers by mail');
      const [from = ''] = mail.envelope.to;
      const program = createTransport({ host: '127.0.0.1', port: door.port, lmtp: true, ignoreTLS: true });
      await program.sendMail({
        from,
        to: mail.from,
        subject: `Re: ${mail.subject}`,
        text: `${words}\n\nOn Friday, ${mail.from.name} <${mail.from.address}> wrote:\n${mail.text.replace(/^/gm, '> ')}`,
        headers: { 'Authentication-Results': `${door.authservId}; dmarc=pass header.from=${from.split('@')[1]}` },
      });
      program.close();
    },
    answersTo(port, authservId) {
      door = { port, authservId };
    },
    waiting: (address, about) => untaken(address, about).length,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The portal's link in a mail; the text part shows each on a line of its own. */
export function linkIn(mail: ReceivedMail): string {
  const link = /^https?:\/\/\S+$/m.exec(mail.text)?.[0];
  if (!link) throw new Error(`There is no link in the mail “${mail.subject}”`);
  return link;
}

async function read(raw: Buffer, envelope: ReceivedMail['envelope']): Promise<ReceivedMail> {
  const mail: Email = await PostalMime.parse(raw);
  const { subject = '', text = '', html = '', from } = mail;
  const headers = mail.headers.map(({ key, value }) => `${key}: ${value}`);
  return {
    envelope,
    from: { name: from?.name ?? '', address: from?.address ?? '' },
    subject,
    text,
    html,
    everything: [raw.toString('latin1'), ...headers, text, html].join('\n'),
  };
}

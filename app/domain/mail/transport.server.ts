import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { z } from 'zod';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import type { Config } from '~/config.server';
import type { Clock } from '../clock';
import type { ClaimedLetter, Result } from './claims.server';
import { holdsOneOfThese } from './gate';
import { bounceAddress, replyAddress } from './own-address.server';
import { smtpFailure } from './smtp-error';
import type { SmtpServer, Tls } from './smtp-url';

export interface Transport {
  /**
   * Tries letters, several side by side, begun in the order given. Once `goOn` says no, the rest comes back unsent.
   * Throws only where the addresses cannot be read; then nothing was tried. `secrets`: mailboxes whose addresses a
   * letter must not hold; one that does goes nowhere.
   */
  send(letters: ClaimedLetter[], goOn: () => boolean, secrets: Secrets): Promise<Result[]>;
  /** Whether the server answers and takes our credentials. Throws what is wrong. */
  verify(): Promise<void>;
  /** Ends idle connections at once, others after their mail. */
  close(): void;
}

type Secrets = ReadonlyMap<Id<'outbox'>, readonly Id<'mailbox'>[]>;

export interface TransportOptions {
  db: Database;
  clock: Clock;
  /** Where mails are kept as files while there is no SMTP_URL. */
  captureDir: string;
  /** Connections to the server at once; `?maxConnections=` in SMTP_URL wins. */
  connections?: number;
}

type Deliver = (mail: SendMailOptions, letter: ClaimedLetter) => Promise<Pick<Result, 'outcome' | 'code'>>;

export function openTransport(config: Config, options: TransportOptions): Transport {
  const { deliver, ...door } = config.smtp
    ? openServer(config.smtp, options.connections ?? 5)
    : openCapture(options.captureDir);
  // So that each connection finds the next mail waiting for it.
  const lanes = (options.connections ?? 5) * 2;
  return {
    ...door,
    async send(letters, goOn, secrets) {
      const addresses = await addressesOf(options.db, [
        ...letters.map((letter) => letter.mailbox_id),
        ...[...secrets.values()].flat(),
      ]);
      const waiting = [...letters];
      const results: Result[] = [];
      async function work() {
        for (let letter = goOn() && waiting.shift(); letter; letter = goOn() && waiting.shift()) {
          const known = addresses.get(letter.mailbox_id);
          const to = known && (TO_THE_VERY_ADDRESS.includes(letter.kind) ? known : known.redirected);
          const result = !to
            ? // The person has left and taken their mailbox with them.
              CANCELLED
            : isSuppressed(to, letter.kind)
              ? SUPPRESSED
              : holdsOneOf(letter, secrets.get(letter.id) ?? [], addresses)
                ? LEAKS
                : await deliver(compose(config, options.clock, letter, to.address), letter);
          results.push({ letter, sentTo: to?.id ?? null, ...result });
        }
      }
      await Promise.all(Array.from({ length: lanes }, work));
      return [...results, ...waiting.map((letter) => ({ letter, outcome: 'unsent', code: null }) as const)];
    },
  };
}

const CANCELLED = { outcome: 'cancelled', code: 'no-mailbox' } as const;
/** Its writer was not asked, so something of ours went wrong: it must not go out, and must be seen. */
const LEAKS = { outcome: 'failed', code: 'address-inside' } as const;
const SUPPRESSED = { outcome: 'cancelled', code: 'suppressed' } as const;
/** What somebody is waiting for goes out also where mail has failed before: it is how they show that it works again. */
const ASKED_FOR = ['sign-in-link', 'confirm-message', 'add-address'];
/** What shows that somebody reads an address goes to that address. */
const TO_THE_VERY_ADDRESS = [...ASKED_FOR, 'author-asked'];
const SENT = { outcome: 'sent', code: null } as const;

interface Destination {
  id: Id<'mailbox'>;
  address: string;
  suppressed: 'bounce' | 'complaint' | null;
  /** Whether its reader wants to be asked about no more papers. */
  unasked: boolean;
}

/** What was suppressed before reasons were kept had failed. */
function destination(
  id: Id<'mailbox'>,
  address: string,
  suppressedAt: string | null,
  suppressedFor: Destination['suppressed'],
  unaskedAt: string | null,
): Destination {
  const suppressed = suppressedAt === null ? null : (suppressedFor ?? 'bounce');
  return { id, address, suppressed, unasked: unaskedAt !== null };
}

/** Whether an author's address works is tried for each paper: what was tried before must not show in its byline. */
function isSuppressed({ suppressed, unasked }: Destination, kind: string): boolean {
  if (ASKED_FOR.includes(kind)) return false;
  return kind === 'author-asked' ? unasked || suppressed === 'complaint' : suppressed !== null;
}

const headersSchema = z.record(z.string(), z.string());

/**
 * The one place, but for a person's own account page, where addresses are read. Mail to a mailbox that its owner has
 * shown to be theirs goes to the one that they have chosen, `redirected`; what must reach that very address does not.
 */
async function addressesOf(
  db: Database,
  mailboxIds: readonly Id<'mailbox'>[],
): Promise<Map<Id<'mailbox'>, Destination & { redirected: Destination }>> {
  const ids = [...new Set(mailboxIds)];
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('mailboxes')
    .leftJoin('accounts', (join) =>
      join.onRef('accounts.id', '=', 'mailboxes.account_id').on('mailboxes.verified_at', 'is not', null),
    )
    .leftJoin('mailboxes as chosen', (join) =>
      join
        .onRef('chosen.id', '=', 'accounts.primary_mailbox_id')
        .onRef('chosen.account_id', '=', 'accounts.id')
        .on('chosen.verified_at', 'is not', null),
    )
    .select(['mailboxes.id', 'mailboxes.address', 'mailboxes.suppressed_at', 'mailboxes.suppressed_for'])
    .select('mailboxes.unasked_at')
    .select(['chosen.id as chosenId', 'chosen.address as chosenAddress', 'chosen.suppressed_at as chosenSuppressedAt'])
    .select('chosen.suppressed_for as chosenSuppressedFor')
    .where('mailboxes.id', 'in', ids)
    .execute();
  return new Map(
    rows.map((row) => {
      const own = destination(row.id, row.address, row.suppressed_at, row.suppressed_for, row.unasked_at);
      const { chosenId, chosenAddress, chosenSuppressedAt, chosenSuppressedFor } = row;
      const redirected =
        chosenId === null || chosenAddress === null
          ? own
          : destination(chosenId, chosenAddress, chosenSuppressedAt, chosenSuppressedFor, null);
      return [row.id, { ...own, redirected }];
    }),
  );
}

/**
 * The final gate: the last look at all that a reader will see, before it is encoded and goes out. HTML says what the
 * text does, so it is read only where it has a sign that the text might lack.
 */
function holdsOneOf(
  letter: ClaimedLetter,
  secrets: readonly Id<'mailbox'>[],
  addresses: ReadonlyMap<Id<'mailbox'>, Destination>,
): boolean {
  if (secrets.length === 0) return false;
  const html = /@|&#(?:64|x40);|&commat;/i.test(letter.html) ? letter.html : '';
  const all = [letter.from_name, letter.subject, letter.headers, letter.text, html].join('\n\n');
  return holdsOneOfThese(
    all,
    secrets.flatMap((id) => addresses.get(id)?.address ?? []),
  );
}

function compose(config: Config, clock: Clock, letter: ClaimedLetter, address: string): SendMailOptions {
  return {
    envelope: { from: config.inbound ? bounceAddress(config, letter.id) : config.mailFrom, to: [address] },
    from: {
      name: letter.from_name,
      address: letter.reply_token ? replyAddress(config, letter.reply_token) : config.mailFrom,
    },
    to: { name: '', address },
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    messageId: letter.internet_message_id,
    date: clock.now(),
    headers: {
      ...headersSchema.parse(JSON.parse(letter.headers)),
      // RFC 3834: keeps out-of-office programs quiet. A relayed message was written by a person.
      ...(letter.kind === 'relayed-message' ? {} : { 'Auto-Submitted': 'auto-generated' }),
    },
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** What Nodemailer is told of TLS. Its own default takes what it is offered, which whoever is on the way can take away. */
const TLS = {
  required: { requireTLS: true },
  unverified: { requireTLS: true, tls: { rejectUnauthorized: false } },
  off: { ignoreTLS: true },
  // Nobody is between, and the certificates of a machine's own mail server are rarely anybody's.
  offered: { opportunisticTLS: true, tls: { rejectUnauthorized: false } },
} as const satisfies Record<Tls, object>;

function openServer(
  { url, tls, maxConnections, rateLimit, name }: SmtpServer,
  connections: number,
): Omit<Transport, 'send'> & { deliver: Deliver } {
  const server = createTransport({
    url,
    pool: true,
    ...TLS[tls],
    ...(name && { name }),
    ...(rateLimit && { rateLimit }),
    maxConnections: maxConnections ?? connections,
    maxMessages: 1000,
    // Each step well within a lease.
    dnsTimeout: 10_000,
    connectionTimeout: 15_000,
    greetingTimeout: 30_000,
    socketTimeout: 120_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // Mails whose last byte was handed to the connection: from then on the server may have accepted them.
  const handedOver = new Set<unknown>();
  server.use('stream', ({ data, message }, next) => {
    const open = message.createReadStream.bind(message);
    message.createReadStream = (options) => open(options).once('end', () => handedOver.add(data.messageId));
    next();
  });
  return {
    async deliver(mail) {
      try {
        await server.sendMail(mail);
        return SENT;
      } catch (error) {
        return smtpFailure(error, handedOver.has(mail.messageId));
      } finally {
        handedOver.delete(mail.messageId);
      }
    },
    async verify() {
      await server.verify();
    },
    close: () => server.close(),
  };
}

/** Instead of a server: a file for each mail. */
function openCapture(dir: string): Omit<Transport, 'send'> & { deliver: Deliver } {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return {
    async deliver(mail, letter) {
      try {
        const { message } = await composer.sendMail(mail);
        // What is in it signs people in.
        await mkdir(dir, { recursive: true, mode: 0o700 });
        // Readers of the directory see whole mails only.
        const half = join(dir, `.${randomBytes(8).toString('hex')}`);
        await writeFile(half, message as Buffer, { mode: 0o600 });
        await rename(half, join(dir, `${letter.id}.eml`));
        return SENT;
      } catch (error) {
        return smtpFailure(error, false);
      }
    },
    async verify() {},
    close() {},
  };
}

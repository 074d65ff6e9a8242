import type { DNSResolver } from 'mailauth';
import { isUnavailable } from '#db/write';
import { suppressMailbox } from '../account/mailboxes.server';
import type { DomainContext } from '../context';
import { isAuthentic } from '../mail/authenticity.server';
import { readReport, recordFailure } from '../mail/bounces.server';
import { type Incoming, readIncoming } from '../mail/incoming.server';
import { readOwnAddress } from '../mail/own-address.server';
import { tally } from '../mail/tallies.server';
import { type Answer, NO_SUCH, TAKEN, takeReply } from './replies.server';
import { participantOfToken } from './reply-tokens.server';

/** A mail as it arrives, by SMTP, LMTP or over HTTP. */
export interface Envelope {
  /** Empty for reports (RFC 5321, 4.5.5). */
  from: string;
  to: string[];
  /** The peer that brought it; null where that is not known. */
  ip: string | null;
  helo: string;
}

const TOO_BIG: Answer = { code: 552, text: '5.3.4 The message is larger than 256 KB' };
const TOO_COMPLEX: Answer = { code: 554, text: '5.6.0 The message has too many parts, lines or headers' };
const UNREADABLE: Answer = { code: 554, text: '5.6.0 The message cannot be read' };
const AGAIN: Answer = { code: 451, text: '4.3.0 Not now; please try again' };

/** Whether mail to an address is taken at all; asked before the message is sent (RCPT TO). */
export async function acceptsRecipient(ctx: DomainContext, address: string): Promise<Answer> {
  const own = readOwnAddress(ctx.config, address);
  try {
    // The same query for every address, so that the time tells nothing.
    const known = await participantOfToken(ctx.db, ctx, own?.kind === 'reply' ? own.token : '');
    return own?.kind === 'bounce' || known ? TAKEN : NO_SUCH;
  } catch (error) {
    return refusal(ctx, error);
  }
}

/** Takes a message for each of its recipients. The answers are in their order; what is refused leaves no trace. */
export async function receive(
  ctx: DomainContext,
  resolver: DNSResolver,
  bytes: Buffer,
  envelope: Envelope,
): Promise<Answer[]> {
  const read = await readIncoming(bytes, ctx.config.replyDomain);
  const refused = read.ok
    ? null
    : { 'too-big': TOO_BIG, 'too-complex': TOO_COMPLEX, unreadable: UNREADABLE }[read.reason];
  let verdict: Promise<boolean> | undefined;
  const answers: Answer[] = [];
  for (const to of envelope.to) {
    const own = readOwnAddress(ctx.config, to);
    try {
      if (!own) answers.push(NO_SUCH);
      else if (!read.ok) answers.push(own.kind === 'bounce' ? TAKEN : refused!);
      else if (own.kind === 'bounce') answers.push(await takeReport(ctx, own.outboxId, read.mail));
      else
        answers.push(
          await takeReply(ctx, own.token, read.mail, bytes, {
            returnPath: envelope.from,
            authentic: () => {
              verdict ??= isAuthentic(ctx.config, resolver, bytes, read.mail, {
                ...envelope,
                returnPath: envelope.from,
              });
              return verdict;
            },
          }),
        );
    } catch (error) {
      answers.push(refusal(ctx, error));
    }
  }
  await countRefused(ctx, answers);
  ctx.log.info({ answers: answers.map(({ code }) => code) }, 'mail came in');
  return answers;
}

/** What is taken is counted where it is. A database that is away counts nothing. */
async function countRefused(ctx: DomainContext, answers: Answer[]): Promise<void> {
  const later = answers.filter(({ code }) => code < 500 && code >= 400).length;
  const refused = answers.filter(({ code }) => code >= 500).length;
  const counts = { ...(later && { 'in later': later }), ...(refused && { 'in refused': refused }) };
  await tally(ctx.db, counts).catch(() => {});
}

/** Whatever a report says, it is taken: nobody waits for an answer to it. */
async function takeReport(
  ctx: DomainContext,
  outboxId: Parameters<typeof recordFailure>[1],
  mail: Incoming,
): Promise<Answer> {
  const report = readReport(mail);
  if (report.kind === 'nothing') return TAKEN;
  const code = report.kind === 'complaint' ? 'complaint' : `bounced ${report.status ?? ''}`.trim();
  await tally(ctx.db, { [`in ${report.kind === 'complaint' ? 'complaint' : 'bounce'}`]: 1 });
  const mailboxId = await recordFailure(ctx, outboxId, code);
  const forGood = report.kind === 'complaint' || (report.status?.startsWith('5.') && report.status !== '5.2.2');
  if (mailboxId && forGood)
    await suppressMailbox(ctx.db, ctx.clock, mailboxId, report.kind === 'complaint' ? 'complaint' : 'bounce');
  return TAKEN;
}

/** The sending server keeps the mail and comes again: also where a bug of ours is in the way. */
function refusal(ctx: DomainContext, error: unknown): Answer {
  if (!isUnavailable(error)) ctx.log.error({ err: error }, 'A mail that came in could not be handled');
  return AGAIN;
}

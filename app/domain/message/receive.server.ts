import type { DNSResolver } from 'mailauth';
import type { Id } from '#db/schema';
import { isUnavailable, write } from '#db/write';
import { suppressMailbox } from '../account/suppression.server';
import type { DomainContext } from '../context';
import { type Authenticity, authenticityOf } from '../mail/authenticity.server';
import { endsMailbox, readDeliveryReport, recordFailure } from '../mail/bounces.server';
import { type Incoming, openIncoming } from '../mail/inbound/incoming.server';
import type { RawMail } from '../mail/inbound/raw-mail.server';
import { readOwnAddress } from '../mail/own-address.server';
import { tally } from '../mail/tallies.server';
import { turn } from '../turn';
import { takeReply } from './replies.server';
import { participantOfToken } from './reply-tokens.server';
import { AGAIN, NO_SUCH, type SmtpAnswer, TAKEN, TOO_COMPLEX } from './smtp-answers';

/** A mail as it arrives, by SMTP, LMTP or over HTTP. */
export interface Envelope {
  /** Empty for reports (RFC 5321, 4.5.5). */
  from: string;
  to: string[];
  /** The peer that brought it; null where that is not known. */
  ip: string | null;
  helo: string;
}

/** Whether mail to an address is taken at all; asked before the message is sent (RCPT TO). */
export async function acceptsRecipient(ctx: DomainContext, address: string): Promise<SmtpAnswer> {
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
  raw: RawMail,
  envelope: Envelope,
): Promise<SmtpAnswer[]> {
  await turn();
  const mail = openIncoming(raw, ctx.config.replyDomain);
  let verdict: Promise<Authenticity> | undefined;
  const answers: SmtpAnswer[] = [];
  for (const to of envelope.to) {
    const own = readOwnAddress(ctx.config, to);
    await turn();
    try {
      if (!own) answers.push(NO_SUCH);
      else if (own.kind === 'bounce') answers.push(mail ? await takeReport(ctx, own.outboxId, mail) : TAKEN);
      else if (!mail) answers.push(TOO_COMPLEX);
      else
        answers.push(
          await takeReply(ctx, own.token, mail, raw, {
            returnPath: envelope.from,
            authenticity: () => {
              verdict ??= authenticityOf(ctx.config, resolver, raw, mail, {
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
async function countRefused(ctx: DomainContext, answers: SmtpAnswer[]): Promise<void> {
  const later = answers.filter(({ code }) => code < 500 && code >= 400).length;
  const refused = answers.filter(({ code }) => code >= 500).length;
  const counts = { ...(later && { 'in later': later }), ...(refused && { 'in refused': refused }) };
  await tally(ctx.db, counts).catch(() => {});
}

/**
 * Whatever a report says, it is taken: nobody waits for an answer to it. Where there is no such mailbox, or its reader
 * calls our mail spam, nothing more goes there.
 */
async function takeReport(ctx: DomainContext, outboxId: Id<'outbox'>, mail: Incoming): Promise<SmtpAnswer> {
  const report = await readDeliveryReport(mail);
  if (report.kind === 'nothing') return TAKEN;
  const complaint = report.kind === 'complaint';
  const status = complaint ? null : report.status;
  await write(ctx.db, async (trx) => {
    const code = complaint ? 'complaint' : `bounced ${status ?? ''}`.trim();
    const mailboxId = await recordFailure(trx, outboxId, code);
    if (!mailboxId) return;
    await tally(trx, { [`in ${complaint ? 'complaint' : 'bounce'}`]: 1 });
    if (complaint || endsMailbox(status))
      await suppressMailbox(trx, ctx.clock, mailboxId, complaint ? 'complaint' : 'bounce');
  });
  return TAKEN;
}

/** The sending server keeps the mail and comes again: also where a bug of ours is in the way. */
function refusal(ctx: DomainContext, error: unknown): SmtpAnswer {
  if (!isUnavailable(error)) ctx.log.error({ err: error }, 'A mail that came in could not be handled');
  return AGAIN;
}

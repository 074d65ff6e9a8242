import type { Id } from '#db/schema';
import type { Write } from '#db/write';
import { renderMail } from '#emails/mail';
import { messageAsked } from '#emails/message-asked';
import { relayedMessage } from '#emails/relayed-message';
import { translator } from '#locales/translate';
import { unverifiedAmong } from '../account/mailboxes.server';
import { afterQuiet } from '../account/quiet-hours';
import type { DomainContext } from '../context';
import { enqueue, type Letter } from '../mail/outbox.server';
import { letterToken } from './letter-link.server';
import type { Participant } from './queries.server';
import { replyTokens } from './reply-tokens.server';
import { rulesOf } from './rules.server';

/** A message on its way to one or more of those who take part. */
export interface Carried {
  thread: { id: Id<'thread'>; subject: string; submissionId: Id<'submission'>; paper: { ref: string; title: string } };
  messageId: Id<'message'>;
  writer: Pick<Participant, 'name'>;
  body: string;
  answer: boolean;
}

type Sender = { id: Id<'conference'>; slug: string; name: string };

/** Queues a letter with the message for each of these people, to go out when each of them takes letters. */
export async function relayLetters(
  trx: Write,
  ctx: DomainContext,
  conference: Sender,
  carried: Carried,
  recipients: Participant[],
): Promise<void> {
  if (recipients.length === 0) return;
  const { thread, writer } = carried;
  const tokens = await replyTokens(
    trx,
    ctx,
    recipients.map((recipient) => recipient.id),
  );
  const timing = await timingOf(trx, ctx, carried, recipients);
  await enqueue(
    trx,
    ctx,
    recipients.map((recipient) => ({
      ...addressed(ctx, conference, carried, recipient),
      ...timing(recipient),
      mail: renderMail(
        relayedMessage,
        {
          writer: writer.name,
          paper: { ref: thread.paper.ref, title: thread.paper.title },
          conference: conference.name,
          subject: thread.subject,
          body: carried.body,
          url: threadUrl(ctx, conference, thread.id),
          letterUrl: letterUrl(ctx, carried, recipient),
          answer: carried.answer && recipient.role === 'correspondent',
          byMail: tokens.has(recipient.id),
        },
        translator('en'),
      ),
      replyToken: tokens.get(recipient.id) ?? null,
      dedupeKey: `message:${carried.messageId}:${recipient.id}`,
    })),
  );
}

/** Asks each of these people whether they will read a first message; the words wait on the portal. */
export async function askLetters(
  trx: Write,
  ctx: DomainContext,
  conference: Sender,
  carried: Carried,
  recipients: Participant[],
): Promise<void> {
  if (recipients.length === 0) return;
  const { thread, writer } = carried;
  const timing = await timingOf(trx, ctx, carried, recipients);
  await enqueue(
    trx,
    ctx,
    recipients.map((recipient) => ({
      ...addressed(ctx, conference, carried, recipient),
      ...timing(recipient),
      mail: renderMail(
        messageAsked,
        {
          writer: writer.name,
          paper: { ref: thread.paper.ref, title: thread.paper.title },
          conference: conference.name,
          url: threadUrl(ctx, conference, thread.id),
          letterUrl: letterUrl(ctx, carried, recipient),
        },
        translator('en'),
      ),
      dedupeKey: `asked:${carried.messageId}:${recipient.id}`,
    })),
  );
}

/** Whom a letter is to and from, and how it is left with one click (RFC 8058). */
function addressed(ctx: DomainContext, conference: Sender, carried: Carried, recipient: Participant) {
  return {
    to: recipient.mailboxId,
    fromName: `${carried.writer.name} via ${conference.name}`,
    conferenceId: conference.id,
    messageId: carried.messageId,
    headers: {
      'List-Unsubscribe': `<${letterUrl(ctx, carried, recipient)}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  } satisfies Partial<Letter>;
}

/** When a letter may go: not before its address is shown to be its owner's, and not in their quiet hours. */
async function timingOf(trx: Write, ctx: DomainContext, carried: Carried, recipients: Participant[]) {
  const mailboxIds = recipients.map((recipient) => recipient.mailboxId);
  const [unverified, rules] = [
    await unverifiedAmong(trx, mailboxIds),
    await rulesOf(trx, mailboxIds, carried.thread.submissionId),
  ];
  return ({ mailboxId }: Participant): Pick<Letter, 'hold' | 'notBefore'> => {
    const { quiet } = rules(mailboxId);
    return {
      hold: unverified.has(mailboxId),
      notBefore: quiet ? afterQuiet(quiet, ctx.clock.now()) : undefined,
    };
  };
}

export function threadUrl(ctx: DomainContext, conference: { slug: string }, threadId: Id<'thread'>): string {
  return `${ctx.config.origin}/${conference.slug}/messages/${threadId}`;
}

function letterUrl(ctx: DomainContext, { messageId }: Carried, recipient: Participant): string {
  return `${ctx.config.origin}/letters/${letterToken(ctx.config, { participantId: recipient.id, messageId })}`;
}

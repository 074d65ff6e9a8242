import type { Id } from '#db/schema';
import type { Write } from '#db/write';
import { type RenderedMail, renderMail } from '#emails/mail';
import { messageAsked } from '#emails/message-asked';
import { relayedMessage } from '#emails/relayed-message';
import type { DomainContext } from '../context';
import { enqueue } from '../mail/outbox.server';
import { letterToken } from './letter-link.server';
import type { Participant } from './queries.server';
import { replyTokens } from './reply-tokens.server';

/** A message on its way to one or more of those who take part. */
export interface Carried {
  thread: {
    id: Id<'thread'>;
    subject: string;
    submissionId: Id<'submission'>;
    paper: { ref: string; title: string };
  };
  messageId: Id<'message'>;
  writer: Pick<Participant, 'name' | 'role'>;
  /** Whether it begins the conversation. */
  first: boolean;
  body: string;
}

type Sender = { id: Id<'conference'>; slug: string; name: string };

/** Queues a letter with the message for each of these people. */
export async function relayLetters(
  trx: Write,
  ctx: DomainContext,
  conference: Sender,
  carried: Carried,
  recipients: Participant[],
): Promise<void> {
  if (recipients.length === 0) return;
  const tokens = await replyTokens(
    trx,
    ctx,
    recipients.map((recipient) => recipient.id),
  );
  const { subject } = carried.thread;
  await queueLetters(trx, ctx, conference, carried, recipients, 'message', (recipient, common) => ({
    mail: renderMail(relayedMessage, {
      ...common,
      subject,
      body: carried.body,
      role: roleOf(carried, recipient),
      byMail: tokens.has(recipient.id),
    }),
    replyToken: tokens.get(recipient.id) ?? null,
  }));
}

/** All that who began the conversation gets from it are answers. */
function roleOf({ writer, first }: Carried, recipient: Participant): 'first' | 'further' | 'answer' | 'coauthor' {
  if (recipient.role === 'correspondent') return 'answer';
  return writer.role === 'author' ? 'coauthor' : first ? 'first' : 'further';
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
  await queueLetters(trx, ctx, conference, carried, recipients, 'asked', (_recipient, common) => ({
    mail: renderMail(messageAsked, common),
  }));
}

/** What every letter about a message says. */
interface Common {
  writer: string;
  paper: { ref: string; title: string };
  conference: string;
  url: string;
  letterUrl: string;
}

/** Each can be left with one click (RFC 8058). */
async function queueLetters(
  trx: Write,
  ctx: DomainContext,
  conference: Sender,
  { thread, messageId, writer }: Carried,
  recipients: Participant[],
  about: 'message' | 'asked',
  letterTo: (recipient: Participant, common: Common) => { mail: RenderedMail; replyToken?: string | null },
): Promise<void> {
  await enqueue(
    trx,
    ctx,
    recipients.map((recipient) => {
      const token = letterToken(ctx.config, { participantId: recipient.id, messageId });
      const common = {
        writer: writer.name,
        paper: { ref: thread.paper.ref, title: thread.paper.title },
        conference: conference.name,
        url: threadUrl(ctx, conference, thread.id),
        letterUrl: `${ctx.config.origin}/letters/${token}`,
      };
      return {
        ...letterTo(recipient, common),
        to: recipient.mailboxId,
        fromName: `${writer.name} via ${conference.name}`,
        conferenceId: conference.id,
        messageId,
        submissionId: thread.submissionId,
        headers: {
          'List-Unsubscribe': `<${common.letterUrl}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
        dedupeKey: `${about}:${messageId}:${recipient.id}`,
      };
    }),
  );
}

export function threadUrl(ctx: DomainContext, conference: { slug: string }, threadId: Id<'thread'>): string {
  return `${ctx.config.origin}/${conference.slug}/messages/${threadId}`;
}

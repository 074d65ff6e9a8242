import type { Database } from '#db/open';
import { frameOf, renderMail } from '#emails/mail';
import { relayedMessage } from '#emails/relayed-message';
import type { DomainContext } from '../context';
import type { OurLetters } from '../mail/inbound/ours';
import { ownLinks } from '../mail/own-links';
import { letterToken } from './letter-link.server';
import { threadUrl } from './letters.server';
import type { Host, OpenThread, Participant } from './queries.server';

/** Of a long conversation the newest: mail programs quote no more. */
const MAX_MESSAGES = 200;

/** The letters that a participant of a thread has had, as far as they are known again in an answer. */
export async function ourLetters(
  db: Database,
  ctx: DomainContext,
  thread: OpenThread & { conference: Host; participants: Participant[] },
  own: Participant,
): Promise<OurLetters> {
  const messages = await db
    .selectFrom('messages')
    .select(['id', 'body', 'participant_id as participantId'])
    .where('thread_id', '=', thread.id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_MESSAGES)
    .execute();
  const names = new Map(thread.participants.map(({ id, name }) => [id, name]));
  const newest = new Map(messages.map((message) => [message.participantId, message]));
  const letters = [...newest.values()].flatMap((message) =>
    [true, false].flatMap((byMail) =>
      (['first', 'further', 'answer', 'coauthor'] as const).map((role) => ({
        writer: names.get(message.participantId) ?? '',
        paper: { ref: thread.paper.ref, title: thread.paper.title },
        conference: thread.conference.name,
        subject: thread.subject,
        body: '',
        url: threadUrl(ctx, thread.conference, thread.id),
        letterUrl: `${ctx.config.origin}/letters/${letterToken(ctx.config, { participantId: own.id, messageId: message.id })}`,
        role,
        byMail,
      })),
    ),
  );
  const people = thread.participants.map(({ name }) => name);
  return {
    frames: [...new Set(letters.flatMap((letter) => frameOf(relayedMessage, letter)))],
    bodies: messages.map(({ body }) => body),
    senders: people.map((name) => `${name} via ${thread.conference.name}`),
    people,
    subjects: [...new Set([thread.subject, ...letters.map((letter) => renderMail(relayedMessage, letter).subject)])],
    isOwnLink: ownLinks(ctx.config).isOne,
  };
}

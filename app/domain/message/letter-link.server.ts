import type { Id } from '#db/schema';
import type { Config } from '~/config.server';
import type { DomainContext } from '../context';
import { isSigned, sign } from '../secret.server';
import { lettersEnd } from './policy';
import { type Host, type OpenThread, type Participant, threadOf } from './queries.server';

/** A letter as its reader holds it: who they are in the thread, and which message it brought. */
interface LetterLink {
  participantId: Id<'participant'>;
  messageId: Id<'message'>;
}

/** What the link in a letter names it by. Signed, so that it cannot be guessed; good for as long as its conversation. */
export function letterToken(config: Config, { participantId, messageId }: LetterLink): string {
  const name = `${participantId}.${messageId}`;
  return `${name}.${sign(config, `letter:${name}`)}`;
}

/** Null: a token that is none of ours. */
function readLetterToken(config: Config, token: string): LetterLink | null {
  const [participantId = '', messageId = '', signature = ''] = token.split('.');
  if (!isSigned(config, `letter:${participantId}.${messageId}`, signature)) return null;
  return { participantId: participantId as Id<'participant'>, messageId: messageId as Id<'message'> };
}

export interface LetterBehind {
  messageId: Id<'message'>;
  thread: OpenThread & { conference: Host };
  /** Whose letter it is, and who wrote it. */
  own: Participant;
  writer: Participant;
}

/** The letter that a link stands for; null: a link that is none of ours, whose people are gone, or whose time is over. */
export async function letterBehind(ctx: DomainContext, token: string): Promise<LetterBehind | null> {
  const link = readLetterToken(ctx.config, token);
  const message =
    link &&
    (await ctx.db
      .selectFrom('messages')
      .innerJoin('participants', 'participants.thread_id', 'messages.thread_id')
      .select(['messages.id', 'messages.participant_id as writerId'])
      .where('messages.id', '=', link.messageId)
      .where('participants.id', '=', link.participantId)
      .executeTakeFirst());
  if (!message) return null;
  const { participants, ...thread } = await threadOf(ctx.db, link.participantId);
  const end = lettersEnd(thread.conference);
  if (thread.closedAt || (end && ctx.clock.now() >= end)) return null;
  const own = participants.find((participant) => participant.id === link.participantId)!;
  const writer = participants.find((participant) => participant.id === message.writerId)!;
  return { messageId: message.id, thread, own, writer };
}

import { createHash } from 'node:crypto';
import { instant, newId } from '#db/ids';
import type { Id, Tables } from '#db/schema';
import { write } from '#db/write';
import { renderMail } from '#emails/mail';
import { replyHeld } from '#emails/reply-held';
import { replyNotice } from '#emails/reply-notice';
import { translator } from '#locales/translate';
import { countAttempt } from '../account/limits.server';
import { isAddressOf, mailboxOwner } from '../account/mailboxes.server';
import type { DomainContext } from '../context';
import { nature } from '../mail/automatic';
import { holdsAnyAddress } from '../mail/gate';
import type { Incoming } from '../mail/incoming.server';
import { enqueue } from '../mail/outbox.server';
import { tally } from '../mail/tallies.server';
import { threadOf } from './queries.server';
import { participantOfToken } from './reply-tokens.server';
import { MOST_BODY } from './schema';
import { obstacleTo, postAnswer } from './thread.server';
import { typedText } from './typed-text';

/** What becomes of a mail, as SMTP says it (RFC 5321, 4.2; RFC 3463). The text is fixed: it never quotes the mail. */
export interface Answer {
  code: 250 | 450 | 451 | 550 | 552 | 554;
  text: string;
}

export const TAKEN: Answer = { code: 250, text: '2.0.0 Taken' };
export const NO_SUCH: Answer = { code: 550, text: '5.1.1 No such address here' };
const EXPIRED: Answer = { code: 550, text: '5.1.6 This address is no longer in use; please answer on the portal' };
const NO_SENDER: Answer = { code: 550, text: '5.7.1 A message has exactly one sender in its From header' };
const CLOSED: Answer = { code: 550, text: '5.7.1 This conversation takes no more messages; the portal says why' };
const SIGNED: Answer = {
  code: 554,
  text: '5.6.1 Signed and encrypted messages cannot be passed on; please send plain text, or answer on the portal',
};
const LATER: Answer = { code: 450, text: '4.7.1 Too many messages; please try again later' };

const SEALED = /^(multipart\/(signed|encrypted)|application\/(x-)?pkcs7-mime|application\/pgp-encrypted)$/;

type Reason = NonNullable<Tables['replies']['reason']>;

/**
 * Takes an answer that came by mail to a reply address and passes it on, composed anew from what was typed. Held, and
 * its writer asked on the portal, is what somebody else may have sent and what holds an address of the thread's people.
 */
export async function takeReply(
  ctx: DomainContext,
  token: string,
  mail: Incoming,
  bytes: Buffer,
  arrival: { returnPath: string; authentic: () => Promise<boolean> },
): Promise<Answer> {
  const known = await participantOfToken(ctx.db, ctx, token);
  if (!known) return NO_SUCH;
  if (!known.live) return EXPIRED;
  const from = mail.from[0];
  if (mail.from.length !== 1 || !from) return NO_SENDER;
  // A mail that we have sent ourselves has come back: an alias leads to its own address. There the loop ends.
  if (from.toLowerCase().endsWith(`@${ctx.config.replyDomain.toLowerCase()}`)) return TAKEN;
  const kind = nature({ ...mail, returnPath: arrival.returnPath });
  if (kind === 'report') return TAKEN;
  if (SEALED.test(mail.type)) return SIGNED;

  const thread = await threadOf(ctx.db, known.participantId);
  const writer = thread.participants.find((participant) => participant.id === known.participantId)!;
  if (await obstacleTo(ctx.db, ctx, thread.conference, thread, writer)) return CLOSED;
  // Of a stranger's mail nothing is told to the stranger: the answer is the same, and comes after the same work.
  const own = await isAddressOf(ctx.db, writer.mailboxId, from);
  const authentic = await arrival.authentic();
  const reply: Reply = {
    participantId: known.participantId,
    // What a stranger has sent first must not keep out what the participant sends with the same Message-ID.
    dedupeKey: sha256([token, own && authentic ? 'own' : `other ${from}`, mail.messageId ?? sha256(bytes)].join(' ')),
    body: typedText(mail.text),
  };
  if (kind === 'automatic') return keep(ctx, reply, 'dropped', 'automatic', mail);
  if (!own) return keep(ctx, reply, 'held', 'stranger', mail);
  if (!authentic) return keep(ctx, reply, 'held', 'unproven', mail);
  if (kind === 'perhaps') return keep(ctx, reply, 'held', 'perhaps-automatic', mail);
  if (!reply.body) return keep(ctx, reply, 'dropped', 'empty', mail);
  if (holdsAnyAddress(reply.body) || reply.body.length > MOST_BODY) return keep(ctx, reply, 'held', 'address', mail);
  return keep(ctx, reply, 'relayed', null, mail);
}

function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

interface Reply {
  participantId: Id<'participant'>;
  dedupeKey: string;
  body: string;
}

/** Writes down what became of a mail and does it, once: the same mail again finds its row and changes nothing. */
async function keep(
  ctx: DomainContext,
  reply: Reply,
  outcome: 'relayed' | 'held' | 'dropped',
  reason: Reason | null,
  mail: Incoming,
): Promise<Answer> {
  return write(ctx.db, async (trx) => {
    const id = newId<'reply'>();
    const kept = await trx
      .insertInto('replies')
      .values({
        id,
        participant_id: reply.participantId,
        dedupe_key: reply.dedupeKey,
        outcome,
        reason,
        body: outcome === 'held' ? reply.body : '',
        received_at: instant(ctx.clock.now()),
      })
      .onConflict((conflict) => conflict.column('dedupe_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (kept) await tally(trx, { [`in ${outcome}`]: 1 });
    if (!kept || (outcome === 'dropped' && reason === 'automatic')) return TAKEN;
    const thread = await threadOf(trx, reply.participantId);
    const writer = thread.participants.find((participant) => participant.id === reply.participantId)!;
    const owner = await mailboxOwner(trx, writer.mailboxId);
    if (outcome === 'relayed') {
      const keyOf = owner.accountId ?? writer.mailboxId;
      const sent = await postAnswer(trx, ctx, thread.conference, {
        thread,
        participants: thread.participants,
        writer,
        keyOf,
        key: id,
        body: reply.body,
        discloses: false,
        network: null,
      });
      if (!sent.ok) throw new Refused(sent.reason === 'limit' ? LATER : CLOSED);
    } else if (await countAttempt(trx, ctx, 'heldReply', writer.id)) throw new Refused(LATER);
    const url = `${ctx.config.origin}/${thread.conference.slug}/messages/${thread.id}`;
    const about = { ref: thread.paper.ref, title: thread.paper.title, url };
    const t = translator('en');
    const told = {
      empty: reason === 'empty',
      leftOut: outcome === 'relayed' && mail.leftOut,
      copied: outcome === 'relayed' && mail.copied,
    };
    const letter =
      outcome === 'held'
        ? renderMail(replyHeld, { ...about, reason: reason as 'stranger' }, t)
        : told.empty || told.leftOut || told.copied
          ? renderMail(replyNotice, { ...about, ...told }, t)
          : null;
    if (letter)
      await enqueue(trx, ctx, [
        {
          to: writer.mailboxId,
          mail: letter,
          fromName: thread.conference.name,
          conferenceId: thread.conference.id,
          dedupeKey: `reply:${id}`,
        },
      ]);
    return TAKEN;
  }).catch((error) => {
    if (error instanceof Refused) return error.answer;
    throw error;
  });
}

/** Rolls the transaction back: nothing of the mail is kept. */
class Refused extends Error {
  constructor(readonly answer: Answer) {
    super(answer.text);
  }
}

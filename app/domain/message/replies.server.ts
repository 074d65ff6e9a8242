import { createHash } from 'node:crypto';
import { instant, newId } from '#db/ids';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import { renderMail } from '#emails/mail';
import { replyHeld } from '#emails/reply-held';
import { replyNotice } from '#emails/reply-notice';
import { countAttempt } from '../account/limits.server';
import { mailboxOwner } from '../account/mailbox-owners.server';
import { isAddressOf } from '../account/mailboxes.server';
import type { DomainContext } from '../context';
import type { Authenticity } from '../mail/authenticity.server';
import { nature } from '../mail/automatic';
import type { Incoming } from '../mail/inbound/incoming.server';
import type { RawMail } from '../mail/inbound/raw-mail.server';
import { typedIn } from '../mail/inbound/typed';
import { enqueue } from '../mail/outbox.server';
import { ownLinks } from '../mail/own-links';
import { tally } from '../mail/tallies.server';
import { threadUrl } from './letters.server';
import { ourLetters } from './our-letters.server';
import { threadOf } from './queries.server';
import { type Fate, fateOf } from './reply-fate';
import { participantOfToken } from './reply-tokens.server';
import {
  AGAIN,
  CLOSED,
  EXPIRED,
  LATER,
  NO_SENDER,
  NO_SUCH,
  SIGNED,
  type SmtpAnswer,
  TAKEN,
  TOO_COMPLEX,
  UNREADABLE,
} from './smtp-answers';
import { obstacleTo, postAnswer } from './thread.server';

const SEALED = /^(multipart\/(signed|encrypted)|application\/(x-)?pkcs7-mime|application\/pgp-encrypted)$/;

/** Takes an answer that came by mail to a reply address, and passes it on, composed anew from what was typed. */
export async function takeReply(
  ctx: DomainContext,
  token: string,
  mail: Incoming,
  raw: RawMail,
  arrival: { returnPath: string; authenticity: () => Promise<Authenticity> },
): Promise<SmtpAnswer> {
  const known = await participantOfToken(ctx.db, ctx, token);
  if (!known) return NO_SUCH;
  if (!known.live) return EXPIRED;
  const from = mail.from[0];
  if (mail.from.length !== 1 || !from) return NO_SENDER;
  // A mail that we have sent ourselves has come back: an alias leads to its own address. There the loop ends.
  if (from.toLowerCase().endsWith(`@${ctx.config.replyDomain.toLowerCase()}`)) return TAKEN;
  if (nature({ ...mail, returnPath: arrival.returnPath }) === 'report') return TAKEN;
  if (SEALED.test(mail.type)) return SIGNED;

  const thread = await threadOf(ctx.db, known.participantId);
  const writer = thread.participants.find((participant) => participant.id === known.participantId)!;
  if (await obstacleTo(ctx.db, ctx, thread.conference, thread, writer)) return CLOSED;
  // Of a stranger's mail nothing is told to the stranger: the answer is the same, and comes after the same work.
  const own = await isAddressOf(ctx.db, writer.mailboxId, from);
  const authenticity = await arrival.authenticity();
  if (authenticity === 'later') return AGAIN;
  const proven = authenticity === 'proven';
  // What a stranger has sent first must not keep out what the participant sends with the same Message-ID.
  const sender = own && proven ? 'own' : `other ${from}`;
  const dedupeKey = createHash('sha256')
    .update([token, sender, mail.messageId ?? (await raw.digest())].join(' '))
    .digest('hex');
  // Only now is looked at what it says.
  const read = await mail.parts();
  if (!read.ok) return read.reason === 'too-complex' ? TOO_COMPLEX : UNREADABLE;
  const links = ownLinks(ctx.config);
  const typed = typedIn(read.parts, await ourLetters(ctx.db, ctx, thread, writer), links);
  const fate = fateOf(mail, typed, { returnPath: arrival.returnPath, own, proven }, links.held);
  const told = { cut: typed.truncated, leftOut: read.parts.leftOut.length > 0, copied: mail.copied };
  return settle(ctx, known.participantId, dedupeKey, fate, { ...told, words: typed.leftOut });
}

/** What its writer is told of a mail beside what became of its text. */
interface Told {
  /** There was more of it than is read. */
  cut: boolean;
  /** Files and the like were not passed on. */
  leftOut: boolean;
  copied: boolean;
  /** What of its words was left out, to be seen by its writer. */
  words: string;
}

/** Writes down what becomes of a mail and does it, once: the same mail again finds its row and changes nothing. */
async function settle(
  ctx: DomainContext,
  participantId: Id<'participant'>,
  dedupeKey: string,
  fate: Fate,
  told: Told,
): Promise<SmtpAnswer> {
  return write(ctx.db, async (trx) => {
    const id = newId<'reply'>();
    const kept = await trx
      .insertInto('replies')
      .values({
        id,
        participant_id: participantId,
        dedupe_key: dedupeKey,
        outcome: fate.outcome,
        reason: fate.reason,
        body: fate.outcome === 'held' ? fate.body : '',
        left_out: fate.outcome === 'held' ? told.words : '',
        received_at: instant(ctx.clock.now()),
      })
      .onConflict((conflict) => conflict.column('dedupe_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!kept) return TAKEN;
    await tally(trx, { [`in ${fate.outcome}`]: 1 });
    if (fate.reason === 'automatic') return TAKEN;
    const thread = await threadOf(trx, participantId);
    const writer = thread.participants.find((participant) => participant.id === participantId)!;
    if (fate.outcome === 'relayed') {
      const owner = await mailboxOwner(trx, writer.mailboxId);
      const sent = await postAnswer(trx, ctx, thread.conference, {
        thread,
        participants: thread.participants,
        writer,
        keyOf: owner.accountId ?? writer.mailboxId,
        key: id,
        body: fate.body,
        leftOut: told.words,
        discloses: false,
        network: null,
      });
      if (!sent.ok) throw new Refused(sent.reason === 'limit' ? LATER : CLOSED);
    } else if (await countAttempt(trx, ctx, 'heldReply', writer.id)) throw new Refused(LATER);
    const { ref, title } = thread.paper;
    const letter = letterAbout(fate, told, { ref, title, url: threadUrl(ctx, thread.conference, thread.id) });
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

/** What its writer has to know of an answer; null where it went on as it was meant. */
function letterAbout(fate: Fate, mail: Told, about: { ref: string; title: string; url: string }) {
  if (fate.outcome === 'held') return renderMail(replyHeld, { ...about, reason: fate.reason });
  const relayed = fate.outcome === 'relayed';
  const told = {
    empty: fate.reason === 'empty',
    cut: mail.cut,
    leftOut: relayed && mail.leftOut,
    copied: relayed && mail.copied,
  };
  return Object.values(told).some(Boolean) ? renderMail(replyNotice, { ...about, ...told }) : null;
}

/** Rolls the transaction back: nothing of the mail is kept. */
class Refused extends Error {
  constructor(readonly answer: SmtpAnswer) {
    super(answer.text);
  }
}

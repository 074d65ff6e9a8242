import { nature } from '../mail/automatic';
import { holdsAnyAddress } from '../mail/gate';
import type { Incoming } from '../mail/incoming.server';
import { MOST_BODY } from './schema';
import { typedText } from './typed-text';

/** Why an answer waits for the word of whoever it seems to be from. */
export type HeldReason = 'stranger' | 'unproven' | 'perhaps-automatic' | 'address' | 'long';

export type Fate =
  | { outcome: 'relayed'; reason: null; body: string }
  | { outcome: 'held'; reason: HeldReason; body: string }
  | { outcome: 'dropped'; reason: 'automatic' | 'empty'; body: string };

/** What is known of who sent an answer: whether From is an address of the participant's, and whether it is shown to be. */
export interface Sender {
  returnPath: string;
  own: boolean;
  proven: boolean;
}

/**
 * What becomes of an answer that came by mail. It is passed on as it was typed, without history and signature; held is
 * what somebody else or a program may have sent, what holds any e-mail address, and what is too long for a message.
 */
export function fateOf(mail: Incoming, { returnPath, own, proven }: Sender): Fate {
  const body = typedText(mail.text);
  const held = (reason: HeldReason): Fate => ({ outcome: 'held', reason, body });
  const kind = nature({ ...mail, returnPath });
  if (kind === 'automatic' || kind === 'report') return { outcome: 'dropped', reason: 'automatic', body };
  if (!own) return held('stranger');
  if (!proven) return held('unproven');
  if (kind === 'perhaps') return held('perhaps-automatic');
  if (!body) return { outcome: 'dropped', reason: 'empty', body };
  if (holdsAnyAddress(body)) return held('address');
  if (body.length > MOST_BODY) return held('long');
  return { outcome: 'relayed', reason: null, body };
}

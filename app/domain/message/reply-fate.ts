import type { HeldReason } from '#db/schema';
import { nature } from '../mail/automatic';
import { holdsAnyAddress } from '../mail/gate';
import type { Headers } from '../mail/inbound/headers';
import type { Typed } from '../mail/inbound/typed';
import { MOST_BODY } from './schema';

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
 * What becomes of an answer that came by mail. It is passed on as it was typed; held is what somebody else or a program
 * may have sent, what nobody may be able to read, what holds any e-mail address or a link that acts for its reader, and
 * what is too long for a message. `holdsLink`: whether one of the portal's can be read out of a text.
 */
export function fateOf(
  mail: Headers,
  { text: body, garbled }: Typed,
  { returnPath, own, proven }: Sender,
  holdsLink: (text: string) => boolean,
): Fate {
  const held = (reason: HeldReason): Fate => ({ outcome: 'held', reason, body });
  const kind = nature({ ...mail, returnPath });
  if (kind === 'automatic' || kind === 'report') return { outcome: 'dropped', reason: 'automatic', body };
  if (!own) return held('stranger');
  if (!proven) return held('unproven');
  if (kind === 'perhaps') return held('perhaps-automatic');
  // Whose the addresses are by which a list sends on is not known.
  if (kind === 'list' && !returnPath) return held('list');
  if (!body) return { outcome: 'dropped', reason: 'empty', body };
  if (garbled) return held('garbled');
  if (holdsLink(body)) return held('link');
  if (holdsAnyAddress(body)) return held('address');
  if (body.length > MOST_BODY) return held('long');
  return { outcome: 'relayed', reason: null, body };
}

import { type Incoming, openIncoming } from '~/domain/mail/inbound/incoming.server';
import type { OurLetters } from '~/domain/mail/inbound/ours';
import { collectMail, type RawMail, rawMail } from '~/domain/mail/inbound/raw-mail.server';
import { type Typed, typedIn } from '~/domain/mail/inbound/typed';
import { ownLinks } from '~/domain/mail/own-links';

export const LINKS = ownLinks({ origin: 'https://portal.example', replyDomain: 'mail.portal.example' });

/** To somebody who has had no letter of ours. */
export const NO_LETTERS: OurLetters = {
  frames: [],
  bodies: [],
  senders: [],
  people: [],
  subjects: [],
  isOwnLink: LINKS.isOne,
};

/** A mail as the listener takes it; or why it does not. */
export async function collected(bytes: Buffer): Promise<RawMail | string> {
  const taken = await collectMail(chunks(bytes));
  return taken.ok ? taken.mail : taken.reason;
}

async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
}

/** The headers of a mail, which are as a person writes them. */
export function opened(raw: string | Buffer): Incoming {
  const mail = openIncoming(rawMail(Buffer.from(raw)), 'mail.portal.example');
  if (!mail) throw new Error('refused');
  return mail;
}

/** What somebody has typed in a mail, if it can be read at all. */
export async function typedOf(raw: string | Buffer, letters: OurLetters = NO_LETTERS): Promise<Typed | null> {
  const read = await opened(raw).parts();
  return read.ok ? typedIn(read.parts, letters, LINKS) : null;
}

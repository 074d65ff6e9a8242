import { randomBytes } from 'node:crypto';
import type { Id } from '#db/schema';
import { DAY } from '../../clock';
import type { DomainContext } from '../../context';
import { isSigned, sign } from '../../secret.server';

/** How long a browser stays known without signing in again. Browsers keep no cookie for more than 400 days. */
export const KNOWN_TTL = 365 * DAY;

const MARK = /^([a-z0-9]{1,6})\.[\w-]{22}\.[\w-]{22}$/;

/**
 * Marks a browser as one that has signed in to this account, as it keeps it in a cookie: the day, a random number, and
 * the portal's signature over both and the account. It opens nothing, and names nobody: it only keeps the wrong tries of
 * others from counting against it.
 */
export function deviceMark({ config, clock }: Pick<DomainContext, 'config' | 'clock'>, account: Id<'account'>): string {
  const day = Math.floor(clock.now().getTime() / DAY).toString(36);
  const text = `${day}.${randomBytes(16).toString('base64url')}`;
  return `${text}.${sign(config, signedText(account, text))}`;
}

/** The mark, of those that a browser has, of this account; null: it is none of its devices. */
export function knownDevice(
  { config, clock }: Pick<DomainContext, 'config' | 'clock'>,
  account: Id<'account'>,
  marks: readonly string[],
): string | null {
  const today = clock.now().getTime();
  const found = marks.find((mark) => {
    const day = MARK.exec(mark)?.[1];
    if (day === undefined || today - Number.parseInt(day, 36) * DAY > KNOWN_TTL + DAY) return false;
    const end = mark.lastIndexOf('.');
    return isSigned(config, signedText(account, mark.slice(0, end)), mark.slice(end + 1));
  });
  return found ?? null;
}

function signedText(account: Id<'account'>, text: string): string {
  return `device:${account}:${text}`;
}

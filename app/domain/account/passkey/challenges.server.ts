import { randomBytes } from 'node:crypto';
import { instant } from '#db/ids';
import type { Id, PasskeyPurpose } from '#db/schema';
import { type Write, write } from '#db/write';
import { later, MINUTE } from '../../clock';
import type { DomainContext } from '../../context';
import { hashToken } from '../../secret.server';
import { countAttempt } from '../limits.server';

/** Autofill may wait on an open page; its script asks for the next challenge before that. */
export const CHALLENGE_TTL = 10 * MINUTE;

/** For what a challenge is: by which browser it may be answered, and with whose passkey; null: anybody's. */
export interface Ceremony {
  purpose: PasskeyPurpose;
  /** The token in the browser's cookie. */
  browser: string;
  accountId: Id<'account'> | null;
}

/** Makes a challenge of 256 random bits, which only its hash is kept of. */
export async function createChallenge(
  ctx: DomainContext,
  { purpose, browser, accountId }: Ceremony,
  network: string,
): Promise<{ ok: true; challenge: Uint8Array<ArrayBuffer> } | { ok: false; retryAt: Date }> {
  const challenge = new Uint8Array(randomBytes(32));
  return write(ctx.db, async (trx) => {
    const retryAt = await countAttempt(trx, ctx, 'passkeyFrom', network);
    if (retryAt) return { ok: false, retryAt };
    await trx
      .insertInto('passkey_challenges')
      .values({
        challenge_hash: hashToken(encoded(challenge)),
        purpose,
        browser_hash: hashToken(browser),
        account_id: accountId,
        expires_at: instant(later(ctx.clock, CHALLENGE_TTL)),
      })
      .execute();
    return { ok: true, challenge };
  });
}

/** Uses a challenge up, also where what follows is refused. Of two at once, one gets true. */
export async function spendChallenge(
  trx: Write,
  ctx: DomainContext,
  challenge: string,
  { purpose, browser, accountId }: Ceremony,
): Promise<boolean> {
  const spent = await trx
    .deleteFrom('passkey_challenges')
    .where('challenge_hash', '=', hashToken(challenge))
    .returning(['purpose', 'browser_hash', 'account_id', 'expires_at'])
    .executeTakeFirst();
  return (
    spent !== undefined &&
    spent.purpose === purpose &&
    spent.browser_hash === hashToken(browser) &&
    spent.account_id === accountId &&
    spent.expires_at > instant(ctx.clock.now())
  );
}

function encoded(challenge: Uint8Array): string {
  return Buffer.from(challenge).toString('base64url');
}

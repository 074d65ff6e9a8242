import { instant } from '#db/ids';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import { type Clock, later, MINUTE } from '../../clock';
import type { DomainContext } from '../../context';
import { hashToken } from '../../secret.server';

/** How long a passkey is waited for after a link or a password. */
export const PENDING_TTL = 10 * MINUTE;

/** Somebody who has shown by a link or a password who they are, and not yet by their passkey. They are not signed in. */
export interface PendingSignIn {
  accountId: Id<'account'>;
  next: string;
  revived: boolean;
}

/** Lets that browser go on with a passkey of that account; one sign-in at a time. */
export async function waitForPasskey(ctx: DomainContext, browser: string, pending: PendingSignIn): Promise<void> {
  const row = {
    account_id: pending.accountId,
    next: pending.next,
    revived: pending.revived ? 1 : 0,
    expires_at: instant(later(ctx.clock, PENDING_TTL)),
  } as const;
  await write(ctx.db, (trx) =>
    trx
      .insertInto('pending_sign_ins')
      .values({ browser_hash: hashToken(browser), ...row })
      .onConflict((conflict) => conflict.column('browser_hash').doUpdateSet(row))
      .execute(),
  );
}

/** Null: nothing waits for a passkey in that browser. */
export async function pendingIn(db: Database, clock: Clock, browser: string | null): Promise<PendingSignIn | null> {
  if (!browser) return null;
  const row = await db
    .selectFrom('pending_sign_ins')
    .select(['account_id', 'next', 'revived'])
    .where('browser_hash', '=', hashToken(browser))
    .where('expires_at', '>', instant(clock.now()))
    .executeTakeFirst();
  return row ? { accountId: row.account_id, next: row.next, revived: Number(row.revived) === 1 } : null;
}

/** It is done, or given up. */
export async function forgetPending(db: Database, browser: string): Promise<void> {
  await write(db, (trx) => trx.deleteFrom('pending_sign_ins').where('browser_hash', '=', hashToken(browser)).execute());
}

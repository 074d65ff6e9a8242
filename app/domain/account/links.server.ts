import { instant, newId } from '#db/ids';
import type { Database } from '#db/open';
import type { Id, Tables } from '#db/schema';
import type { Write } from '#db/write';
import { type Clock, later, MINUTE } from '../clock';
import { hashToken, newToken } from '../secret.server';

export const LINK_LIFE = 30 * MINUTE;

export interface Link {
  id: Id<'link'>;
  mailboxId: Id<'mailbox'>;
  /** The account that has asked for it, where that matters. */
  accountId: Id<'account'> | null;
  next: string;
}

export async function createLink(
  trx: Write,
  clock: Clock,
  link: {
    purpose: Tables['links']['purpose'];
    mailboxId: Id<'mailbox'>;
    next: string;
    accountId?: Id<'account'>;
  },
): Promise<{ id: Id<'link'>; token: string }> {
  const token = newToken();
  const id = newId<'link'>();
  await trx
    .insertInto('links')
    .values({
      id,
      token_hash: hashToken(token),
      purpose: link.purpose,
      mailbox_id: link.mailboxId,
      account_id: link.accountId ?? null,
      next: link.next,
      expires_at: instant(later(clock, LINK_LIFE)),
      used_at: null,
      created_at: instant(clock.now()),
    })
    .execute();
  return { id, token };
}

/**
 * Gives the newest link of that kind which a mailbox has, and which still works, its whole life again, and leads it
 * where it was asked for last. False where none works any more.
 */
export async function prolongLink(
  trx: Write,
  clock: Clock,
  link: { purpose: Tables['links']['purpose']; mailboxId: Id<'mailbox'>; next: string },
): Promise<boolean> {
  const now = instant(clock.now());
  const result = await trx
    .updateTable('links')
    .set({ expires_at: instant(later(clock, LINK_LIFE)), next: link.next })
    .where('id', '=', (eb) =>
      eb
        .selectFrom('links as newest')
        .select('newest.id')
        .where('newest.mailbox_id', '=', link.mailboxId)
        .where('newest.purpose', '=', link.purpose)
        .where('newest.used_at', 'is', null)
        .where('newest.expires_at', '>', now)
        .orderBy('newest.created_at', 'desc')
        .orderBy('newest.id', 'desc')
        .limit(1),
    )
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** The link of a token if it can still be used. Reading it uses nothing: mail scanners follow links too. */
export async function liveLink(
  db: Database,
  clock: Clock,
  purpose: Tables['links']['purpose'],
  token: string,
): Promise<Link | null> {
  const row = await db
    .selectFrom('links')
    .select(['id', 'mailbox_id', 'account_id', 'next'])
    .where('token_hash', '=', hashToken(token))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', instant(clock.now()))
    .executeTakeFirst();
  return row ? { id: row.id, mailboxId: row.mailbox_id, accountId: row.account_id, next: row.next } : null;
}

/** Uses a link up. Of two at once, one gets true. */
export async function spendLink(trx: Write, clock: Clock, id: Id<'link'>): Promise<boolean> {
  const now = instant(clock.now());
  const result = await trx
    .updateTable('links')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

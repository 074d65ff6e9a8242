import { instant } from '#db/ids';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import type { Clock } from '../clock';

/** Lets nothing more go there but what its owner asks for. */
export async function suppressMailbox(
  db: Database,
  clock: Clock,
  id: Id<'mailbox'>,
  why: 'bounce' | 'complaint',
): Promise<void> {
  await db
    .updateTable('mailboxes')
    .set({ suppressed_at: instant(clock.now()), suppressed_for: why })
    .where('id', '=', id)
    .where('suppressed_at', 'is', null)
    .execute();
}

/** Asks whoever reads an address about no more papers, or again. */
export async function setUnasked(db: Database, clock: Clock, id: Id<'mailbox'>, unasked: boolean): Promise<void> {
  await db
    .updateTable('mailboxes')
    .set({ unasked_at: unasked ? instant(clock.now()) : null })
    .where('id', '=', id)
    .execute();
}

export async function isUnasked(db: Database, id: Id<'mailbox'>): Promise<boolean> {
  const row = await db.selectFrom('mailboxes').select('unasked_at').where('id', '=', id).executeTakeFirst();
  return row?.unasked_at != null;
}

/** Somebody has just read a mail there. Whether that is news: nothing more was sent there until now. */
export async function reviveMailbox(db: Database, id: Id<'mailbox'>): Promise<boolean> {
  const revived = await db
    .updateTable('mailboxes')
    .set({ suppressed_at: null, suppressed_for: null })
    .where('id', '=', id)
    .where('suppressed_at', 'is not', null)
    .executeTakeFirst();
  return revived.numUpdatedRows > 0n;
}

/** The mailboxes to which nothing is sent any more; to be asked within. */
export function suppressedMailboxes(db: Database) {
  return db.selectFrom('mailboxes').select('id').where('suppressed_at', 'is not', null);
}

/** The accounts of which some mailbox takes nothing any more; to be asked within. */
export function accountsWithoutMail(db: Database) {
  return db
    .selectFrom('mailboxes')
    .select('account_id')
    .where('suppressed_at', 'is not', null)
    .where('account_id', 'is not', null)
    .$narrowType<{ account_id: Id<'account'> }>();
}

/** To which of these mailboxes nothing is sent any more. */
export async function suppressedAmong(db: Database, ids: readonly Id<'mailbox'>[]): Promise<Set<Id<'mailbox'>>> {
  if (ids.length === 0) return new Set();
  const rows = await suppressedMailboxes(db).where('id', 'in', ids).execute();
  return new Set(rows.map((row) => row.id));
}

import type { Database } from '#db/open';
import type { Id, Instant } from '#db/schema';

export interface Passkey {
  id: Id<'passkey'>;
  name: string;
  createdAt: Instant;
  usedAt: Instant | null;
}

/** An account's passkeys, the oldest first. */
export async function passkeysOf(db: Database, accountId: Id<'account'>): Promise<Passkey[]> {
  return db
    .selectFrom('passkeys')
    .select(['id', 'name', 'created_at as createdAt', 'used_at as usedAt'])
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .orderBy('id')
    .limit(50)
    .execute();
}

/** Whether a link or a password is not enough to sign in to an account: it wants a passkey as well, and has one. */
export async function asksPasskey(db: Database, accountId: Id<'account'>): Promise<boolean> {
  const row = await db
    .selectFrom('passkeys')
    .innerJoin('accounts', 'accounts.id', 'passkeys.account_id')
    .select('passkeys.id')
    .where('account_id', '=', accountId)
    .where('asks_passkey', '=', 1)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The ids by which browsers and authenticators know an account's passkeys, and how they reach them. */
export async function credentialsOf(
  db: Database,
  accountId: Id<'account'>,
): Promise<{ id: string; transports: string[] }[]> {
  const rows = await db
    .selectFrom('passkeys')
    .select(['credential_id', 'transports'])
    .where('account_id', '=', accountId)
    .limit(50)
    .execute();
  return rows.map((row) => ({ id: row.credential_id, transports: JSON.parse(row.transports) as string[] }));
}

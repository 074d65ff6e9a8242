import { z } from 'zod';
import { instant, newId } from '#db/ids';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import type { Config } from '~/config.server';
import { type Clock, DAY, later } from '../clock';
import { hashToken, newToken, pseudonym, seal, unseal } from '../secret.server';

export interface KeptForm {
  /** Where it was sent. */
  path: string;
  fields: [string, string][];
  /** The page that shows it, and where it can be sent again. */
  page: string;
  /** Whether it is done by itself once its sender is known: only what is wanted for sure, and can be undone or repeated. */
  itself: boolean;
  /** Whether it was a button and no form on its page can show it. */
  button: boolean;
  /**
   * Who typed it, by `accountMark`: for whom its page was made, else who was signed in last in the browser that sent it;
   * null: nobody, as far as is known.
   */
  by: string | null;
}

const sealedSchema = z.object({
  fields: z.array(z.tuple([z.string(), z.string()])),
  page: z.string(),
  itself: z.boolean(),
  button: z.boolean(),
  by: z.string().nullable(),
});

/**
 * Keeps what someone sent while signed out, for a day. The token leads back to it, and nobody reads it without: there
 * may be addresses in it, and those stand in one table only.
 */
export async function keepForm(db: Database, clock: Clock, { path, ...form }: KeptForm): Promise<string> {
  const token = newToken();
  await write(db, (trx) =>
    trx
      .insertInto('kept_forms')
      .values({
        id: newId(),
        token_hash: hashToken(token),
        path,
        fields: seal(token, JSON.stringify(form)),
        expires_at: instant(later(clock, DAY)),
      })
      .execute(),
  );
  return token;
}

/** Null: done, expired or never kept. */
export async function keptForm(db: Database, clock: Clock, token: string): Promise<KeptForm | null> {
  const row = await db
    .selectFrom('kept_forms')
    .select(['path', 'fields'])
    .where('token_hash', '=', hashToken(token))
    .where('expires_at', '>', instant(clock.now()))
    .executeTakeFirst();
  const sealed = row && sealedSchema.safeParse(JSON.parse(unseal(token, row.fields)));
  return row && sealed?.success ? { path: row.path, ...sealed.data } : null;
}

/** Which of these are there still. */
export async function stillKept(db: Database, clock: Clock, tokens: readonly string[]): Promise<string[]> {
  if (tokens.length === 0) return [];
  const rows = await db
    .selectFrom('kept_forms')
    .select('token_hash')
    .where('token_hash', 'in', tokens.map(hashToken))
    .where('expires_at', '>', instant(clock.now()))
    .execute();
  const live = new Set(rows.map((row) => row.token_hash));
  return tokens.filter((token) => live.has(hashToken(token)));
}

/** What is done is done once. */
export async function forgetForm(db: Database, token: string): Promise<void> {
  await write(db, (trx) => trx.deleteFrom('kept_forms').where('token_hash', '=', hashToken(token)).execute());
}

/** Marks a browser as somebody's without saying whose: what was typed as one person is never sent as another. */
export function accountMark(config: Config, accountId: Id<'account'>): string {
  return pseudonym(config, `browser of:${accountId}`);
}

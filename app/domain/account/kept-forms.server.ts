import { z } from 'zod';
import { instant, newId } from '#db/ids';
import type { Database } from '#db/open';
import { write } from '#db/write';
import { type Clock, DAY, later } from '../clock';
import { hashToken, newToken, seal, unseal } from '../secret.server';

const fieldsSchema = z.array(z.tuple([z.string(), z.string()]));

export interface KeptForm {
  /** Where it was sent. */
  path: string;
  fields: [string, string][];
}

/**
 * Keeps what someone sent while signed out, for a day. The token leads back to it, and nobody reads it without: there
 * may be addresses in it, and those stand in one table only.
 */
export async function keepForm(db: Database, clock: Clock, form: KeptForm): Promise<string> {
  const token = newToken();
  await write(db, (trx) =>
    trx
      .insertInto('kept_forms')
      .values({
        id: newId(),
        token_hash: hashToken(token),
        path: form.path,
        fields: seal(token, JSON.stringify(form.fields)),
        expires_at: instant(later(clock, DAY)),
      })
      .execute(),
  );
  return token;
}

/** Null: expired or never kept. */
export async function keptForm(db: Database, clock: Clock, token: string): Promise<KeptForm | null> {
  const row = await db
    .selectFrom('kept_forms')
    .select(['path', 'fields'])
    .where('token_hash', '=', hashToken(token))
    .where('expires_at', '>', instant(clock.now()))
    .executeTakeFirst();
  return row ? { path: row.path, fields: fieldsSchema.parse(JSON.parse(unseal(token, row.fields))) } : null;
}

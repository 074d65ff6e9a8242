import { z } from 'zod';
import { instant, json, newId } from '#db/ids';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { type Clock, DAY, later } from '../clock';
import { hashToken, newToken } from '../secret.server';

const fieldsSchema = z.array(z.tuple([z.string(), z.string()]));

export interface KeptForm {
  id: Id<'kept'>;
  path: string;
  fields: [string, string][];
}

/** Keeps what someone sent while signed out, for a day. The token leads back to it. */
export async function keepForm(db: Database, clock: Clock, path: string, fields: [string, string][]): Promise<{ id: Id<'kept'>; token: string }> {
  const token = newToken();
  const id = newId<'kept'>();
  await db
    .insertInto('kept_forms')
    .values({ id, token_hash: hashToken(token), path, fields: json(fields), expires_at: instant(later(clock, DAY)) })
    .execute();
  return { id, token };
}

export async function keptForm(db: Database, clock: Clock, token: string): Promise<KeptForm | null> {
  return read(db, clock, (query) => query.where('token_hash', '=', hashToken(token)));
}

export async function keptFormById(db: Database, clock: Clock, id: Id<'kept'>): Promise<KeptForm | null> {
  return read(db, clock, (query) => query.where('id', '=', id));
}

type Query = ReturnType<typeof select>;
const select = (db: Database) => db.selectFrom('kept_forms').select(['id', 'path', 'fields']);

async function read(db: Database, clock: Clock, narrow: (query: Query) => Query): Promise<KeptForm | null> {
  const row = await narrow(select(db)).where('expires_at', '>', instant(clock.now())).executeTakeFirst();
  return row ? { id: row.id, path: row.path, fields: fieldsSchema.parse(JSON.parse(row.fields)) } : null;
}

import { Kysely, type LogConfig, PostgresAdapter, PostgresDialect } from 'kysely';
import pg from 'pg';
import { keepDatabasePrivate } from './private-files';
import type { Tables } from './schema';
import { openSqliteFile } from './sqlite';

export type Database = Kysely<Tables>;

/**
 * Opens the database that `url` names: `file:PATH` for SQLite, `postgres://…` for PostgreSQL.
 * The caller closes it with `db.destroy()`.
 */
export function openDatabase(url: string, options: { log?: LogConfig } = {}): Database {
  if (url.startsWith('file:')) {
    const path = url.slice('file:'.length);
    if (path !== ':memory:') keepDatabasePrivate(path);
    return new Kysely<Tables>({ dialect: openSqliteFile(path), log: options.log });
  }
  const types = new pg.TypeOverrides();
  // Our bigints are counters and positions below 2^53; node-postgres would hand them over as text.
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({ connectionString: url, max: 10, types, connectionTimeoutMillis: 5_000 });
  // An idle connection that the server closes must not end the process: the next query opens another.
  pool.on('error', () => {});
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log: options.log });
}

export function isPostgres(db: Database): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

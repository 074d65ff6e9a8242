import { DatabaseSync } from '@photostructure/sqlite';
import { CompiledQuery, type DatabaseConnection, type SqliteDatabase, SqliteDialect, SqliteDriver } from 'kysely';
import { LRUCache } from 'lru-cache';

type File = InstanceType<typeof DatabaseSync>;
type Statement = ReturnType<File['prepare']>;

/** How long one statement waits for another process's lock, blocking; `write` retries beyond that without blocking. */
const BUSY_TIMEOUT_MS = 100;

/** Kysely's own SQLite dialect over Node's `node:sqlite` API (here from the package that also serves Node 20). */
export function openSqliteFile(path: string): SqliteDialect {
  const file = new DatabaseSync(path);
  file.exec(`
    pragma busy_timeout = 5000;
    pragma journal_mode = wal;
    pragma busy_timeout = ${BUSY_TIMEOUT_MS};
    pragma synchronous = full;
    pragma foreign_keys = on;
    pragma cache_size = -16384;
    pragma temp_store = memory;
  `);
  return new ImmediateSqliteDialect({ database: adapt(file) });
}

/** `begin immediate`: a transaction that reads and then writes must not find, halfway, that another has written. */
class ImmediateSqliteDialect extends SqliteDialect {
  readonly #config: { database: SqliteDatabase };
  constructor(config: { database: SqliteDatabase }) {
    super(config);
    this.#config = config;
  }
  override createDriver() {
    return new ImmediateSqliteDriver(this.#config);
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

/** What Kysely expects of a SQLite library (better-sqlite3's shape), with compiled statements kept. */
function adapt(file: File): SqliteDatabase {
  const kept = new LRUCache<string, { reader: boolean; statement: Statement }>({ max: 500 });
  return {
    close() {
      // The library cannot finalise statements, so SQLite would not fold the log into the file at the last close.
      file.exec('pragma wal_checkpoint(truncate)');
      file.close();
    },
    prepare(sql) {
      let entry = kept.get(sql);
      if (!entry) {
        const statement = file.prepare(sql);
        entry = { statement, reader: statement.columns().length > 0 };
        kept.set(sql, entry);
      }
      const { statement, reader } = entry;
      type Values = Parameters<Statement['all']>;
      return {
        reader,
        all: (parameters) => statement.all(...(parameters as Values)) as unknown[],
        run: (parameters) => statement.run(...(parameters as Values)) as { changes: number; lastInsertRowid: number },
        iterate: (parameters) => statement.iterate(...(parameters as Values)) as IterableIterator<unknown>,
      };
    },
  };
}

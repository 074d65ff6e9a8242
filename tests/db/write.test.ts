import { copyFile } from 'node:fs/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, test } from 'vitest';
import { newId } from '#db/ids';
import { openDatabase } from '#db/open';
import { isDuplicate, isUnavailable, write } from '#db/write';
import { hashToken } from '~/domain/secret.server';
import { type TestContext, testContext } from '../support/context';
import { engines } from '../support/database';

function account(ctx: TestContext, name: string) {
  return { id: newId<'account'>(), name, password_hash: null, created_at: ctx.clock.now().toISOString() as never };
}

async function names(ctx: TestContext): Promise<string[]> {
  return (await ctx.db.selectFrom('accounts').select('name').orderBy('name').execute()).map((row) => row.name);
}

describe.each(engines)('transactions on %s', (engine) => {
  test('what throws leaves nothing behind', async () => {
    const ctx = await testContext({ engine });
    const attempt = write(ctx.db, async (trx) => {
      await trx.insertInto('accounts').values(account(ctx, 'half')).execute();
      throw new Error('halfway');
    });
    await expect(attempt).rejects.toThrow('halfway');
    expect(await names(ctx)).toEqual([]);
  });

  test('many at once count as if one after the other', async () => {
    const ctx = await testContext({ engine });
    const key = hashToken('counter');
    await ctx.db
      .insertInto('attempts')
      .values({ key, count: 0, since: ctx.clock.now().toISOString() as never })
      .execute();
    const other = openDatabase(ctx.databaseUrl);
    await Promise.all(
      Array.from({ length: 12 }, (_, number) =>
        write(number % 2 ? ctx.db : other, (trx) =>
          trx
            .updateTable('attempts')
            .set((eb) => ({ count: eb('count', '+', 1) }))
            .where('key', '=', key)
            .execute(),
        ),
      ),
    );
    await other.destroy();
    expect(await ctx.db.selectFrom('attempts').select('count').execute()).toEqual([{ count: 12 }]);
  });

  test('a row that is already there is told from other errors', async () => {
    const ctx = await testContext({ engine });
    const row = account(ctx, 'one');
    await ctx.db.insertInto('accounts').values(row).execute();
    const again = await ctx.db
      .insertInto('accounts')
      .values(row)
      .execute()
      .catch((error: unknown) => error);
    expect(isDuplicate(again)).toBe(true);
    expect(isUnavailable(again)).toBe(false);
    const bug = await ctx.db
      .selectFrom('nothing' as 'accounts')
      .selectAll()
      .execute()
      .catch((error: unknown) => error);
    expect([isDuplicate(bug), isUnavailable(bug)]).toEqual([false, false]);
  });
});

describe('a SQLite file that another process has locked', () => {
  async function locked() {
    const ctx = await testContext();
    const other = new DatabaseSync(ctx.databaseUrl.slice('file:'.length));
    other.exec('begin immediate');
    return { ctx, other };
  }

  test('is written as soon as the lock is gone', async () => {
    const { ctx, other } = await locked();
    let tries = 0;
    const writing = write(ctx.db, async (trx) => {
      tries++;
      await trx.insertInto('accounts').values(account(ctx, 'patient')).execute();
    });
    setTimeout(() => other.exec('commit'), 400);
    await writing;
    other.close();
    expect(await names(ctx)).toEqual(['patient']);
    expect(tries).toBe(1);
  });

  test('can be read meanwhile', async () => {
    const { ctx, other } = await locked();
    expect(await names(ctx)).toEqual([]);
    other.exec('rollback');
    other.close();
  });

  test('says that it is unavailable when the lock stays', async () => {
    const { ctx, other } = await locked();
    const error = await write(ctx.db, (trx) => trx.insertInto('accounts').values(account(ctx, 'late')).execute()).catch(
      (thrown: unknown) => thrown,
    );
    expect(isUnavailable(error)).toBe(true);
    other.exec('rollback');
    other.close();
    expect(await names(ctx)).toEqual([]);
  });
});

test('a PostgreSQL that is not there is unavailable', async () => {
  const db = openDatabase('postgres://nobody@127.0.0.1:1/nothing');
  const error = await write(db, (trx) => trx.selectFrom('accounts').selectAll().execute()).catch(
    (thrown: unknown) => thrown,
  );
  await db.destroy();
  expect(isUnavailable(error)).toBe(true);
});

test('a closed SQLite file is whole: nothing is left in the log beside it', async () => {
  const ctx = await testContext();
  await ctx.db.insertInto('accounts').values(account(ctx, 'kept')).execute();
  const copy = `${ctx.databaseUrl.slice('file:'.length)}.copy`;
  await ctx.db.destroy();
  await copyFile(ctx.databaseUrl.slice('file:'.length), copy);
  const db = openDatabase(`file:${copy}`);
  expect(await db.selectFrom('accounts').select('name').execute()).toEqual([{ name: 'kept' }]);
  await db.destroy();
});

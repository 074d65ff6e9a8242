import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { migrate } from '#db/migrate';
import { openDatabase } from '#db/open';
import { keepMailPrivate } from '#db/private-files';
import { lastLook } from '~/domain/last-look.server';
import { openLog } from '~/domain/log.server';
import { openTransport } from '~/domain/mail/transport.server';
import { startMailWorker } from '~/domain/mail/worker.server';
import { openApp } from '~/open.server';
import { testConfig } from '../support/config';
import { testContext } from '../support/context';
import { outboxStates, queueMails, until } from '../support/mail';

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

async function directory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'colloquy-private-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** As most machines have it: what is made can be read by everybody. */
let umask = 0;
beforeEach(() => {
  umask = process.umask(0o022);
});
afterEach(() => void process.umask(umask));

describe.skipIf(process.platform === 'win32')('files', () => {
  test('a new database, what SQLite puts beside it, and its folder are its owner’s alone', async () => {
    const folder = join(await directory(), 'made', 'data');
    const db = openDatabase(`file:${join(folder, 'colloquy.db')}`);
    await migrate(db);
    expect(readdirSync(folder).sort()).toEqual(['colloquy.db', 'colloquy.db-shm', 'colloquy.db-wal']);
    for (const name of readdirSync(folder)) expect([name, mode(join(folder, name))]).toEqual([name, '600']);
    expect(mode(folder)).toBe('700');
    await db.destroy();
  });

  test('so is a portal that was there before, while another process uses it', async () => {
    const folder = join(await directory(), 'data');
    const path = join(folder, 'colloquy.db');
    const before = openDatabase(`file:${path}`);
    await migrate(before);
    const mail = join(folder, 'mail');
    mkdirSync(mail);
    writeFileSync(join(mail, '0192.eml'), 'Subject: a link');
    writeFileSync(join(folder, 'backup.db'), '');
    const names = ['colloquy.db', 'colloquy.db-shm', 'colloquy.db-wal'];
    for (const name of names) chmodSync(join(folder, name), 0o644);
    for (const one of [folder, mail]) chmodSync(one, 0o755);

    const app = openApp(testConfig({ DATABASE_URL: `file:${path}` }), { log: openLog('silent') });
    for (const name of names) expect([name, mode(join(folder, name))]).toEqual([name, '600']);
    expect([mode(folder), mode(mail), mode(join(mail, '0192.eml'))]).toEqual(['700', '700', '600']);
    // SQLite's locks are where they were: both write, and each sees what the other wrote.
    for (const [number, db] of [before, app.db, before, app.db].entries())
      await db
        .insertInto('tallies')
        .values({ name: `x${number}`, count: 1 })
        .execute();
    for (const db of [before, app.db]) expect(await db.selectFrom('tallies').selectAll().execute()).toHaveLength(4);
    await app.db.destroy();
    await before.destroy();
  });

  test('a folder that holds other things too is left as it is', async () => {
    const folder = await directory();
    writeFileSync(join(folder, 'website.html'), '');
    chmodSync(folder, 0o755);
    const db = openDatabase(`file:${join(folder, 'colloquy.db')}`);
    expect([mode(folder), mode(join(folder, 'colloquy.db'))]).toEqual(['755', '600']);
    await db.destroy();
    mkdirSync(join(folder, 'mail'));
    writeFileSync(join(folder, 'mail', 'somebody'), 'their mailbox');
    chmodSync(join(folder, 'mail'), 0o755);
    keepMailPrivate(join(folder, 'mail'));
    expect([mode(join(folder, 'mail')), mode(join(folder, 'mail', 'somebody'))]).toEqual(['755', '644']);
  });

  test('mail that is captured is its owner’s alone', async () => {
    const ctx = await testContext();
    const folder = join(await directory(), 'data', 'mail');
    const transport = openTransport(ctx.config, { db: ctx.db, clock: ctx.clock, captureDir: folder });
    const worker = startMailWorker(ctx, transport, lastLook);
    await queueMails(ctx, ['one@there.example']);
    worker.wake();
    await until(async () => (await outboxStates(ctx)).sent === 1);
    await worker.stop();
    expect(mode(folder)).toBe('700');
    expect(readdirSync(folder).map((name) => mode(join(folder, name)))).toEqual(['600']);
  });
});

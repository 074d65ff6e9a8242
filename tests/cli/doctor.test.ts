import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrations } from '#db/migrations/index';
import { openDatabase } from '#db/open';
import { engines, openTestDatabase } from '../support/database';
import { openOldPortal } from '../support/old-portal';
import { openSmtpSink } from '../support/smtp-sink';
import { colloquy, tempDir } from './support';

const doctor = (env: Record<string, string>) => colloquy(env, ['doctor']);
const lines = (stdout: string, word: string) => stdout.split('\n').filter((line) => line.startsWith(word));
const askedFor = (names: string[]) => `fail  database  ${names.length} migrations have not run: ${names.join(', ')}`;

describe.each(engines)('the doctor on %s', (engine) => {
  it('finds nothing wrong with a portal that works, and leaves no trace', async () => {
    const { url, db, close } = await openTestDatabase(engine);
    const sink = await openSmtpSink();
    const { exitCode, stdout } = await doctor({ DATABASE_URL: url, SMTP_URL: sink.url });
    expect(exitCode, stdout).toBe(0);
    expect(lines(stdout, 'fail')).toEqual([]);
    for (const name of ['config', 'database', 'smtp', 'clock', 'zones'])
      expect(stdout).toMatch(new RegExp(`^ok +${name}`, 'm'));
    expect(stdout).toContain('can be written');
    expect(await db.selectFrom('attempts').selectAll().execute()).toEqual([]);
    expect(sink.mails).toEqual([]);
    await close();
  });
});

describe('the doctor', () => {
  it('does not make the database that it misses', async () => {
    const path = join(await tempDir(), 'none', 'colloquy.db');
    const { exitCode, stdout } = await doctor({ DATABASE_URL: `file:${path}` });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^warn +database .*not there yet\n +→ npm start/m);
    expect(existsSync(path)).toBe(false);
  });

  it('asks for migrations', async () => {
    const url = `file:${join(await tempDir(), 'colloquy.db')}`;
    await openDatabase(url).destroy();
    const { close, url: used } = await openTestDatabase('sqlite');
    const { exitCode, stdout } = await doctor({ DATABASE_URL: used });
    expect(exitCode).toBe(0);
    expect(lines(stdout, 'fail')).toEqual([]);
    await close();
    const path = url.slice('file:'.length);
    if (!existsSync(path)) await writeFile(path, '');
    const empty = await doctor({ DATABASE_URL: url });
    expect(empty.exitCode).toBe(1);
    const all = Object.keys(migrations);
    expect(all.slice(0, 2)).toEqual(['0001-portal', '0002-relay']);
    expect(lines(empty.stdout, 'fail')).toEqual([askedFor(all)]);
    expect(empty.stdout).toContain(`${askedFor(all)}\n${' '.repeat(16)}→ npm run colloquy -- migrate\n`);
  });

  it.each(engines)('asks for those alone that an older portal misses, on %s', async (engine) => {
    const { url } = await openOldPortal(engine, '0006-disclosure');
    const { exitCode, stdout } = await doctor({ DATABASE_URL: url });
    expect(exitCode).toBe(1);
    expect(lines(stdout, 'fail')).toEqual([askedFor(Object.keys(migrations).slice(6))]);
    expect(stdout).toContain('0007-authors');
  });

  it('says what is wrong and what to do, and never a password', async () => {
    const notADatabase = join(await tempDir(), 'colloquy.db');
    await writeFile(
      notADatabase,
      'this is text, and long enough to be looked at as a header of a database file. '.repeat(20),
    );
    const file = await doctor({ DATABASE_URL: `file:${notADatabase}` });
    expect(file).toMatchObject({ exitCode: 1 });
    expect(file.stdout).toMatch(/^fail +database .*\n +→ That file is no SQLite database/m);
    const away = await doctor({
      DATABASE_URL: 'postgres://user:hush@127.0.0.1:1/db',
      SMTP_URL: 'smtp://user:hush@127.0.0.1:1',
    });
    expect(away.exitCode).toBe(1);
    expect(away.stdout).toMatch(/^fail +database +127\.0\.0\.1:1\/db: .*\n +→ No server listens/m);
    expect(away.stdout).toMatch(/^fail +smtp +127\.0\.0\.1:1: connection\n +→ Nobody answers/m);
    expect(away.stdout).not.toContain('hush');
  });

  it('says which setting is wrong', async () => {
    const { exitCode, stdout } = await doctor({ PORT: 'x' });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^fail +config +PORT must be a number\n/);
  });

  it('warns of a production without TLS', async () => {
    const { stdout } = await doctor({
      NODE_ENV: 'production',
      ORIGIN: 'http://portal.example',
      SECRET_KEY: 'a secret of the tests that nobody else knows',
      SMTP_URL: 'smtp://127.0.0.1:1',
      DATABASE_URL: `file:${join(await tempDir(), 'colloquy.db')}`,
    });
    expect(stdout).toMatch(/^warn +config +ORIGIN is not https/m);
  });
});

import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
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
    for (const name of ['config', 'database', 'smtp', 'inbound', 'clock', 'zones'])
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

  it('looks whether mail goes by TLS', async () => {
    const [plain, own] = [await openSmtpSink(), await openSmtpSink({ tls: true })];
    const on = async (SMTP_URL: string) => {
      const { exitCode, stdout } = await doctor({
        SMTP_URL,
        DATABASE_URL: `file:${join(await tempDir(), 'colloquy.db')}`,
      });
      return [exitCode, /^\w+ +smtp .*\n(?: +→.*)?/m.exec(stdout)?.[0] ?? ''] as const;
    };
    expect(await on(plain.url)).toEqual([0, expect.stringMatching(/^ok .*answers on this machine/)]);
    expect(await on(`${plain.url}?tls=required`)).toEqual([
      1,
      expect.stringMatching(/^fail .*: tls\n.*TLS does not come/),
    ]);
    expect(await on(`${own.url}?tls=required`)).toEqual([1, expect.stringMatching(/^fail .*: tls\n.*certificate/)]);
    expect(await on(`${own.url}?tls=unverified`)).toEqual([
      0,
      expect.stringMatching(/^warn .*not checked\n.*pass for/),
    ]);
    expect(await on(`${own.url}?tls=off`)).toEqual([
      0,
      expect.stringMatching(/^warn .*without TLS\n.*reads every mail/),
    ]);
  });

  it.skipIf(process.platform === 'win32')('looks whether others can read what they must not', async () => {
    const dir = await tempDir();
    const env = {
      DATABASE_URL: `file:${join(dir, 'colloquy.db')}`,
      INBOUND_LISTEN: 'lmtp://127.0.0.1:2525',
      INBOUND_TLS_CERT: join(dir, 'cert.pem'),
      INBOUND_TLS_KEY: join(dir, 'key.pem'),
    };
    await openDatabase(env.DATABASE_URL).destroy();
    await chmod(dir, 0o700);
    expect((await doctor(env)).stdout).toMatch(/^ok +files +can be read by their owner alone$/m);
    await writeFile(env.INBOUND_TLS_KEY, 'a key');
    await chmod(env.INBOUND_TLS_KEY, 0o644);
    // With other things in it the folder is not the portal's to change.
    await chmod(dir, 0o755);
    const { exitCode, stdout } = await doctor(env);
    expect(lines(stdout, 'warn').join('\n')).toMatch(
      /files +\S+key\.pem can be read by others\n.*files +others can look into/,
    );
    expect(stdout).toContain(`→ chmod go= ${env.INBOUND_TLS_KEY}`);
    // That is no key.
    expect([exitCode, lines(stdout, 'fail').join()]).toEqual([
      1,
      expect.stringMatching(/inbound +INBOUND_TLS_CERT and/),
    ]);
  });

  it('looks how answers by mail come in', async () => {
    const DATABASE_URL = `file:${join(await tempDir(), 'colloquy.db')}`;
    expect((await doctor({ DATABASE_URL })).stdout).toMatch(/^ok +inbound +no answers by mail/m);
    const { exitCode, stdout } = await doctor({
      DATABASE_URL,
      INBOUND_LISTEN: 'smtp://0.0.0.0:2525',
      INBOUND_SECRET: 'x'.repeat(32),
      INBOUND_AUTHSERV_ID: 'mx.front.example',
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ok +inbound +smtp:\/\/0\.0\.0\.0:2525 and POST \/api\/inbound; DMARC is looked up by mx/m);
    expect(stdout).toMatch(/^warn +inbound +ROLES has no inbound/m);
    expect(stdout).toMatch(/^warn +inbound +INBOUND_AUTHSERV_ID is believed of whoever/m);
  });

  it('says that a portal for everybody must be in production', async () => {
    const { exitCode, stdout } = await doctor({ NODE_ENV: 'development', ORIGIN: 'https://colloquy.portal.com' });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^fail +config +ORIGIN can be reached by everybody, .*NODE_ENV=production\n/);
  });
});

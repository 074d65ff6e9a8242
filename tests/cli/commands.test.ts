import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '#db/open';
import { testContext } from '../support/context';
import { engines, openTestDatabase } from '../support/database';
import { letters } from '../support/inbox';
import { makePerson } from '../support/world';
import { colloquy, tempDir } from './support';

describe.each(engines)('the command line on %s', (engine) => {
  it('makes and lists conferences', async () => {
    const { url, close } = await openTestDatabase(engine);
    const env = { DATABASE_URL: url, ORIGIN: 'https://portal.example' };
    expect((await colloquy(env, ['conference', 'list'])).stdout).toMatch(/no conference yet/);
    const made = [
      '--slug',
      'cas',
      '--name',
      'Studies',
      '--time-zone',
      'Asia/Almaty',
      '--ref-prefix',
      'T',
      '--starts',
      '2027-06-02',
      '--ends',
      '2027-06-05',
      '--opens',
      '2027-01-10T09:00',
      '--closes',
      '2027-02-01T23:59',
    ];
    expect(await colloquy(env, ['conference', 'create', ...made])).toEqual({
      exitCode: 0,
      stdout: 'Made Studies: https://portal.example/cas\n',
      stderr: '',
    });
    expect(await colloquy(env, ['conference', 'create', ...made])).toMatchObject({
      exitCode: 1,
      stderr: 'There is a conference cas already.\n',
    });
    expect((await colloquy(env, ['conference', 'list'])).stdout).toMatch(
      /^cas {2}Studies; 2.*5 June 2027; submissions from 10 January 2027 at 09:00 GMT\+5 until 1 February 2027 at 23:59 GMT\+5\n$/,
    );
    const db = openDatabase(url);
    expect(await db.selectFrom('conferences').select(['opens_at', 'closes_at', 'ref_prefix']).execute()).toEqual([
      { opens_at: '2027-01-10T04:00:00.000Z', closes_at: '2027-02-01T18:59:00.000Z', ref_prefix: 'T' },
    ]);
    await db.destroy();
    await close();
  });

  it('invites through the outbox and repeats no address', async () => {
    const { url, close } = await openTestDatabase(engine);
    const env = { DATABASE_URL: url };
    await colloquy(env, ['conference', 'create', '--slug', 'conf', '--name', 'Conf']);
    const invite = [
      'account',
      'create',
      '--email',
      'Rita@Example.org',
      '--role',
      'reviewer',
      '--conference',
      'conf',
      '--name',
      'Rita',
    ];
    const first = await colloquy(env, invite);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).not.toMatch(/rita@/i);
    const second = await colloquy(env, invite);
    expect(second).toMatchObject({ exitCode: 0, stderr: '' });
    expect(second.stdout).toContain('They have been sent a mail about it today already.');
    expect(second.stdout).not.toMatch(/rita@/i);
    const db = openDatabase(url);
    expect(await db.selectFrom('accounts').select('name').execute()).toEqual([{ name: 'Rita' }]);
    expect(await db.selectFrom('memberships').select('role').execute()).toEqual([{ role: 'reviewer' }]);
    expect(await db.selectFrom('outbox').select(['kind', 'state']).execute()).toEqual([
      { kind: 'invitation', state: 'queued' },
    ]);
    await db.destroy();
    await close();
  });
});

describe.each(engines)('account recover on %s', (engine) => {
  it('lets in again who has lost every passkey, and says the same of everybody', async () => {
    const ctx = await testContext({ engine });
    const person = await makePerson(ctx, 'Dilnoza Example');
    const at = ctx.clock.now().toISOString() as never;
    const account = { account_id: person.accountId, created_at: at };
    await ctx.db
      .insertInto('passkeys')
      .values({
        ...account,
        id: 'p' as never,
        credential_id: 'c',
        public_key: 'k',
        counter: 0,
        transports: '[]' as never,
        name: 'Lost',
        used_at: null,
      })
      .execute();
    await ctx.db
      .insertInto('sessions')
      .values({ ...account, id: 's', expires_at: at })
      .execute();
    await ctx.db.updateTable('accounts').set({ asks_passkey: 1 }).execute();
    const recover = (email: string) =>
      colloquy({ DATABASE_URL: ctx.databaseUrl }, ['account', 'recover', '--email', email]);
    const known = await recover(person.address.toUpperCase());
    expect(known).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringMatching(/^If somebody signs in/) });
    expect(await recover('nobody@people.example')).toEqual(known);
    expect(await recover('no address')).toMatchObject({ exitCode: 1, stderr: '--email takes one plain address\n' });
    expect(await ctx.db.selectFrom('passkeys').select('id').execute()).toEqual([]);
    expect(await ctx.db.selectFrom('sessions').select('id').execute()).toEqual([]);
    expect(await ctx.db.selectFrom('accounts').select('asks_passkey').execute()).toEqual([{ asks_passkey: 0 }]);
    expect((await letters(ctx, person.address)).map(({ kind }) => kind)).toEqual(['account-changed']);
  });
});

describe('the command line', () => {
  it('makes a new database ready by itself', async () => {
    const env = { DATABASE_URL: `file:${join(await tempDir(), 'new', 'colloquy.db')}` };
    expect((await colloquy(env, ['conference', 'create', '--slug', 'conf', '--name', 'Conf'])).exitCode).toBe(0);
    expect(await colloquy(env, ['migrate'])).toEqual({
      exitCode: 0,
      stdout: 'The database is up to date.\n',
      stderr: '',
    });
  });

  it('migrates', async () => {
    const env = { DATABASE_URL: `file:${join(await tempDir(), 'colloquy.db')}` };
    expect((await colloquy(env, ['migrate'])).stdout).toMatch(/^Ran 0001-portal/);
  });

  it('says which option is wrong', async () => {
    const env = { DATABASE_URL: `file:${join(await tempDir(), 'colloquy.db')}` };
    const create = (...args: string[]) => colloquy(env, ['conference', 'create', ...args]);
    const { exitCode, stderr } = await create(
      '--slug',
      'A b',
      '--name',
      '',
      '--time-zone',
      'Nowhere/Here',
      '--ref-prefix',
      't',
      '--closes',
      'soon',
      '--starts',
      '2027-13-01',
    );
    expect(exitCode).toBe(1);
    for (const option of ['slug', 'name', 'time-zone', 'ref-prefix', 'closes', 'starts'])
      expect(stderr).toContain(`--${option} takes`);
    expect(
      (await create('--slug', 'a', '--name', 'A', '--starts', '2027-01-02', '--ends', '2027-01-01')).stderr,
    ).toMatch(/^--ends takes/);
    expect(await create('--slug', 'api', '--name', 'A')).toMatchObject({ exitCode: 1 });
    expect(await create('--slug', 'a')).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/--name/) });
    await create('--slug', 'a', '--name', 'A');
    const account = await colloquy(env, [
      'account',
      'create',
      '--email',
      'no one@x',
      '--role',
      'king',
      '--name',
      'x@y.example',
      '--conference',
      'a',
    ]);
    expect(account.stderr.match(/^--(email|role|name) takes/gm)).toHaveLength(3);
    expect(account.stderr).not.toContain('x@y.example');
    const nowhere = await colloquy(env, [
      'account',
      'create',
      '--email',
      'a@b.example',
      '--role',
      'author',
      '--conference',
      'b',
    ]);
    expect(nowhere).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^There is no such conference/) });
  });

  it('names a bad setting in one line', async () => {
    expect(await colloquy({ DATABASE_URL: 'mysql://x' }, ['conference', 'list'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'Configuration: DATABASE_URL must be file:PATH or postgres://…\n',
    });
    const production = await colloquy({ NODE_ENV: 'production' }, ['migrate']);
    expect(production.stderr).toBe('Configuration: In production ORIGIN, SECRET_KEY, SMTP_URL must be set\n');
  });

  it('says that the database is away, without its password', async () => {
    const { exitCode, stderr } = await colloquy({ DATABASE_URL: 'postgres://u:hush@127.0.0.1:1/db' }, [
      'conference',
      'list',
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^The database cannot be used just now.*\n$/);
  });

  it('helps', async () => {
    const help = await colloquy({}, ['--help']);
    expect(help.exitCode).toBe(0);
    for (const command of ['conference', 'import', 'account', 'migrate', 'doctor'])
      expect(help.stdout).toContain(command);
    expect((await colloquy({}, ['dance'])).exitCode).toBe(1);
  });
});

import { describe, expect, test } from 'vitest';
import { signInByPassword } from '~/domain/account/commands.server';
import { LIMITS } from '~/domain/account/limits.server';
import { changePassword, removePassword } from '~/domain/account/security/change-password.server';
import { deviceMark, KNOWN_TTL, knownDevice } from '~/domain/account/security/known-device.server';
import { contextWords, weaknessOf } from '~/domain/account/security/password-strength.server';
import { type CurrentSession, PROOF_TTL } from '~/domain/account/security/sessions.server';
import { DAY } from '~/domain/clock';
import { type TestContext, testContext } from '../../support/context';
import { engines } from '../../support/database';
import { letters } from '../../support/inbox';
import { makeConference, makePerson } from '../../support/world';

const OLD = 'four words nobody guesses';
const NEW = 'quilt anchors seldom whistle';

function session(ctx: TestContext, provenAgo: number | null): { session: CurrentSession } {
  const at = provenAgo === null ? null : new Date(ctx.clock.now().getTime() - provenAgo).toISOString();
  return { session: { id: 'this one', provenAt: at as CurrentSession['provenAt'] } };
}

async function addSession(ctx: TestContext, accountId: never, id: string) {
  const at = ctx.clock.now().toISOString() as never;
  await ctx.db.insertInto('sessions').values({ id, account_id: accountId, expires_at: at, created_at: at }).execute();
}

describe('a password', () => {
  const context = [
    'Dilnoza Example',
    'dilnoza.e@readers.example',
    'portal.example',
    'Central Asian Studies 2027',
    'cas-2027',
  ];

  test.each([
    ['password12', 'common'],
    ['1234567890', 'common'],
    ['qwertyuiop', 'common'],
    ['P@ssw0rd1234', 'common'],
    ['iloveyou1234', 'common'],
    ['aaaaaaaaaaaaaaaa', 'common'],
    ['letmeinletmein', 'common'],
    ['Summer2027!', 'common'],
    ['1q2w3e4r5t6y', 'common'],
    ['ybrjkfq1970', 'common'],
    ['20271231 20271231', 'common'],
    ['Dilnoza2027', 'context'],
    ['dilnoza example', 'context'],
    ['d1ln0z4 2027!', 'context'],
    ['colloquy colloquy', 'context'],
    ['Colloquy-2027', 'context'],
    ['conference1', 'context'],
    ['portal.example', 'context'],
    ['readersreaders', 'context'],
    ['centralasian2027', 'context'],
    ['cas-2027 cas-2027', 'context'],
    ['пароль123456', 'common'],
  ])('%j is %s', async (password, weakness) => {
    expect(await weaknessOf(password, context)).toBe(weakness);
  });

  test.each([
    OLD,
    NEW,
    'correct horse battery',
    'Xk9#mQ2$vL7p',
    'трава у дома сорок семь',
    '我喜欢在雨天读旧书和写信',
    'dilnoza keeps seven quiet goats',
    'xxxVz8!ruQp-0wLtn',
    'a b c d e f g h i j zebra umbrella kettle',
  ])('%j is fine', async (password) => {
    expect(await weaknessOf(password, context)).toBe(null);
  });

  test('whatever it is, is looked over in time', async () => {
    await weaknessOf('loads the lists', context);
    const hostile = [
      '4@8({[<6933!|1!1|0$5+7%2'.repeat(9),
      'p@$$w0rd'.repeat(25),
      '1'.repeat(200),
      '20271212'.repeat(25),
      '\\/\\/vv|\\||\\/|'.repeat(15),
      'iiii1111||||!!!!'.repeat(12),
      '\u0301'.repeat(200),
      '😀'.repeat(100),
      ' . '.repeat(66),
      'password'.repeat(25),
      'a-b-c-'.repeat(33),
    ];
    const words = Array.from({ length: 150 }, (_, index) => `${index} Conference of Studies in ${'Naming '.repeat(5)}`);
    for (const password of hostile) {
      const began = performance.now();
      await weaknessOf(password.slice(0, 200), [...context, ...words]);
      expect([password.slice(0, 20), performance.now() - began < 1_500]).toEqual([password.slice(0, 20), true]);
    }
  });

  test('is held against name, addresses, conferences and the portal', async () => {
    const ctx = await testContext({ env: { ORIGIN: 'https://portal.example' } });
    const conference = await makeConference(ctx);
    const person = await makePerson(ctx, 'Dilnoza Example', { roles: [[conference, 'reviewer']] });
    expect((await contextWords(ctx.db, ctx.config, await person.viewer())).sort()).toEqual(
      ['Central Asia 2027', 'Dilnoza Example', 'cas-2027', person.address, 'portal.example'].sort(),
    );
  });
});

describe.each(engines)('changing a password on %s', (engine) => {
  async function setUp(password: string | undefined = OLD) {
    const ctx = await testContext({ engine, env: { ORIGIN: 'https://portal.example' } });
    const owner = await makePerson(ctx, 'Owner Person', password ? { password } : {});
    const other = await makePerson(ctx, 'Other Person');
    for (const id of ['this one', 'a second', 'a third']) await addSession(ctx, owner.accountId as never, id);
    await addSession(ctx, other.accountId as never, 'somebody else’s');
    const opens = async (typed: string) =>
      (await signInByPassword(ctx, { address: owner.address, password: typed, network: `${Math.random()}` })).ok;
    const sessions = async () =>
      (await ctx.db.selectFrom('sessions').select('id').execute()).map(({ id }) => id).sort();
    return { ctx, owner, opens, sessions };
  }

  test('takes the one of now, ends every other session and tells its owner', async () => {
    const { ctx, owner, opens, sessions } = await setUp();
    const viewer = await owner.viewer();
    const word = { ...session(ctx, null), password: OLD };
    expect(await changePassword(ctx, viewer, word, NEW)).toEqual({ ok: true });
    expect([await opens(OLD), await opens(NEW)]).toEqual([false, true]);
    expect(await sessions()).toEqual(['somebody else’s', 'this one']);
    const [told] = await letters(ctx, owner.address);
    expect(told).toMatchObject({ kind: 'account-changed', subject: 'Your password at portal.example was set' });
    expect(told!.text).not.toContain(NEW);
  });

  test('removing it does so too', async () => {
    const { ctx, owner, opens, sessions } = await setUp();
    const word = { ...session(ctx, null), password: OLD };
    expect(await removePassword(ctx, await owner.viewer(), word)).toEqual({ ok: true });
    expect(await opens(OLD)).toBe(false);
    expect(await sessions()).toEqual(['somebody else’s', 'this one']);
    expect((await letters(ctx, owner.address)).map(({ subject }) => subject)).toEqual([
      'Your password at portal.example was removed',
    ]);
  });

  test.each([
    ['with none', undefined],
    ['with a wrong one', 'not the right one'],
  ])('is refused %s, also where there is none yet', async (_, typed) => {
    for (const password of [OLD, '']) {
      const { ctx, owner, opens, sessions } = await setUp(password);
      const viewer = await owner.viewer();
      const word = { ...session(ctx, PROOF_TTL + 1), password: typed };
      const refused = { ok: false, reason: typed ? 'wrong' : 'unproven' };
      expect(await changePassword(ctx, viewer, word, NEW)).toEqual(refused);
      expect(await removePassword(ctx, viewer, word)).toEqual(refused);
      expect(await opens(NEW)).toBe(false);
      expect(await sessions()).toHaveLength(4);
      expect(await letters(ctx, owner.address)).toEqual([]);
    }
  });

  test('takes a link that was used within ten minutes in its place', async () => {
    const { ctx, owner, opens } = await setUp('');
    const viewer = await owner.viewer();
    expect(await changePassword(ctx, viewer, session(ctx, PROOF_TTL), NEW)).toEqual({ ok: true });
    expect(await opens(NEW)).toBe(true);
    ctx.clock.advance(1);
    expect(await removePassword(ctx, viewer, session(ctx, PROOF_TTL + 1))).toEqual({ ok: false, reason: 'unproven' });
  });

  test('a weak one is refused, and nothing is changed', async () => {
    const { ctx, owner, opens, sessions } = await setUp();
    const word = { ...session(ctx, null), password: OLD };
    expect(await changePassword(ctx, await owner.viewer(), word, 'ownerperson1')).toEqual({
      ok: false,
      reason: 'weak',
      weakness: 'context',
    });
    expect(await opens(OLD)).toBe(true);
    expect(await sessions()).toHaveLength(4);
  });

  test('new ones are looked at thirty times an hour', async () => {
    const { ctx, owner } = await setUp();
    const viewer = await owner.viewer();
    for (let tried = 0; tried < LIMITS.passwordChange.most; tried++)
      expect(await changePassword(ctx, viewer, session(ctx, 0), 'password12')).toMatchObject({ reason: 'weak' });
    expect(await changePassword(ctx, viewer, session(ctx, 0), NEW)).toMatchObject({ reason: 'limit' });
    ctx.clock.advance(LIMITS.passwordChange.window + 1);
    expect(await changePassword(ctx, viewer, session(ctx, 0), NEW)).toEqual({ ok: true });
  });

  test('whoever sits before an open session guesses ten times', async () => {
    const { ctx, owner } = await setUp();
    const viewer = await owner.viewer();
    const guess = (password: string) => removePassword(ctx, viewer, { ...session(ctx, null), password });
    for (let tried = 0; tried < LIMITS.passwordAgain.most; tried++)
      expect(await guess(`guess ${tried}`)).toMatchObject({ reason: 'wrong' });
    expect(await guess(OLD)).toMatchObject({ reason: 'limit' });
    // A link still does.
    expect(await removePassword(ctx, viewer, session(ctx, 0))).toEqual({ ok: true });
  });
});

describe.each(engines)('nobody locks an owner out, on %s', (engine) => {
  async function setUp() {
    const ctx = await testContext({ engine });
    const owner = await makePerson(ctx, 'Owner Person', { password: OLD });
    const attempt = (password: string, network: string, devices: string[] = []) =>
      signInByPassword(ctx, { address: owner.address, password, network, devices });
    return { ctx, owner, attempt };
  }

  test('wrong passwords from one network shut that network out and no other', async () => {
    const { attempt } = await setUp();
    for (let tried = 0; tried < LIMITS.password.most; tried++)
      expect(await attempt('wrong', 'attacker')).toMatchObject({ reason: 'wrong' });
    expect(await attempt(OLD, 'attacker')).toMatchObject({ reason: 'limit' });
    expect(await attempt(OLD, 'home')).toMatchObject({ ok: true });
  });

  test('from many networks they shut out every browser but those that have signed in before', async () => {
    const { ctx, owner, attempt } = await setUp();
    const known = deviceMark(ctx, owner.accountId);
    for (let tried = 0; tried < LIMITS.passwordAnywhere.most; tried++) await attempt('wrong', `net ${tried}`);
    expect(await attempt(OLD, 'home')).toMatchObject({ reason: 'limit' });
    expect(await attempt(OLD, 'home', [known])).toMatchObject({ ok: true });
    // Also in the very network that is shut out.
    for (let tried = 0; tried < LIMITS.passwordFrom.most; tried++) await attempt('wrong', 'congress');
    expect(await attempt(OLD, 'congress', [known])).toMatchObject({ ok: true });
    ctx.clock.advance(LIMITS.passwordAnywhere.window + 1);
    expect(await attempt(OLD, 'home')).toMatchObject({ ok: true });
  });

  test('a known browser has a count of its own, and a right password sets it back', async () => {
    const { ctx, owner, attempt } = await setUp();
    const mine = deviceMark(ctx, owner.accountId);
    const second = deviceMark(ctx, owner.accountId);
    for (let round = 0; round < 2; round++) {
      for (let tried = 1; tried < LIMITS.passwordKnown.most; tried++)
        expect(await attempt('wrong', 'home', [mine])).toMatchObject({ reason: 'wrong' });
      expect(await attempt(OLD, 'home', [mine])).toMatchObject({ ok: true });
    }
    for (let tried = 0; tried < LIMITS.passwordKnown.most; tried++) await attempt('wrong', 'home', [mine]);
    expect(await attempt(OLD, 'home', [mine])).toMatchObject({ reason: 'limit' });
    expect(await attempt(OLD, 'home', [second])).toMatchObject({ ok: true });
  });

  test('a mark of another account, or one that was made up, is none', async () => {
    const { ctx, owner, attempt } = await setUp();
    const other = await makePerson(ctx, 'Other Person');
    const good = deviceMark(ctx, owner.accountId);
    const [day, random, signature] = good.split('.');
    const marks = [
      deviceMark(ctx, other.accountId),
      `${day}.${random}.${'A'.repeat(22)}`,
      `zzz.${random}.${signature}`,
      `${day}.${'B'.repeat(22)}.${signature}`,
      '..',
      '',
      'x'.repeat(5_000),
    ];
    expect(knownDevice(ctx, owner.accountId, marks)).toBe(null);
    expect(knownDevice(ctx, owner.accountId, [...marks, good])).toBe(good);
    expect(good).not.toContain(owner.accountId);
    for (let tried = 0; tried < LIMITS.password.most; tried++) await attempt('wrong', 'attacker', marks);
    expect(await attempt(OLD, 'attacker', marks)).toMatchObject({ reason: 'limit' });
    ctx.clock.advance(KNOWN_TTL + 2 * DAY);
    expect(knownDevice(ctx, owner.accountId, [good])).toBe(null);
  });
});

import { describe, expect, test } from 'vitest';
import { newId } from '#db/ids';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import {
  claimMailbox,
  grantRole,
  invite,
  pendingSignIn,
  requestSignIn,
  revokeRole,
  setPassword,
  signInByLink,
  signInByPassword,
} from '~/domain/account/commands.server';
import { countAttempt, LIMITS } from '~/domain/account/limits.server';
import { createLink, LINK_LIFE, liveLink, spendLink } from '~/domain/account/links.server';
import { mailboxIdsOf } from '~/domain/account/mailbox-owners.server';
import { mailboxFor, ownMailboxes } from '~/domain/account/mailboxes.server';
import { viewerOf } from '~/domain/account/queries.server';
import { HOUR, MINUTE } from '~/domain/clock';
import { type TestContext, testContext } from '../../support/context';
import { engines } from '../../support/database';
import { outboxRows, queueMails } from '../../support/mail';

const ADDRESS = 'reader@there.example';

async function ask(ctx: TestContext, address = ADDRESS, network = '192.0.2.1') {
  return requestSignIn(ctx, { address, next: '/cas-2027', network });
}

/** The token of the newest link, as the reader of the mail has it. */
async function tokenOf(ctx: TestContext): Promise<string> {
  const rows = await outboxRows(ctx);
  return /\/sign-in\/link\/([\w-]+)/.exec(rows.at(-1)!.text)![1]!;
}

async function signIn(ctx: TestContext, address = ADDRESS, name: string | null = 'Dilnoza'): Promise<Id<'account'>> {
  await ask(ctx, address);
  const signedIn = await signInByLink(ctx, await tokenOf(ctx), name);
  if (!signedIn.ok) throw new Error(signedIn.reason);
  return signedIn.accountId;
}

/** Opens connections beforehand, so that what follows really runs at once. */
async function warm(ctx: TestContext): Promise<void> {
  await Promise.all(
    Array.from({ length: 5 }, () => write(ctx.db, (trx) => trx.selectFrom('accounts').select('id').execute())),
  );
}

async function conference(ctx: TestContext): Promise<{ id: Id<'conference'>; slug: string; name: string }> {
  const row = {
    id: newId<'conference'>(),
    number: 1,
    slug: 'cas-2027',
    name: 'Central Asia 2027',
    time_zone: 'Asia/Almaty',
    ref_prefix: 'T',
  };
  const rest = {
    starts_on: null,
    ends_on: null,
    opens_at: null,
    closes_at: null,
    created_at: ctx.clock.now().toISOString() as never,
  };
  await ctx.db
    .insertInto('conferences')
    .values({ ...row, ...rest })
    .execute();
  return row;
}

describe.each(engines)('signing in by mail on %s', (engine) => {
  test('a first visit makes the account, names it and verifies the mailbox', async () => {
    const ctx = await testContext({ engine });
    expect(await ask(ctx)).toEqual({ ok: true });
    expect(ctx.wakes).toBe(1);
    const token = await tokenOf(ctx);
    expect(await pendingSignIn(ctx, token)).toEqual({ needsName: true, name: '', next: '/cas-2027' });
    expect(await signInByLink(ctx, token, null)).toEqual({ ok: false, reason: 'name' });
    const signedIn = await signInByLink(ctx, token, 'Dilnoza Example');
    expect(signedIn).toMatchObject({ ok: true, next: '/cas-2027' });
    const accountId = (signedIn as { accountId: Id<'account'> }).accountId;
    expect(await viewerOf(ctx.db, accountId, 'Dilnoza Example')).toMatchObject({
      mailboxIds: [expect.any(String)],
      roles: [],
    });
    expect((await ownMailboxes(ctx.db, accountId)).map((mailbox) => [mailbox.reveal(), mailbox.verified])).toEqual([
      [ADDRESS, true],
    ]);
  });

  test('a second visit, in other letters, finds the same account and asks no name', async () => {
    const ctx = await testContext({ engine });
    const accountId = await signIn(ctx);
    await ask(ctx, 'READER@there.example');
    const token = await tokenOf(ctx);
    expect(await pendingSignIn(ctx, token)).toMatchObject({ needsName: false });
    expect(await signInByLink(ctx, token, null)).toMatchObject({ ok: true, accountId });
  });

  test('known or unknown, the answer and the mail are alike', async () => {
    const ctx = await testContext({ engine });
    await signIn(ctx);
    const known = await ask(ctx);
    const unknown = await ask(ctx, 'stranger@there.example');
    expect(unknown).toEqual(known);
    const blank = (text: string) => text.replace(/link\/[\w-]+/g, 'link/…');
    const [a, b] = (await outboxRows(ctx)).slice(-2);
    expect([b!.subject, blank(b!.text), blank(b!.html), b!.state]).toEqual([
      a!.subject,
      blank(a!.text),
      blank(a!.html),
      a!.state,
    ]);
  });

  test('a link works once', async () => {
    const ctx = await testContext({ engine });
    await ask(ctx);
    const token = await tokenOf(ctx);
    // To look at it uses nothing up: mail scanners do.
    for (let looks = 0; looks < 3; looks++) expect(await pendingSignIn(ctx, token)).not.toBeNull();
    expect(await signInByLink(ctx, token, 'Dilnoza')).toMatchObject({ ok: true });
    expect(await pendingSignIn(ctx, token)).toBeNull();
    expect(await signInByLink(ctx, token, 'Dilnoza')).toEqual({ ok: false, reason: 'dead' });
  });

  test('of two at once one signs in, and there is one account', async () => {
    const ctx = await testContext({ engine });
    await warm(ctx);
    await ask(ctx);
    const token = await tokenOf(ctx);
    const both = await Promise.all([signInByLink(ctx, token, 'Dilnoza'), signInByLink(ctx, token, 'Dilnoza')]);
    expect(both.map((one) => one.ok).sort()).toEqual([false, true]);
    const winner = both.find((one) => one.ok) as { accountId: Id<'account'> };
    expect(await ctx.db.selectFrom('accounts').select('id').execute()).toEqual([{ id: winner.accountId }]);
    expect(await mailboxIdsOf(ctx.db, winner.accountId)).toHaveLength(1);
  });

  test('two links of one person followed at once lead to one account', async () => {
    const ctx = await testContext({ engine });
    await warm(ctx);
    for (let round = 0; round < 5; round++) {
      const tokens: string[] = [];
      for (let asked = 0; asked < 3; asked++) {
        await ask(ctx, `reader${round}@there.example`);
        tokens.push(await tokenOf(ctx));
      }
      const all = await Promise.all(tokens.map((token) => signInByLink(ctx, token, 'Dilnoza')));
      expect(all.every((one) => one.ok)).toBe(true);
      expect(new Set(all.map((one) => (one as { accountId: string }).accountId)).size).toBe(1);
    }
  });

  test('a link dies of age', async () => {
    const ctx = await testContext({ engine });
    await ask(ctx);
    const token = await tokenOf(ctx);
    ctx.clock.advance(LINK_LIFE - 1);
    expect(await pendingSignIn(ctx, token)).not.toBeNull();
    ctx.clock.advance(1);
    expect(await pendingSignIn(ctx, token)).toBeNull();
    expect(await signInByLink(ctx, token, 'Dilnoza')).toEqual({ ok: false, reason: 'dead' });
  });

  test('a link is good for its purpose only, and its token is not stored', async () => {
    const ctx = await testContext({ engine });
    const mailboxId = await mailboxFor(ctx.db, ctx.clock, ADDRESS);
    const { id, token } = await write(ctx.db, (trx) =>
      createLink(trx, ctx.clock, { purpose: 'confirm_message', mailboxId, next: '/' }),
    );
    expect(await pendingSignIn(ctx, token)).toBeNull();
    expect(await liveLink(ctx.db, ctx.clock, 'confirm_message', token)).toMatchObject({ id, mailboxId });
    expect(JSON.stringify(await ctx.db.selectFrom('links').selectAll().execute())).not.toContain(token);
    expect(await pendingSignIn(ctx, 'guessed')).toBeNull();
    const spent = await Promise.all([1, 2, 3].map(() => write(ctx.db, (trx) => spendLink(trx, ctx.clock, id))));
    expect(spent.filter(Boolean)).toHaveLength(1);
  });

  test('beyond the limit no mail goes, and the answer is the same', async () => {
    const ctx = await testContext({ engine });
    for (let asked = 0; asked < LIMITS.signInMail.most + 3; asked++) expect(await ask(ctx)).toEqual({ ok: true });
    expect(await outboxRows(ctx)).toHaveLength(LIMITS.signInMail.most);
    await ask(ctx, 'another@there.example');
    expect(await outboxRows(ctx)).toHaveLength(LIMITS.signInMail.most + 1);
    ctx.clock.advance(HOUR + 1);
    await ask(ctx);
    expect(await outboxRows(ctx)).toHaveLength(LIMITS.signInMail.most + 2);
  });

  test('a network beyond its limit is told when to come back', async () => {
    const ctx = await testContext({ engine });
    const retryAt = new Date(ctx.clock.now().getTime() + HOUR);
    for (let asked = 0; asked < LIMITS.signInMailFrom.most; asked++)
      expect(await ask(ctx, `r${asked}@there.example`)).toEqual({ ok: true });
    ctx.clock.advance(MINUTE);
    expect(await ask(ctx)).toEqual({ ok: false, limit: 'signInMailFrom', retryAt });
    expect(await ask(ctx, ADDRESS, '192.0.2.2')).toEqual({ ok: true });
  });

  test('counters count tries made at once, and keep neither address nor network', async () => {
    const ctx = await testContext({ engine });
    const tries = Array.from({ length: LIMITS.message.most + 5 }, () =>
      write(ctx.db, (trx) => countAttempt(trx, ctx, 'message', ADDRESS)),
    );
    expect((await Promise.all(tries)).filter((retryAt) => retryAt !== null)).toHaveLength(5);
    expect(JSON.stringify(await ctx.db.selectFrom('attempts').selectAll().execute())).not.toContain('there.example');
  });

  test('claiming a mailbox names its owner once, and lets go of nothing: that is for a yes to each paper', async () => {
    const ctx = await testContext({ engine });
    await queueMails(ctx, [ADDRESS, 'other@there.example'], { hold: true });
    const mailboxId = await mailboxFor(ctx.db, ctx.clock, ADDRESS);
    ctx.clock.advance(HOUR);
    const claim = (name: string | null) => write(ctx.db, (trx) => claimMailbox(trx, ctx, mailboxId, name));
    expect(await claim(null)).toBeNull();
    const claimed = await claim('Dilnoza');
    expect((await outboxRows(ctx)).map((row) => row.state)).toEqual(['held', 'held']);
    expect(await claim('Somebody Else')).toEqual(claimed);
    expect(await ctx.db.selectFrom('accounts').select('name').execute()).toEqual([{ name: 'Dilnoza' }]);
  });
});

describe.each(engines)('signing in by password on %s', (engine) => {
  const password = 'correct horse battery';
  const attempt = (ctx: TestContext, typed: string, address = ADDRESS, network = '192.0.2.1') =>
    signInByPassword(ctx, { address, password: typed, network });

  test('the right one signs in; wrong, none and nobody are one answer', async () => {
    const ctx = await testContext({ engine });
    const accountId = await signIn(ctx);
    expect(await attempt(ctx, password)).toEqual({ ok: false, reason: 'wrong' });
    await setPassword(ctx, accountId, password);
    expect(await attempt(ctx, password, 'READER@THERE.example')).toEqual({ ok: true, accountId });
    expect(await attempt(ctx, `${password} `)).toEqual({ ok: false, reason: 'wrong' });
    expect(await attempt(ctx, password, 'stranger@there.example')).toEqual({ ok: false, reason: 'wrong' });
    await setPassword(ctx, accountId, null);
    expect(await attempt(ctx, password)).toEqual({ ok: false, reason: 'wrong' });
    expect(await attempt(ctx, '')).toEqual({ ok: false, reason: 'wrong' });
  });

  test('guessing ends at the limit, for the right password too', async () => {
    const ctx = await testContext({ engine });
    await setPassword(ctx, await signIn(ctx), password);
    for (let tried = 0; tried < LIMITS.password.most; tried++)
      expect(await attempt(ctx, 'wrong')).toMatchObject({ reason: 'wrong' });
    const retryAt = new Date(ctx.clock.now().getTime() + LIMITS.password.window);
    expect(await attempt(ctx, password, ADDRESS.toUpperCase())).toEqual({
      ok: false,
      reason: 'limit',
      limit: 'password',
      retryAt,
    });
    ctx.clock.advance(LIMITS.password.window + 1);
    expect(await attempt(ctx, password)).toMatchObject({ ok: true });
  });

  test('an address that is not verified opens nothing', async () => {
    const ctx = await testContext({ engine });
    const { accountId } = await invite(ctx, {
      address: ADDRESS,
      name: 'Invited',
      role: 'reviewer',
      conference: await conference(ctx),
    });
    await setPassword(ctx, accountId, password);
    expect(await attempt(ctx, password)).toEqual({ ok: false, reason: 'wrong' });
  });
});

describe.each(engines)('invitations on %s', (engine) => {
  test('give a role, say so once, and are joined to whoever reads that mailbox', async () => {
    const ctx = await testContext({ engine });
    const invited = { address: ADDRESS, name: 'Invited', role: 'reviewer', conference: await conference(ctx) } as const;
    const { accountId, mailed } = await invite(ctx, invited);
    expect(mailed).toBe(true);
    expect(await invite(ctx, invited)).toEqual({ accountId, mailed: false });
    expect(await outboxRows(ctx)).toHaveLength(1);
    expect(await mailboxIdsOf(ctx.db, accountId)).toEqual([]);
    expect(await signIn(ctx, ADDRESS, null)).toBe(accountId);
    const { roles } = await viewerOf(ctx.db, accountId, 'Invited');
    expect(roles).toEqual([{ conferenceId: invited.conference.id, role: 'reviewer' }]);
    const by = await invite(ctx, { ...invited, address: `organiser.${ADDRESS}`, role: 'organiser' });
    await revokeRole(ctx, by.accountId, { accountId, role: 'reviewer' }, invited.conference.id);
    expect((await viewerOf(ctx.db, accountId, 'Invited')).roles).toEqual([]);
  });

  test('two at once to a stranger are one account', async () => {
    const ctx = await testContext({ engine });
    await warm(ctx);
    const where = await conference(ctx);
    const [a, b] = await Promise.all(
      (['reviewer', 'organiser'] as const).map((role) =>
        invite(ctx, { address: ADDRESS, name: 'Invited', role, conference: where }),
      ),
    );
    expect(a).toEqual(b);
    expect((await viewerOf(ctx.db, a!.accountId, '')).roles).toHaveLength(2);
  });

  test('a role given twice is given once', async () => {
    const ctx = await testContext({ engine });
    const { id } = await conference(ctx);
    const accountId = await signIn(ctx);
    for (let times = 0; times < 2; times++)
      await write(ctx.db, (trx) => grantRole(trx, ctx, accountId, id, 'organiser'));
    expect((await viewerOf(ctx.db, accountId, '')).roles).toHaveLength(1);
  });
});

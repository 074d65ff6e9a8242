import { describe, expect, test } from 'vitest';
import { write } from '#db/write';
import { requestAddress } from '~/domain/account/addresses.server';
import { requestSignIn } from '~/domain/account/commands.server';
import { countAttempt, LIMITS, type Limit, WIDE_NETWORK } from '~/domain/account/limits.server';
import { LINK_LIFE } from '~/domain/account/links.server';
import { HOUR } from '~/domain/clock';
import { type TestContext, testContext } from '../../support/context';
import { engines } from '../../support/database';
import { outboxRows } from '../../support/mail';
import { makePerson } from '../../support/world';

const ask = (ctx: TestContext, address: string, network = '192.0.2.1') =>
  requestSignIn(ctx, { address, next: '/', network });
const sent = async (ctx: TestContext) => (await outboxRows(ctx)).length;

async function use(ctx: TestContext, what: Limit, who: string, times: number) {
  await write(ctx.db, async (trx) => {
    for (let used = 0; used < times; used++) await countAttempt(trx, ctx, what, who);
  });
}

/** However `timurkhan` can be spelt with dots. */
const SPELLINGS = Array.from({ length: 60 }, (_, index) =>
  [...'timurkhan'].map((letter, place) => (index & (1 << place) ? `${letter}.` : letter)).join(''),
).map((local) => `${local.replace(/\.$/, '')}@there.example`);

describe.each(engines)('a flood of links on %s', (engine) => {
  test('spelt with dots and notes is a flood to one person', async () => {
    const ctx = await testContext({ engine });
    for (const address of SPELLINGS) expect(await ask(ctx, address)).toEqual({ ok: true });
    // The limit, a few spellings beyond it, and the plain one.
    expect(await sent(ctx)).toBeLessThanOrEqual(LIMITS.signInMail.most + LIMITS.signInMailSpelt.most + 1);
    for (const address of SPELLINGS) await ask(ctx, address.replace('@', '+note@'));
    expect(await sent(ctx)).toBeLessThanOrEqual(LIMITS.signInMail.most + LIMITS.signInMailSpelt.most + 1);
  });

  test('leaves an owner their link, however their address is spelt', async () => {
    const ctx = await testContext({ engine });
    const owner = 'timur.khan@there.example';
    await makePerson(ctx, 'Timur', { address: owner });
    for (const address of SPELLINGS.filter((spelling) => spelling !== owner)) await ask(ctx, address);
    const before = await sent(ctx);
    await ask(ctx, owner);
    expect(await sent(ctx)).toBe(before + 1);
    ctx.clock.advance(LINK_LIFE);
    await ask(ctx, owner);
    expect(await sent(ctx)).toBe(before + 2);
  });

  test('from many networks of one IPv6 /48 ends, and its neighbours go on', async () => {
    const ctx = await testContext({ engine });
    const each = LIMITS.signInMailFrom.most;
    for (let subnet = 0; subnet < WIDE_NETWORK; subnet++)
      await use(ctx, 'signInMailFrom', `2001:db8:1:${subnet}`, each);
    const retryAt = new Date(ctx.clock.now().getTime() + HOUR);
    expect(await ask(ctx, 'a@there.example', '2001:db8:1:ffff')).toEqual({
      ok: false,
      limit: 'signInMailFrom',
      retryAt,
    });
    expect(await ask(ctx, 'a@there.example', '2001:db8:2:0')).toEqual({ ok: true });
    expect(await ask(ctx, 'b@there.example', '192.0.2.1')).toEqual({ ok: true });
  }, 60_000);

  test('from everywhere ends at the portal’s own limit, told to everybody alike, and owners have their link', async () => {
    const ctx = await testContext({ engine });
    const owner = await makePerson(ctx, 'Timur', { address: 'timur@there.example' });
    // As it is after the last of them.
    await use(ctx, 'signInMailAnywhere', '', 1);
    await ctx.db.updateTable('attempts').set({ count: LIMITS.signInMailAnywhere.most }).execute();
    const refused = {
      ok: false,
      limit: 'signInMailAnywhere',
      retryAt: new Date(ctx.clock.now().getTime() + HOUR),
    };
    expect(await ask(ctx, 'stranger@there.example')).toEqual(refused);
    expect(await sent(ctx)).toBe(0);
    expect(await ask(ctx, owner.address)).toEqual(refused);
    expect(await sent(ctx)).toBe(1);
    const viewer = await owner.viewer();
    const added = await requestAddress(
      ctx,
      viewer,
      { session: { id: 'session', provenAt: ctx.clock.now().toISOString() as never } },
      { address: 'new@there.example', network: '192.0.2.1' },
    );
    expect(added).toEqual({ ...refused, reason: 'limit' });
  });
});

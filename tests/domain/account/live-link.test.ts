import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pendingSignIn, requestSignIn, signInByLink } from '~/domain/account/commands.server';
import { LIMITS } from '~/domain/account/limits.server';
import { LINK_LIFE } from '~/domain/account/links.server';
import { HOUR, MINUTE } from '~/domain/clock';
import { type TestContext, testContext } from '../../support/context';
import { engines } from '../../support/database';
import { outboxRows } from '../../support/mail';

const OWNER = 'owner@there.example';

function ask(ctx: TestContext, address = OWNER, next = '/') {
  return requestSignIn(ctx, { address, next, network: '192.0.2.1' });
}

/** Tokens that were mailed, the newest last. */
async function mailed(ctx: TestContext): Promise<string[]> {
  return (await outboxRows(ctx)).map((row) => /\/sign-in\/link\/([\w-]+)/.exec(row.text)![1]!);
}

async function working(ctx: TestContext): Promise<string[]> {
  const tokens = await mailed(ctx);
  const live = await Promise.all(tokens.map((token) => pendingSignIn(ctx, token)));
  return tokens.filter((_, index) => live[index]);
}

describe.each(engines)('whoever asks for a link has one, on %s', (engine) => {
  test('with five early in the hour, also when none of them is fresh any more', async () => {
    const ctx = await testContext({ engine });
    for (let asked = 0; asked < 7; asked++) await ask(ctx);
    expect(await mailed(ctx)).toHaveLength(LIMITS.signInMail.most);
    // Just before the last would die, asking again gives it its whole life, and no mail goes.
    ctx.clock.advance(LINK_LIFE - 1);
    await ask(ctx, OWNER, '/cas-2027/submit');
    ctx.clock.advance(20 * MINUTE);
    const [newest] = await working(ctx);
    expect(await pendingSignIn(ctx, newest!)).toMatchObject({ next: '/cas-2027/submit' });
    expect(await working(ctx)).toHaveLength(1);
    expect(await mailed(ctx)).toHaveLength(LIMITS.signInMail.most);
  });

  test('when all that were sent have died or been used', async () => {
    const ctx = await testContext({ engine });
    for (let asked = 0; asked < LIMITS.signInMail.most; asked++) await ask(ctx);
    ctx.clock.advance(LINK_LIFE);
    expect(await working(ctx)).toEqual([]);
    await ask(ctx);
    expect(await working(ctx)).toHaveLength(1);
    const [token] = await working(ctx);
    expect(await signInByLink(ctx, token!, 'Owner')).toMatchObject({ ok: true });
    await ask(ctx);
    expect(await working(ctx)).toHaveLength(1);
  });

  test('when others have used up the notes behind a plus sign', async () => {
    const ctx = await testContext({ engine });
    await ask(ctx, 'owner+congress@there.example');
    expect(await signInByLink(ctx, (await mailed(ctx)).at(-1)!, 'Owner')).toMatchObject({ ok: true });
    for (let n = 0; n < 12; n++) await ask(ctx, `owner+${n}@there.example`);
    expect(await mailed(ctx)).toHaveLength(LIMITS.signInMail.most);
    for (const own of [OWNER, 'owner+congress@there.example']) {
      const before = (await mailed(ctx)).length;
      await ask(ctx, own);
      expect(await mailed(ctx)).toHaveLength(before + 1);
    }
  });

  test('known or not, beyond the limit the answer is the same and so is the work', async () => {
    const ctx = await testContext({ engine });
    await ask(ctx);
    await signInByLink(ctx, (await mailed(ctx)).at(-1)!, 'Owner');
    const answers: unknown[] = [];
    for (const address of [OWNER, 'nobody@there.example'])
      for (let asked = 0; asked < 9; asked++) answers.push(await ask(ctx, address));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"ok":true}']));
  });
});

test('whatever others ask for in between, who has asked has a link that works, and no mailbox is buried', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          wait: fc.integer({ min: 0, max: 25 }),
          attacks: fc.integer({ min: 0, max: 7 }),
          uses: fc.boolean(),
        }),
        { minLength: 5, maxLength: 20 },
      ),
      async (steps) => {
        const ctx = await testContext();
        const sent: number[] = [];
        const note = async () => {
          const count = (await mailed(ctx)).length;
          while (sent.length < count) sent.push(ctx.clock.now().getTime());
        };
        let used = 0;
        for (const { wait, attacks, uses } of steps) {
          ctx.clock.advance(wait * MINUTE);
          for (let n = 0; n < attacks; n++) await ask(ctx);
          await note();
          expect(await ask(ctx)).toEqual({ ok: true });
          await note();
          const links = await working(ctx);
          expect(links.length).toBeGreaterThan(0);
          if (uses && (await signInByLink(ctx, links.at(-1)!, 'Owner')).ok) used++;
        }
        // Two windows may meet in one hour; beside their mails one goes in the life of a link, and one for each used.
        for (const at of sent) {
          const hour = sent.filter((other) => other >= at && other < at + HOUR);
          expect(hour.length).toBeLessThanOrEqual(2 * LIMITS.signInMail.most + HOUR / LINK_LIFE + used);
        }
        await ctx.close();
      },
    ),
    { numRuns: 15 },
  );
});

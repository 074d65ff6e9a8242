import { describe, expect, test } from 'vitest';
import { write } from '#db/write';
import { provenChallenge, spendProof } from '~/domain/account/proof.server';
import { HOUR } from '~/domain/clock';
import { type TestContext, testContext } from '../../support/context';
import { engines } from '../../support/database';
import { proofOfWork } from '../../support/world';

async function spent(ctx: TestContext, proof: string): Promise<boolean> {
  const challenge = await provenChallenge(ctx, proof);
  return challenge !== null && write(ctx.db, (trx) => spendProof(trx, ctx, challenge));
}

describe.each(engines)('proof of work on %s', (engine) => {
  test('relay 83: a replayed proof is refused, also where two come at once', async () => {
    const ctx = await testContext({ engine });
    const spend = (proof: string) => spent(ctx, proof);
    const proof = await proofOfWork(ctx);
    expect(await spend(proof)).toBe(true);
    expect(await spend(proof)).toBe(false);
    const other = await proofOfWork(ctx);
    expect((await Promise.all([spend(other), spend(other)])).sort()).toEqual([false, true]);
    ctx.clock.advance(23 * HOUR);
    expect(await spend(proof)).toBe(false);
  });

  test('what was not worked for, is old or is of another portal is none', async () => {
    const ctx = await testContext({ engine });
    const spend = (proof: string) => spent(ctx, proof);
    const other = await testContext({ engine, env: { SECRET_KEY: 'anothersecretofanotherportallongenough' } });
    const { challenge, solution } = JSON.parse(await proofOfWork(ctx));
    const changed = [
      { challenge, solution: { ...solution, counter: solution.counter + 1 } },
      { challenge, solution: { ...solution, derivedKey: `00${'a'.repeat(62)}` } },
      { challenge: { ...challenge, parameters: { ...challenge.parameters, cost: 1 } }, solution },
      { challenge: { ...challenge, parameters: { ...challenge.parameters, keyPrefix: '' } }, solution },
      {
        challenge: {
          ...challenge,
          parameters: { ...challenge.parameters, data: { expires: '2099-01-01T00:00:00.000Z' } },
        },
        solution,
      },
      { challenge: { ...challenge, signature: undefined }, solution },
      null,
      [],
      'x'.repeat(5_000),
    ];
    for (const proof of [...changed.map((one) => JSON.stringify(one)), '', '{', await proofOfWork(other)])
      expect([proof.slice(0, 300), await spend(proof)]).toEqual([proof.slice(0, 300), false]);
    const old = await proofOfWork(ctx);
    ctx.clock.advance(4 * HOUR + 1);
    expect(await spend(old)).toBe(false);
  });
});

import { createChallenge, type Payload, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';
import type { Write } from '#db/write';
import type { Config } from '~/config.server';
import { HOUR, later } from '../clock';
import type { DomainContext } from '../context';
import { pseudonym } from '../secret.server';
import { countAttempt } from './limits.server';

/** About a second of a phone's work: 256 keys on average, of that many rounds each. */
const WORK = { algorithm: 'PBKDF2/SHA-256', cost: 2_000, keyPrefix: '00' } as const;
/** How long a form may be filled in. */
const LIFE = 4 * HOUR;

export type Challenge = Payload['challenge'];

/** Work for the browser of somebody who is not signed in (ALTCHA, proof-of-work version 2). */
export function newChallenge(ctx: DomainContext): Promise<Challenge> {
  return createChallenge({
    ...WORK,
    deriveKey,
    hmacSignatureSecret: secretOf(ctx.config),
    data: { expires: later(ctx.clock, LIFE).toISOString() },
  });
}

const hex = z.string().regex(/^[0-9a-f]{1,128}$/);
const proofSchema = z.object({
  challenge: z.object({
    parameters: z.object({
      algorithm: z.literal(WORK.algorithm),
      nonce: hex,
      salt: hex,
      cost: z.literal(WORK.cost),
      keyLength: z.literal(32),
      keyPrefix: z.literal(WORK.keyPrefix),
      data: z.object({ expires: z.iso.datetime() }),
    }),
    signature: hex,
  }),
  solution: z.object({ counter: z.int().min(0), derivedKey: hex, time: z.number().optional() }),
});

/** The challenge of ours for which the work was done, in time; null: it was not. */
export async function provenChallenge(ctx: DomainContext, proof: string): Promise<string | null> {
  const parsed = proofSchema.safeParse(jsonOf(proof));
  if (!parsed.success) return null;
  const { challenge, solution } = parsed.data;
  if (Date.parse(challenge.parameters.data.expires) < ctx.clock.now().getTime()) return null;
  const { verified } = await verifySolution({
    challenge,
    solution,
    deriveKey,
    hmacSignatureSecret: secretOf(ctx.config),
  });
  return verified ? challenge.signature : null;
}

/** Uses the work for a challenge up: false where it has been used before. */
export async function spendProof(trx: Write, ctx: DomainContext, challenge: string): Promise<boolean> {
  return (await countAttempt(trx, ctx, 'proof', challenge)) === null;
}

function jsonOf(text: string): unknown {
  try {
    return text.length < 2_000 ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function secretOf(config: Config): string {
  return pseudonym(config, 'proof of work');
}

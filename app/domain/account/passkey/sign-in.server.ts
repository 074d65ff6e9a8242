import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { instant } from '#db/ids';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import type { DomainContext } from '../../context';
import { logSecurity } from '../../security-log.server';
import { type Ceremony, createChallenge, spendChallenge } from './challenges.server';
import { credentialsOf } from './queries.server';
import { type RelyingParty, relyingParty } from './relying-party.server';
import { type Assertion, challengeOf, parseAssertion } from './responses.server';

/**
 * What the browser needs to ask for a passkey: of that account, where somebody has shown by a link or a password that it
 * is theirs; else for any, so that nobody learns whose there are. Null: there are no passkeys at this portal.
 */
export async function passkeyRequest(
  ctx: DomainContext,
  browser: string,
  accountId: Id<'account'> | null,
  network: string,
): Promise<{ ok: true; options: PublicKeyCredentialRequestOptionsJSON } | { ok: false; retryAt: Date } | null> {
  const party = relyingParty(ctx.config);
  if (!party) return null;
  const made = await createChallenge(ctx, ceremonyFor(browser, accountId), network);
  if (!made.ok) return made;
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    challenge: made.challenge,
    userVerification: 'required',
    allowCredentials: accountId ? await credentialsOf(ctx.db, accountId) : [],
  });
  return { ok: true, options };
}

/** Signs in with a passkey. False in `ok`: it is none of ours, or of another account, or does not answer the challenge. */
export async function signInByPasskey(ctx: DomainContext, answer: Answer): Promise<SignedIn> {
  const signedIn = await verified(ctx, answer);
  if (signedIn.ok) logSecurity(ctx, 'sign-in', { account: signedIn.accountId, by: 'passkey' });
  else logSecurity(ctx, 'sign-in-refused', { by: 'passkey' });
  return signedIn;
}

type Answer = { response: string; browser: string | null; accountId: Id<'account'> | null };
type SignedIn = { ok: true; accountId: Id<'account'> } | { ok: false };

async function verified(ctx: DomainContext, answer: Answer): Promise<SignedIn> {
  const party = relyingParty(ctx.config);
  const response = parseAssertion(answer.response);
  if (!party || !response || !answer.browser) return { ok: false };
  const challenge = challengeOf(response);
  const ceremony = ceremonyFor(answer.browser, answer.accountId);
  if (!(await write(ctx.db, (trx) => spendChallenge(trx, ctx, challenge, ceremony)))) return { ok: false };
  const passkey = await passkeyBehind(ctx, response);
  if (!passkey || (answer.accountId !== null && passkey.accountId !== answer.accountId)) return { ok: false };
  const counter = await verifiedCounter(ctx, party, response, challenge, passkey);
  if (counter === null) return { ok: false };
  const used = await write(ctx.db, (trx) =>
    trx
      .updateTable('passkeys')
      .set({ counter, used_at: instant(ctx.clock.now()) })
      .where('id', '=', passkey.id)
      // Two at once with one count are two authenticators: one of them is a copy.
      .where('counter', '=', passkey.counter)
      .executeTakeFirst(),
  );
  return used.numUpdatedRows === 1n ? { ok: true, accountId: passkey.accountId } : { ok: false };
}

function ceremonyFor(browser: string, accountId: Id<'account'> | null): Ceremony {
  return { purpose: accountId ? 'second' : 'sign-in', browser, accountId };
}

type StoredPasskey = NonNullable<Awaited<ReturnType<typeof passkeyBehind>>>;

/** WebAuthn Level 3, 7.2, 6: the credential's owner, whom the authenticator must not name otherwise. */
async function passkeyBehind({ db }: DomainContext, { id, response }: Assertion) {
  const row = await db
    .selectFrom('passkeys')
    .select(['id', 'account_id as accountId', 'credential_id as credentialId', 'public_key as publicKey', 'counter'])
    .where('credential_id', '=', id)
    .executeTakeFirst();
  if (!row) return null;
  const handle = response.userHandle && Buffer.from(response.userHandle, 'base64url').toString('utf8');
  return handle !== undefined && handle !== row.accountId ? null : { ...row, counter: Number(row.counter) };
}

async function verifiedCounter(
  ctx: DomainContext,
  party: RelyingParty,
  response: Assertion,
  challenge: string,
  passkey: StoredPasskey,
): Promise<number | null> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.counter,
      },
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch (error) {
    ctx.log.info({ reason: (error as Error).name }, 'passkey refused');
    return null;
  }
}

import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { instant, json, newId } from '#db/ids';
import type { Id } from '#db/schema';
import { isDuplicate, write } from '#db/write';
import type { DomainContext } from '../../context';
import { confirmOwner, type OwnersWord, type Unconfirmed } from '../security/confirm-owner.server';
import { tellOwner } from '../security/notice.server';
import type { Viewer } from '../viewer';
import { createChallenge, spendChallenge } from './challenges.server';
import { credentialsOf } from './queries.server';
import { type RelyingParty, relyingParty } from './relying-party.server';
import { challengeOf, type NewCredential, parseNewCredential } from './responses.server';

export const MAX_PASSKEYS = 20;
/** ES256, EdDSA and RS256: what every authenticator knows one of. */
const ALGORITHMS = [-7, -8, -257];

/** What the browser needs to make a passkey for this account. Null: there are no passkeys at this portal. */
export async function passkeyCreation(
  ctx: DomainContext,
  viewer: Viewer,
  browser: string,
  network: string,
): Promise<{ ok: true; options: PublicKeyCredentialCreationOptionsJSON } | { ok: false; retryAt: Date } | null> {
  const party = relyingParty(ctx.config);
  if (!party) return null;
  const made = await createChallenge(ctx, { purpose: 'add', browser, accountId: viewer.accountId }, network);
  if (!made.ok) return made;
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
  const options = await generateRegistrationOptions({
    rpName: 'Colloquy',
    rpID: party.id,
    // What its owner chooses by, on their own device: their name. The handle says nothing of them (WebAuthn, 14.6.1).
    userName: viewer.name,
    userDisplayName: viewer.name,
    userID: new TextEncoder().encode(viewer.accountId),
    challenge: made.challenge,
    attestationType: 'none',
    excludeCredentials: await credentialsOf(ctx.db, viewer.accountId),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  });
  return { ok: true, options };
}

/** Adds the passkey that a browser has made. `failed`: it is not what was asked for, or not in time; `full`: no more. */
export async function addPasskey(
  ctx: DomainContext,
  viewer: Viewer,
  word: OwnersWord,
  added: { response: string; name: string; browser: string | null },
): Promise<{ ok: true; id: Id<'passkey'> } | Unconfirmed | { ok: false; reason: 'failed' | 'full' }> {
  const { accountId } = viewer;
  const confirmed = await confirmOwner(ctx, accountId, word);
  if (!confirmed.ok) return confirmed;
  const party = relyingParty(ctx.config);
  const response = parseNewCredential(added.response);
  const { browser } = added;
  if (!party || !response || !browser) return { ok: false, reason: 'failed' };
  const challenge = challengeOf(response);
  const ceremony = { purpose: 'add', browser, accountId } as const;
  if (!(await write(ctx.db, (trx) => spendChallenge(trx, ctx, challenge, ceremony))))
    return { ok: false, reason: 'failed' };
  const credential = await verified(ctx, party, response, challenge);
  if (!credential) return { ok: false, reason: 'failed' };
  const id = newId<'passkey'>();
  try {
    return await write(ctx.db, async (trx) => {
      if ((await credentialsOf(trx, accountId)).length >= MAX_PASSKEYS) return { ok: false, reason: 'full' };
      await trx
        .insertInto('passkeys')
        .values({
          id,
          account_id: accountId,
          credential_id: credential.id,
          public_key: Buffer.from(credential.publicKey).toString('base64url'),
          counter: credential.counter,
          transports: json(credential.transports ?? []),
          name: added.name,
          created_at: instant(ctx.clock.now()),
          used_at: null,
        })
        .execute();
      await tellOwner(trx, ctx, accountId, 'passkeyAdded');
      return { ok: true, id };
    });
  } catch (error) {
    // WebAuthn Level 3, 7.1: an id that is somebody's already is refused, whoever's it is.
    if (isDuplicate(error)) return { ok: false, reason: 'failed' };
    throw error;
  }
}

async function verified(ctx: DomainContext, party: RelyingParty, response: NewCredential, challenge: string) {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  try {
    if (!(await isPlain(response))) return null;
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    return verified ? registrationInfo.credential : null;
  } catch (error) {
    ctx.log.info({ reason: (error as Error).name }, 'passkey refused');
    return null;
  }
}

/**
 * Without certificates, as browsers send it to who has asked for no attestation: nobody makes the portal read chains of
 * them, or fetch lists from where they say.
 */
async function isPlain({ response }: NewCredential): Promise<boolean> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  const decoded = decodeAttestationObject(new Uint8Array(Buffer.from(response.attestationObject, 'base64url')));
  const format = decoded.get('fmt');
  return format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
}

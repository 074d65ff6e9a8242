import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { addPasskey, MAX_PASSKEYS, passkeyCreation } from '~/domain/account/passkey/add.server';
import { CHALLENGE_TTL } from '~/domain/account/passkey/challenges.server';
import { askForPasskey, removePasskey, renamePasskey } from '~/domain/account/passkey/keep.server';
import { asksPasskey, passkeysOf } from '~/domain/account/passkey/queries.server';
import { relyingParty } from '~/domain/account/passkey/relying-party.server';
import { passkeyRequest, signInByPasskey } from '~/domain/account/passkey/sign-in.server';
import { type CurrentSession, PROOF_TTL } from '~/domain/account/security/sessions.server';
import { Authenticator, type Lie } from '../../support/authenticator';
import { type TestContext, testContext } from '../../support/context';
import { engines } from '../../support/database';
import { letters } from '../../support/inbox';
import { makePerson, type Person } from '../../support/world';

const ORIGIN = 'https://portal.example';
const NETWORK = '192.0.2.1';
const BROWSER = 'a-browser-of-the-owner-s';
const OTHER_BROWSER = 'another-browser-elsewhere';

/** A session whose person has just followed a link. */
function fresh(ctx: TestContext): { session: CurrentSession } {
  return { session: { id: 'session', provenAt: ctx.clock.now().toISOString() as CurrentSession['provenAt'] } };
}

async function setUp(engine: (typeof engines)[number]) {
  const ctx = await testContext({ engine, env: { ORIGIN } });
  return { ctx, owner: await makePerson(ctx, 'Owner Person'), other: await makePerson(ctx, 'Other Person') };
}

async function creation(ctx: TestContext, person: Person, browser = BROWSER) {
  const given = await passkeyCreation(ctx, await person.viewer(), browser, NETWORK);
  if (!given?.ok) throw new Error('no challenge');
  return given.options;
}

async function register(ctx: TestContext, person: Person, passkey: Authenticator, lie: Lie = {}) {
  const response = passkey.create(await creation(ctx, person), lie);
  return addPasskey(ctx, await person.viewer(), fresh(ctx), { response, name: 'My phone', browser: BROWSER });
}

async function request(ctx: TestContext, accountId: Person['accountId'] | null = null, browser = BROWSER) {
  const given = await passkeyRequest(ctx, browser, accountId, NETWORK);
  if (!given?.ok) throw new Error('no challenge');
  return given.options;
}

const use = (ctx: TestContext, response: string, accountId: Person['accountId'] | null = null, browser = BROWSER) =>
  signInByPasskey(ctx, { response, browser, accountId });

describe.each(engines)('passkeys on %s', (engine) => {
  test('one is made, tells its owner by mail, signs in, is renamed and removed', async () => {
    const { ctx, owner, other } = await setUp(engine);
    const phone = new Authenticator(ORIGIN);
    const options = await creation(ctx, owner);
    expect(options).toMatchObject({
      rp: { id: 'portal.example' },
      user: { name: 'Owner Person' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    // Nothing of what goes to the authenticator holds the address.
    expect(JSON.stringify(options)).not.toContain('@');
    const added = await register(ctx, owner, phone);
    expect(added).toMatchObject({ ok: true });
    expect((await letters(ctx, owner.address)).map(({ kind, subject }) => [kind, subject])).toEqual([
      ['account-changed', 'A passkey was added to your account at portal.example'],
    ]);

    const asked = await request(ctx);
    expect(asked).toMatchObject({ rpId: 'portal.example', userVerification: 'required', allowCredentials: [] });
    expect(await use(ctx, phone.get(asked))).toEqual({ ok: true, accountId: owner.accountId });

    const [passkey] = await passkeysOf(ctx.db, owner.accountId);
    expect(passkey).toMatchObject({ name: 'My phone', usedAt: ctx.clock.now().toISOString() });
    expect(await renamePasskey(ctx, await other.viewer(), passkey!.id, 'Mine')).toBe(false);
    expect(await renamePasskey(ctx, await owner.viewer(), passkey!.id, 'Old phone')).toBe(true);
    expect((await passkeysOf(ctx.db, owner.accountId))[0]!.name).toBe('Old phone');
    expect(await removePasskey(ctx, await other.viewer(), fresh(ctx), passkey!.id)).toMatchObject({ reason: 'gone' });
    expect(await removePasskey(ctx, await owner.viewer(), fresh(ctx), passkey!.id)).toEqual({ ok: true });
    expect(await use(ctx, phone.get(await request(ctx)))).toEqual({ ok: false });
  });

  test.each<[string, Lie]>([
    ['another origin', { origin: 'https://portal.example.evil.example' }],
    ['plain HTTP', { origin: 'http://portal.example' }],
    ['another port', { origin: 'https://portal.example:8443' }],
    ['another RP', { rpId: 'evil.example' }],
    ['the domain above', { rpId: 'example' }],
    ['nobody verified', { unverified: true }],
    ['a challenge that is none', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
    ['another ceremony', { type: 'webauthn.get' }],
    ['an attestation that is no CBOR', { attestation: Buffer.from('not cbor at all') }],
    ['an attestation without end', { attestation: Buffer.alloc(10_000, 0x81) }],
  ])('none is added from %s', async (_, lie) => {
    const { ctx, owner } = await setUp(engine);
    const added = await register(ctx, owner, new Authenticator(ORIGIN), lie);
    expect(added).toEqual({ ok: false, reason: 'failed' });
    expect(await passkeysOf(ctx.db, owner.accountId)).toEqual([]);
    expect(await letters(ctx, owner.address)).toEqual([]);
  });

  test.each<[string, Lie]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another RP', { rpId: 'evil.example' }],
    ['nobody verified', { unverified: true }],
    ['a challenge that is none', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
    ['another ceremony', { type: 'webauthn.create' }],
    ['another key', { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
    ['a passkey that nobody knows', { credentialId: Buffer.alloc(32, 3).toString('base64url') }],
    ['a count that goes back', { counter: 4 }],
    ['a count that stands still', { counter: 5 }],
    ['another person’s handle', { userHandle: Buffer.from('somebody else').toString('base64url') }],
  ])('none signs in with %s', async (_, lie) => {
    const { ctx, owner } = await setUp(engine);
    const phone = new Authenticator(ORIGIN);
    await register(ctx, owner, phone);
    expect(await use(ctx, phone.get(await request(ctx), { counter: 5 }))).toMatchObject({ ok: true });
    expect(await use(ctx, phone.get(await request(ctx), lie))).toEqual({ ok: false });
    // It was not used up by the lie.
    expect(await use(ctx, phone.get(await request(ctx), { counter: 6 }))).toMatchObject({ ok: true });
  });

  test('what is no response at all is refused', async () => {
    const { ctx, owner } = await setUp(engine);
    const phone = new Authenticator(ORIGIN);
    await register(ctx, owner, phone);
    const good = phone.get(await request(ctx));
    const hostile = ['', 'null', '[]', '{}', '"x"', '{"id":1}', good.slice(0, -5), 'x'.repeat(100_000)];
    hostile.push(JSON.stringify({ ...JSON.parse(good), type: 'password' }));
    for (const response of hostile) expect(await use(ctx, response)).toEqual({ ok: false });
    expect(await use(ctx, good)).toMatchObject({ ok: true });
  });

  test('a challenge is good once, in its browser, for its purpose and person, and for ten minutes', async () => {
    const { ctx, owner, other } = await setUp(engine);
    const phone = new Authenticator(ORIGIN);
    const others = new Authenticator(ORIGIN);
    await register(ctx, owner, phone);
    await register(ctx, other, others);

    const replayed = phone.get(await request(ctx));
    expect(await use(ctx, replayed)).toMatchObject({ ok: true });
    expect(await use(ctx, replayed)).toEqual({ ok: false });

    // Stolen on its way, and sent from elsewhere.
    expect(await use(ctx, phone.get(await request(ctx)), null, OTHER_BROWSER)).toEqual({ ok: false });

    // As a second step only the account's own, and only what was asked as such.
    const second = await request(ctx, owner.accountId);
    expect(second.allowCredentials).toMatchObject([{ id: phone.credentialId.toString('base64url') }]);
    expect(await use(ctx, others.get(second), owner.accountId)).toEqual({ ok: false });
    expect(await use(ctx, phone.get(await request(ctx)), owner.accountId)).toEqual({ ok: false });
    expect(await use(ctx, phone.get(await request(ctx, owner.accountId)))).toEqual({ ok: false });
    expect(await use(ctx, phone.get(await request(ctx, owner.accountId)), owner.accountId)).toMatchObject({ ok: true });

    // To add one it is the session's account that has asked.
    const toAdd = new Authenticator(ORIGIN).create(await creation(ctx, other));
    const added = { response: toAdd, name: 'Planted', browser: BROWSER };
    expect(await addPasskey(ctx, await owner.viewer(), fresh(ctx), added)).toEqual({ ok: false, reason: 'failed' });

    const late = await request(ctx);
    ctx.clock.advance(CHALLENGE_TTL);
    expect(await use(ctx, phone.get(late))).toEqual({ ok: false });
    expect(await use(ctx, phone.get(await request(ctx)))).toMatchObject({ ok: true });
    // A try uses it up; who reads the table finds only what it was hashed to.
    const { challenge } = await request(ctx);
    expect(JSON.stringify(await ctx.db.selectFrom('passkey_challenges').selectAll().execute())).not.toContain(
      challenge,
    );
  });

  test('of one assertion sent twice at once, one signs in', async () => {
    const { ctx, owner } = await setUp(engine);
    const phone = new Authenticator(ORIGIN);
    await register(ctx, owner, phone);
    const response = phone.get(await request(ctx));
    const all = await Promise.all([1, 2, 3, 4].map(() => use(ctx, response)));
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('an authenticator that counts nothing signs in as often as one likes', async () => {
    const { ctx, owner } = await setUp(engine);
    const synced = new Authenticator(ORIGIN);
    await register(ctx, owner, synced);
    for (let times = 0; times < 3; times++)
      expect(await use(ctx, synced.get(await request(ctx), { counter: 0 }))).toMatchObject({ ok: true });
  });

  test('nobody adds one that is somebody’s, and nobody has them without end', async () => {
    const { ctx, owner, other } = await setUp(engine);
    const phone = new Authenticator(ORIGIN);
    await register(ctx, owner, phone);
    expect(await register(ctx, other, phone)).toEqual({ ok: false, reason: 'failed' });
    expect(await register(ctx, owner, phone)).toEqual({ ok: false, reason: 'failed' });
    for (let count = 1; count < MAX_PASSKEYS; count++)
      expect(await register(ctx, owner, new Authenticator(ORIGIN))).toMatchObject({ ok: true });
    expect(await register(ctx, owner, new Authenticator(ORIGIN))).toEqual({ ok: false, reason: 'full' });
  });

  test('a session that is only open adds, removes and asks for none', async () => {
    const { ctx, owner } = await setUp(engine);
    const phone = new Authenticator(ORIGIN);
    await register(ctx, owner, phone);
    const viewer = await owner.viewer();
    const [{ id } = { id: '' }] = await passkeysOf(ctx.db, owner.accountId);
    const old = fresh(ctx);
    ctx.clock.advance(PROOF_TTL + 1);
    for (const word of [old, { session: { id: 'session', provenAt: null } }]) {
      const response = new Authenticator(ORIGIN).create(await creation(ctx, owner));
      const added = await addPasskey(ctx, viewer, word, { response, name: 'Thief', browser: BROWSER });
      const refused = { ok: false, reason: 'unproven' };
      expect([added, await removePasskey(ctx, viewer, word, id), await askForPasskey(ctx, viewer, word, true)]).toEqual(
        [refused, refused, refused],
      );
    }
  });

  test('it is asked for as a second step once there is one, and no more with the last one gone', async () => {
    const { ctx, owner } = await setUp(engine);
    const viewer = await owner.viewer();
    expect(await askForPasskey(ctx, viewer, fresh(ctx), true)).toEqual({ ok: false, reason: 'none' });
    await register(ctx, owner, new Authenticator(ORIGIN));
    expect(await asksPasskey(ctx.db, owner.accountId)).toBe(false);
    expect(await askForPasskey(ctx, viewer, fresh(ctx), true)).toEqual({ ok: true });
    expect(await askForPasskey(ctx, viewer, fresh(ctx), true)).toEqual({ ok: true });
    expect(await asksPasskey(ctx.db, owner.accountId)).toBe(true);
    const [{ id } = { id: '' }] = await passkeysOf(ctx.db, owner.accountId);
    await removePasskey(ctx, viewer, fresh(ctx), id);
    expect(await asksPasskey(ctx.db, owner.accountId)).toBe(false);
    await register(ctx, owner, new Authenticator(ORIGIN));
    expect(await asksPasskey(ctx.db, owner.accountId)).toBe(false);
    expect((await letters(ctx, owner.address)).map(({ subject }) => subject)).toEqual([
      'A passkey was added to your account at portal.example',
      'Your passkey is now needed at portal.example',
      'A passkey was removed from your account at portal.example',
      'A passkey was added to your account at portal.example',
    ]);
  });
});

test.each([
  ['https://portal.example', 'portal.example'],
  ['http://localhost:3000', 'localhost'],
  ['http://127.0.0.1:3000', null],
  ['https://[2001:db8::1]', null],
])('at %s passkeys are for %s', (origin, id) => {
  expect(relyingParty({ origin })?.id ?? null).toBe(id);
});

import { describe, expect, test } from 'vitest';
import { addsAddress, chooseAddress, confirmAddress, requestAddress } from '~/domain/account/addresses.server';
import { primaryMailbox } from '~/domain/account/mailbox-owners.server';
import { ownMailboxes } from '~/domain/account/mailboxes.server';
import type { OwnersWord } from '~/domain/account/security/confirm-owner.server';
import { PROOF_TTL } from '~/domain/account/security/sessions.server';
import { HOUR } from '~/domain/clock';
import { type TestContext, testContext } from '../../support/context';
import { engines } from '../../support/database';
import { letters } from '../../support/inbox';
import { makePerson } from '../../support/world';

const SECOND = 'aigul.second@people.example';

/** Of a session whose person has shown so long ago who they are. */
function word(ctx: TestContext, provenAgo: number): OwnersWord {
  const provenAt = new Date(ctx.clock.now().getTime() - provenAgo).toISOString() as never;
  return { session: { id: 'session', provenAt } };
}

describe.each(engines)('another address, on %s', (engine) => {
  async function setUp() {
    const ctx = await testContext({ engine });
    const aigul = await makePerson(ctx, 'Aigul Author');
    const other = await makePerson(ctx, 'Other Person');
    const ask = async (person = aigul, address = SECOND) =>
      requestAddress(ctx, await person.viewer(), word(ctx, 0), { address, network: '192.0.2.1' });
    const token = async (address = SECOND) =>
      /\/account\/address\/(\S+)/.exec((await letters(ctx, address)).at(-1)!.text)![1]!;
    const addresses = async () =>
      (await ownMailboxes(ctx.db, aigul.accountId)).map((mailbox) => mailbox.reveal()).sort();
    return { ctx, aigul, other, ask, token, addresses };
  }

  test('is added by the link that went there, and mail goes there once it is chosen', async () => {
    const { ctx, aigul, ask, token, addresses } = await setUp();
    const before = await primaryMailbox(ctx.db, aigul.accountId);
    expect(await ask()).toEqual({ ok: true });
    const link = await token();
    const viewer = await aigul.viewer();
    expect(await addsAddress(ctx, viewer, link)).toBe(true);
    expect(await addresses()).toEqual([aigul.address]);
    expect(await confirmAddress(ctx, viewer, link)).toBe('added');
    expect(await confirmAddress(ctx, viewer, link)).toBe('dead');
    expect(await addresses()).toEqual([SECOND, aigul.address].sort());
    expect(await primaryMailbox(ctx.db, aigul.accountId)).toBe(before);
    const added = (await ownMailboxes(ctx.db, aigul.accountId)).find((mailbox) => mailbox.reveal() === SECOND)!;
    expect(await chooseAddress(ctx, await aigul.viewer(), added.id)).toBe(true);
    expect(await primaryMailbox(ctx.db, aigul.accountId)).toBe(added.id);
  });

  test('is added by no session that is only open, and the address of before hears of it', async () => {
    const { ctx, aigul, ask, token } = await setUp();
    const viewer = await aigul.viewer();
    const asked = { address: SECOND, network: '192.0.2.1' };
    expect(await requestAddress(ctx, viewer, word(ctx, PROOF_TTL + 1), asked)).toEqual({
      ok: false,
      reason: 'unproven',
    });
    expect(await letters(ctx, SECOND)).toEqual([]);
    await ask();
    await confirmAddress(ctx, viewer, await token());
    expect((await letters(ctx, aigul.address)).map(({ kind, subject }) => [kind, subject])).toEqual([
      ['account-changed', expect.stringMatching(/^An address was added to your account/)],
    ]);
  });

  test('is added to nobody else’s account, and takes nothing from one', async () => {
    const { ctx, aigul, other, ask, token, addresses } = await setUp();
    await ask();
    expect(await confirmAddress(ctx, await other.viewer(), await token())).toBe('dead');
    await ask(aigul, other.address);
    expect(await confirmAddress(ctx, await aigul.viewer(), await token(other.address))).toBe('taken');
    expect(await addresses()).toEqual([aigul.address]);
    const theirs = (await ownMailboxes(ctx.db, other.accountId))[0]!;
    expect(await chooseAddress(ctx, await aigul.viewer(), theirs.id)).toBe(false);
  });

  test('beyond the limit none is sent, and that is said of every address alike', async () => {
    const { ctx, aigul, other, ask } = await setUp();
    for (const address of [SECOND, other.address]) {
      for (let n = 0; n < 5; n++) expect(await ask(aigul, address)).toEqual({ ok: true });
      expect(await ask(aigul, address)).toEqual({ ok: false, reason: 'links' });
      expect((await letters(ctx, address)).filter(({ kind }) => kind === 'add-address')).toHaveLength(5);
    }
    ctx.clock.advance(HOUR + 1);
    expect(await ask()).toEqual({ ok: true });
  });
});

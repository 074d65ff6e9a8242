import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Id } from '#db/schema';
import { mailboxOwner, vouchForMailboxes } from '~/domain/account/mailbox-owners.server';
import { Mailbox, mailboxesFor, mailboxFor } from '~/domain/account/mailboxes.server';
import { testContext } from '../../support/context';
import { engines } from '../../support/database';

const ADDRESS = 'reader@there.example';

test('a Mailbox shows its address to nobody who does not ask for it by name', async () => {
  const ctx = await testContext();
  const mailbox = new Mailbox('some id' as Id<'mailbox'>, ADDRESS, true, null);
  ctx.log.info(
    { mailbox, address: ADDRESS, nested: { text: `to ${ADDRESS}, <${ADDRESS}>` } },
    `hello ${ADDRESS} and ${mailbox}`,
  );
  ctx.log.error(new Error(`550 <${ADDRESS}> unknown`));
  const shown = [
    String(mailbox),
    `${mailbox}`,
    JSON.stringify({ mailbox }),
    inspect(mailbox, { showHidden: true, depth: 9 }),
    inspect({ deep: [mailbox] }),
    JSON.stringify(Object.entries(mailbox)),
    JSON.stringify({ ...mailbox }),
    inspect(structuredClone({ ...mailbox })),
    new URLSearchParams({ to: mailbox.toString() }).toString(),
    ...ctx.logged,
  ].join('\n');
  expect(shown).toContain('[hidden]');
  expect(shown).not.toContain('there.example');
  expect(mailbox.reveal()).toBe(ADDRESS);
});

describe.each(engines)('mailboxes on %s', (engine) => {
  test('there is one for an address, however it is written and however often asked for', async () => {
    const ctx = await testContext({ engine });
    const ids = await Promise.all(
      [ADDRESS, 'READER@there.example', ADDRESS].map((address) => mailboxFor(ctx.db, ctx.clock, address)),
    );
    expect(new Set(ids).size).toBe(1);
    const many = await mailboxesFor(ctx.db, ctx.clock, [ADDRESS, 'Other@there.example', 'other@THERE.example']);
    expect([...many.keys()].sort()).toEqual(['other@there.example', ADDRESS]);
    expect(many.get(ADDRESS)).toBe(ids[0]);
    expect(await mailboxesFor(ctx.db, ctx.clock, [])).toEqual(new Map());
  });

  test('is unverified until somebody vouches for it', async () => {
    const ctx = await testContext({ engine });
    const a = await mailboxFor(ctx.db, ctx.clock, ADDRESS);
    expect((await mailboxOwner(ctx.db, a)).verified).toBe(false);
    await vouchForMailboxes(ctx.db, ctx.clock, [a]);
    expect((await mailboxOwner(ctx.db, a)).verified).toBe(true);
  });
});

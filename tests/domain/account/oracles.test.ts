import { expect, test } from 'vitest';
import { write } from '#db/write';
import { createAccount, grantRole, requestSignIn } from '~/domain/account/commands.server';
import { looksLikeLink } from '~/domain/account/looks-like-link';
import { memberKey, staffOf } from '~/domain/account/queries.server';
import { personKey } from '~/domain/account/schema';
import { createConference } from '~/domain/conference/commands.server';
import { submissionSchema } from '~/domain/submission/schema';
import { testContext } from '../../support/context';
import { outboxRows } from '../../support/mail';

test('what names a member to an organiser tells nothing of the account', async () => {
  const ctx = await testContext();
  const conference = (await createConference(ctx, { slug: 'c', name: 'C', timeZone: 'UTC', refPrefix: '' }))!;
  await write(ctx.db, async (trx) => {
    const account = await createAccount(trx, ctx, 'One');
    await grantRole(trx, ctx, account, conference, 'reviewer', 'A');
    await grantRole(trx, ctx, account, conference, 'organiser', 'B');
  });
  const staff = await staffOf(ctx.db, conference);
  const keys = staff.map((member) => memberKey(ctx.config, conference, member));
  expect(new Set(keys).size).toBe(2);
  expect(keys.join()).not.toContain(staff[0]!.accountId);
});

test('notes behind a plus sign give a mailbox no further mails', async () => {
  const ctx = await testContext();
  for (let n = 0; n < 12; n++)
    await requestSignIn(ctx, { address: `reader+${n}@there.example`, next: '/', network: '192.0.2.1' });
  expect(await outboxRows(ctx)).toHaveLength(5);
  expect(personKey('A.b+c+d@X.example')).toBe('ab@x.example');
});

test('an encoded word is no name', () => expect(looksLikeLink('=?utf-8?Q?a=40b?=')).toBe(true));

test('what was handed in cannot be saved as an unfinished draft', () => {
  const choices = { formats: [{ id: 'f', wordLimit: 10 }], themes: [{ id: 't' }] };
  const form = { intent: 'draft', title: 'T', abstract: 'word '.repeat(50), formatId: 'f', themeId: 't' };
  expect(submissionSchema(choices).safeParse(form).success).toBe(true);
  expect(submissionSchema({ ...choices, handedIn: true }).safeParse(form).success).toBe(false);
});

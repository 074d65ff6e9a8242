import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { newId } from '#db/ids';
import { openLucia } from '~/auth/lucia.server';
import { openSessions } from '~/auth/sessions.server';
import type { AppContext } from '~/context.server';
import { block } from '~/domain/account/blocks.server';
import { requestSignIn } from '~/domain/account/commands.server';
import { mailboxFor } from '~/domain/account/mailboxes.server';
import { DAY } from '~/domain/clock';
import { renderMarkdown } from '~/domain/submission/markdown.server';
import { RETENTION, tidy } from '~/housekeeping.server';
import { type TestContext, testContext } from './support/context';
import { engines } from './support/database';
import { outboxRows, queueMails } from './support/mail';
import { openRelay } from './support/relay';
import { makeConference, makePerson, makeSubmission } from './support/world';

async function tidyUp(ctx: TestContext): Promise<void> {
  const sessions = openSessions(ctx.db, openLucia(ctx.db, ctx.config, ctx.clock), ctx.clock);
  await tidy({ ...ctx, sessions } as unknown as AppContext);
}

async function addresses({ db }: TestContext): Promise<string[]> {
  const rows = await db.selectFrom('mailboxes').select('address').orderBy('address').execute();
  return rows.map(({ address }) => address);
}

describe.each(engines)('what nobody needs is thrown away, on %s', (engine) => {
  test('an address that nobody has confirmed and that stands nowhere', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const author = await makePerson(ctx, 'Aigul Author');
    await makeSubmission(ctx, world, author, {
      authors: [
        { name: author.name, me: true },
        { name: 'Named', address: 'named@there.example' },
      ],
    });
    await requestSignIn(ctx, { address: 'passing@there.example', next: '/', network: '192.0.2.1' });
    await mailboxFor(ctx.db, ctx.clock, 'typed@there.example');
    const [own] = (await author.viewer()).mailboxIds;
    const pest = await mailboxFor(ctx.db, ctx.clock, 'blocked@there.example');
    await block(ctx, own!, { mailboxId: pest, name: 'Pest' });
    const silent = await mailboxFor(ctx.db, ctx.clock, 'silent@there.example');
    const unasked_at = ctx.clock.now().toISOString() as never;
    await ctx.db.updateTable('mailboxes').set({ unasked_at }).where('id', '=', silent).execute();
    await ctx.db.updateTable('outbox').set({ state: 'sent' }).where('kind', '=', 'sign-in-link').execute();
    ctx.clock.advance(RETENTION.unusedAddress - 1);
    await tidyUp(ctx);
    expect(await addresses(ctx)).toContain('typed@there.example');
    ctx.clock.advance(2);
    await mailboxFor(ctx.db, ctx.clock, 'new@there.example');
    await tidyUp(ctx);
    expect(await addresses(ctx)).toEqual([
      author.address,
      'blocked@there.example',
      'named@there.example',
      'new@there.example',
      'silent@there.example',
    ]);
    expect((await outboxRows(ctx)).map(({ kind }) => kind)).not.toContain('sign-in-link');
  });

  test('an address to which mail still waits stays until that is over', async () => {
    const ctx = await testContext({ engine });
    await queueMails(ctx, ['waits@there.example']);
    ctx.clock.advance(2 * RETENTION.unusedAddress);
    await tidyUp(ctx);
    expect(await addresses(ctx)).toEqual(['waits@there.example']);
  });

  test('the text of mail, sooner where it went out than where it failed', async () => {
    const ctx = await testContext({ engine });
    await makePerson(ctx, 'A', { address: 'a@there.example' });
    await queueMails(ctx, ['a@there.example', 'a@there.example', 'a@there.example']);
    const [sent, failed] = await outboxRows(ctx);
    await ctx.db.updateTable('outbox').set({ state: 'sent' }).where('id', '=', sent!.id).execute();
    await ctx.db.updateTable('outbox').set({ state: 'failed' }).where('id', '=', failed!.id).execute();
    const texts = async () => (await outboxRows(ctx)).map(({ text }) => text !== '');
    ctx.clock.advance(RETENTION.sentText + 1);
    await tidyUp(ctx);
    expect(await texts()).toEqual([false, true, true]);
    ctx.clock.advance(RETENTION.failedText - RETENTION.sentText);
    await tidyUp(ctx);
    // What waits keeps its text.
    expect(await texts()).toEqual([false, false, true]);
  });

  test('an answer by mail for which nobody has decided', async () => {
    const { ctx } = await openRelay(engine);
    const { id: participant_id } = await ctx.db.selectFrom('participants').select('id').executeTakeFirstOrThrow();
    await ctx.db
      .insertInto('replies')
      .values({
        id: newId(),
        participant_id,
        dedupe_key: 'x',
        outcome: 'held',
        reason: 'stranger',
        body: 'Held words',
        received_at: ctx.clock.now().toISOString() as never,
      })
      .execute();
    const held = async () => ctx.db.selectFrom('replies').select(['outcome', 'body']).execute();
    ctx.clock.advance(RETENTION.heldReply - 1);
    await tidyUp(ctx);
    expect(await held()).toEqual([{ outcome: 'held', body: 'Held words' }]);
    ctx.clock.advance(2);
    await tidyUp(ctx);
    expect(await held()).toEqual([{ outcome: 'discarded', body: '' }]);
  });

  test('Markdown from before it was rendered as it is saved is rendered then, and versions else stay', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const author = await makePerson(ctx, 'Aigul Author');
    for (const markdown of [true, true, false])
      await makeSubmission(ctx, world, author, { abstract: '*Water*', markdown });
    const versions = () =>
      ctx.db.selectFrom('submission_versions').select(['abstract', 'html']).orderBy('id').execute();
    const html = renderMarkdown('*Water*');
    const rendered = [html, html, null].map((one) => ({ abstract: '*Water*', html: one }));
    expect(await versions()).toEqual(rendered);
    await ctx.db.updateTable('submission_versions').set({ html: null }).execute();
    await tidyUp(ctx);
    expect(await versions()).toEqual(rendered);
  });
});

test('the README says after which time', () => {
  const readme = readFileSync('README.md', 'utf8');
  const told = (row: string) =>
    readme
      .split('\n')
      .find((line) => line.startsWith(`| ${row}`))
      ?.split('|')[2]
      ?.trim();
  const days = (time: number) => (time === DAY ? '1 day' : `${time / DAY} days`);
  expect(told('The text of a mail that went out')).toBe(days(RETENTION.sentText));
  expect(told('The text of a mail that failed')).toBe(days(RETENTION.failedText));
  expect(told('A guest')).toContain(days(RETENTION.messageRequest));
  expect(told('An answer by mail that is held  ')).toBe(days(RETENTION.heldReply));
  expect(told('An address that nobody has confirmed')).toBe(days(RETENTION.unusedAddress));
});

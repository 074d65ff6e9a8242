import { describe, expect, test } from 'vitest';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import { block } from '~/domain/account/blocks.server';
import { countAttempt, countTogether, LIMITS, type Limit, MAX_UNANSWERED } from '~/domain/account/limits.server';
import { DAY } from '~/domain/clock';
import { answer, sendMessage } from '~/domain/message/commands.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { type TestContext, testContext } from '../../support/context';
import { type Engine, engines } from '../../support/database';
import { makeConference, makePerson, makeSubmission, newKey, type Paper, type Person } from '../../support/world';

async function setUp(engine: Engine) {
  const ctx = await testContext({ engine });
  const world = await makeConference(ctx);
  const author = await makePerson(ctx, 'Aigul Author');
  const paper = await makeSubmission(ctx, world, author, { state: 'published' });
  const [mailboxId] = (await author.viewer()).mailboxIds;
  const send = async (from: Person, about: Paper = paper) =>
    sendMessage(
      ctx,
      world,
      { submissionId: about.id, versionId: about.versionId, ref: about.ref, title: about.title },
      await from.viewer(),
      { key: newKey(), to: about.authors.map(({ id }) => id as string), subject: 'Sources', body: 'Which archive?' },
    );
  const threads = async (of: Person) => (await threadsOf(ctx.db, world.id, await of.viewer())).threads;
  const reply = async (from: Person, threadId?: string) =>
    answer(ctx, world, threadId ?? (await threads(from))[0]!.id, await from.viewer(), {
      key: newKey(),
      body: 'Box 17.',
    });
  return { ctx, world, author, paper, mailboxId: mailboxId!, send, reply, threads };
}

async function use(ctx: TestContext, what: Limit, who: string, times: number) {
  await write(ctx.db, async (trx) => {
    for (let used = 0; used < times; used++) await countAttempt(trx, ctx, what, who);
  });
}

const blocking = async (ctx: TestContext, mailboxId: Id<'mailbox'>, person: Person) =>
  block(ctx, mailboxId, { mailboxId: (await person.viewer()).mailboxIds[0]!, name: person.name });

describe.each(engines)('limits of messages on %s', (engine) => {
  test('what two people write to each other silences no bystander', async () => {
    const { ctx, world, author, send, reply } = await setUp(engine);
    const reader = await makePerson(ctx, 'Rano Reader');
    expect(await send(reader)).toEqual({ ok: true });
    for (let turn = 0; turn < LIMITS.messageTo.most / 2 + 5; turn++)
      for (const one of [author, reader]) expect(await reply(one)).toEqual({ ok: true });
    for (const name of ['Bakyt', 'Cholpon']) expect(await send(await makePerson(ctx, name))).toEqual({ ok: true });
    // Nor do they use up what each may begin.
    const other = await makePerson(ctx, 'Dana');
    expect(await send(reader, await makeSubmission(ctx, world, other, { state: 'published' }))).toEqual({ ok: true });
  });

  test('answers have a limit of their own, and a day later there is room again', async () => {
    const { ctx, author, send, reply } = await setUp(engine);
    const reader = await makePerson(ctx, 'Rano Reader');
    await send(reader);
    await use(ctx, 'answer', author.accountId, LIMITS.answer.most);
    expect(await reply(author)).toEqual({
      ok: false,
      reason: 'limit',
      limit: 'answer',
      retryAt: new Date(ctx.clock.now().getTime() + DAY),
    });
    ctx.clock.advance(DAY + 1);
    expect(await reply(author)).toEqual({ ok: true });
  });

  test('what a block stops does not count against the day of who blocks', async () => {
    const { ctx, mailboxId, send } = await setUp(engine);
    const [first, second] = [await makePerson(ctx, 'First Pest'), await makePerson(ctx, 'Second Pest')];
    for (const pest of [first, second]) await blocking(ctx, mailboxId, pest);
    await use(ctx, 'messageTo', mailboxId, LIMITS.messageTo.most - 1);
    for (const pest of [first, second, first, second]) expect(await send(pest)).toEqual({ ok: true });
    expect(await send(await makePerson(ctx, 'Bakyt'))).toEqual({ ok: true });
    expect(await send(await makePerson(ctx, 'Cholpon'))).toMatchObject({ ok: false, limit: 'messageTo' });
    // To who is blocked it looks as to anybody: they cannot tell.
    expect(await send(first)).toMatchObject({ ok: false, limit: 'messageTo' });
    ctx.clock.advance(DAY + 1);
    expect(await send(first)).toEqual({ ok: true });
    expect(await send(first)).toMatchObject({ ok: false, reason: 'unanswered' });
  });

  test('what one limit refuses uses up no other', async () => {
    const { ctx, mailboxId, send } = await setUp(engine);
    const reader = await makePerson(ctx, 'Rano Reader');
    await use(ctx, 'messageTo', mailboxId, LIMITS.messageTo.most);
    for (let tried = 0; tried < 5; tried++) expect(await send(reader)).toMatchObject({ limit: 'messageTo' });
    const left = await write(ctx.db, (trx) => countTogether(trx, ctx, [['message', reader.accountId]]));
    expect(left).toBeNull();
    await use(ctx, 'message', reader.accountId, LIMITS.message.most - 2);
    expect(await write(ctx.db, (trx) => countAttempt(trx, ctx, 'message', reader.accountId))).toBeNull();
  });

  test('three first messages wait for an answer at most, about whatever paper and from whatever mailbox', async () => {
    const { ctx, world, author, paper, send, reply, threads } = await setUp(engine);
    const reader = await makePerson(ctx, 'Rano Reader');
    const second = await makeSubmission(ctx, world, author, { state: 'published' });
    expect(MAX_UNANSWERED).toBe(3);
    for (const about of [paper, second, paper]) expect(await send(reader, about)).toEqual({ ok: true });
    const refused = { ok: false, reason: 'unanswered', name: 'Aigul Author' };
    expect(await send(reader, second)).toEqual(refused);
    // What goes on with one of them is counted by the day.
    expect(await reply(reader)).toEqual({ ok: true });
    ctx.clock.advance(30 * DAY);
    expect(await send(reader)).toEqual(refused);
    // Others are not meant.
    expect(await send(await makePerson(ctx, 'Bakyt'))).toEqual({ ok: true });
    const [own] = await threads(reader);
    expect(await reply(author, own!.id)).toEqual({ ok: true });
    expect(await send(reader)).toEqual({ ok: true });
    for (let turn = 0; turn < 5; turn++) expect(await reply(reader, own!.id)).toEqual({ ok: true });
  });

  test('where one of several authors has answered, the writer goes on', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const [author, coauthor] = [await makePerson(ctx, 'Aigul Author'), await makePerson(ctx, 'Cem Coauthor')];
    const paper = await makeSubmission(ctx, world, author, {
      state: 'published',
      authors: [
        { name: author.name, me: true, contactable: true },
        { name: coauthor.name, address: coauthor.address, contactable: true },
      ],
    });
    const reader = await makePerson(ctx, 'Rano Reader');
    const about = { submissionId: paper.id, versionId: paper.versionId, ref: paper.ref, title: paper.title };
    const to = paper.authors.map(({ id }) => id as string);
    const viewer = await reader.viewer();
    await sendMessage(ctx, world, about, viewer, { key: newKey(), to, subject: 'S', body: 'B' });
    const { id } = (await threadsOf(ctx.db, world.id, viewer)).threads[0]!;
    await answer(ctx, world, id, await coauthor.viewer(), { key: newKey(), body: 'Yes.' });
    for (let turn = 0; turn < 6; turn++)
      expect(await answer(ctx, world, id, viewer, { key: newKey(), body: 'And?' })).toEqual({ ok: true });
  });
});

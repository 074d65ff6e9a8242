import { describe, expect, test } from 'vitest';
import { block, unblock } from '~/domain/account/blocks.server';
import { retryLetter } from '~/domain/mail/desk.server';
import { answer, sendMessage } from '~/domain/message/commands.server';
import { comeBack, decideAbout, leave, mute } from '~/domain/message/participation.server';
import { threadById } from '~/domain/message/queries.server';
import { recipientsOf } from '~/domain/message/recipients.server';
import { ownRules, setPaperRule, setRules } from '~/domain/message/rules.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { paperByRef } from '~/domain/programme/queries.server';
import type { TestContext } from '../../support/context';
import { engines } from '../../support/database';
import { outboxRows, outboxStates, runWorker, until } from '../../support/mail';
import { arrive, conversation, openRelay, replyTo, sentLetters } from '../../support/relay';
import { openSmtpSink } from '../../support/smtp-sink';
import { makePerson, newKey, type Person } from '../../support/world';

type Relay = Awaited<ReturnType<typeof openRelay>>;

describe.each(engines)('rules on %s', (engine) => {
  const open = () => openRelay(engine);

  async function threadOf({ ctx, world }: Relay, person: Person) {
    const viewer = await person.viewer();
    const [line] = (await threadsOf(ctx.db, world.id, viewer)).threads;
    return (await threadById(ctx.db, world.id, line!.id, viewer))!;
  }
  const reply = async ({ ctx, world }: Relay, person: Person, threadId: string, body = 'More.') =>
    answer(ctx, world, threadId, await person.viewer(), { key: newKey(), body });
  const names = async ({ ctx, paper }: Relay, participates: boolean) =>
    (
      await recipientsOf(ctx.db, { submissionId: paper.id, versionId: paper.versionId }, { participates })
    ).recipients.map((one) => one.name);

  test('from whom an author takes letters, for all papers and for one', async () => {
    const relay = await open();
    const { ctx, author, paper } = relay;
    const viewer = await author.viewer();
    expect(await names(relay, false)).toEqual(['Aigul Author', 'Cem Coauthor']);
    await setRules(ctx, viewer, { lettersFrom: 'participants', quiet: null });
    expect(await names(relay, false)).toEqual(['Cem Coauthor']);
    expect(await names(relay, true)).toEqual(['Aigul Author', 'Cem Coauthor']);
    expect(await setPaperRule(ctx, viewer, paper.id, 'anyone')).toBe(true);
    expect(await names(relay, false)).toEqual(['Aigul Author', 'Cem Coauthor']);
    expect((await ownRules(ctx.db, viewer)).papers).toMatchObject([{ ref: paper.ref, lettersFrom: 'anyone' }]);
    await setPaperRule(ctx, viewer, paper.id, null);
    expect(await names(relay, false)).toEqual(['Cem Coauthor']);
    expect(await setPaperRule(ctx, await relay.reader.viewer(), paper.id, 'nobody')).toBe(false);
    await setRules(ctx, await relay.coauthor.viewer(), { lettersFrom: 'nobody', quiet: null });
    expect(await names(relay, true)).toEqual(['Aigul Author']);
  });

  test('the page of a paper offers to write as long as one of its authors takes letters', async () => {
    const relay = await open();
    const { ctx, author, paper, world } = relay;
    const page = async () => {
      const { content_version: version } = await ctx.db
        .selectFrom('conferences')
        .select('content_version')
        .where('id', '=', world.id)
        .executeTakeFirstOrThrow();
      return { version, offers: (await paperByRef(ctx.db, world.id, paper.ref, null))!.contactable };
    };
    const before = await page();
    expect(before.offers).toBe(true);
    await setRules(ctx, await author.viewer(), { lettersFrom: 'nobody', quiet: null });
    await setRules(ctx, await relay.coauthor.viewer(), { lettersFrom: 'nobody', quiet: null });
    const refused = await page();
    expect(refused.offers).toBe(false);
    await setPaperRule(ctx, await author.viewer(), paper.id, 'anyone');
    const after = await page();
    expect(after.offers).toBe(true);
    // Pages that are kept are kept by that number.
    expect(before.version).toBeLessThan(refused.version);
    expect(refused.version).toBeLessThan(after.version);
  });

  test('a first message that waits for a yes: asked by mail without a word of it, sent on after the yes', async () => {
    const relay = await open();
    const { ctx, author, reader } = relay;
    await setRules(ctx, await author.viewer(), { lettersFrom: 'asked', quiet: null });
    await relay.begin();
    const [asking] = await sentLetters(ctx);
    expect(asking).toMatchObject({ address: author.address, kind: 'message-asked', reply_token: null });
    expect(asking!.text + asking!.html).not.toContain('Which archive');
    const mine = await threadOf(relay, reader);
    expect(mine.messages[0]!.deliveries).toEqual([{ name: 'Aigul Author', state: 'asked' }]);
    expect(await reply(relay, reader, mine.id)).toEqual({ ok: false, reason: 'waiting' });
    const theirs = await threadOf(relay, author);
    expect(theirs.messages[0]!.body).toBe('Which archive holds the letters?');
    expect(await reply(relay, author, mine.id)).toEqual({ ok: false, reason: 'undecided' });

    await decideAbout(ctx, theirs.own, false);
    expect((await threadsOf(ctx.db, relay.world.id, await author.viewer())).threads.map(({ id }) => id)).not.toContain(
      mine.id,
    );
    expect((await threadOf(relay, reader)).messages[0]!.deliveries).toMatchObject([{ state: 'asked' }]);

    await decideAbout(ctx, theirs.own, true);
    await decideAbout(ctx, theirs.own, true);
    const [sent, before] = await sentLetters(ctx);
    expect(sent).toMatchObject({ address: author.address, kind: 'relayed-message' });
    expect(sent!.text).toContain('Which archive holds the letters?');
    expect(before!.kind).toBe('message-asked');
    await arrive(ctx, { from: author.address, to: await replyTo(ctx, author.address) });
    expect(await conversation(ctx)).toContainEqual(['Aigul Author', 'It is in Tashkent.']);
    expect(await reply(relay, reader, mine.id)).toEqual({ ok: true });
  });

  /** To whom mail goes when all that waits is sent. */
  async function delivered(ctx: TestContext): Promise<string[]> {
    const sink = await openSmtpSink();
    const worker = runWorker(ctx, sink);
    await until(async () => {
      const { queued = 0, sending = 0 } = await outboxStates(ctx);
      return queued + sending === 0;
    });
    await worker.stop();
    return sink.mails.flatMap((mail) => mail.to);
  }

  test('who mutes gets no mail, reads on the portal, and nobody can tell', async () => {
    const relay = await open();
    const { ctx, author, reader } = relay;
    await delivered(ctx);
    const { own, id } = await threadOf(relay, author);
    await mute(ctx, own, true);
    await reply(relay, reader, id);
    expect(await delivered(ctx)).toEqual([]);
    expect((await threadOf(relay, author)).messages).toHaveLength(2);
    expect((await threadOf(relay, reader)).messages[1]!.deliveries).toEqual([
      { name: 'Aigul Author', state: 'handed' },
    ]);
    await mute(ctx, own, false);
    await reply(relay, reader, id);
    expect(await delivered(ctx)).toEqual([author.address]);
  });

  test('who leaves gets nothing of what comes after, is seen to have left, and can come back', async () => {
    const relay = await open();
    const { ctx, author, coauthor, reader } = relay;
    await delivered(ctx);
    await relay.begin(['Aigul Author', 'Cem Coauthor']);
    const old = await replyTo(ctx, author.address);
    const { own, id } = await threadOf(relay, author);
    await leave(ctx, own.id);
    expect(await reply(relay, author, id)).toEqual({ ok: false, reason: 'left' });
    // What had been queued before is not sent either.
    expect(await delivered(ctx)).toEqual([coauthor.address]);
    ctx.clock.advance(1_000);
    expect(await reply(relay, reader, id, 'Are you there?')).toEqual({ ok: true });
    expect(await delivered(ctx)).toEqual([coauthor.address]);
    expect((await threadById(ctx.db, relay.world.id, id, await author.viewer()))!.messages).toHaveLength(1);
    expect(await arrive(ctx, { from: author.address, to: old })).toMatchObject([{ code: 550 }]);

    const other = (await threadById(ctx.db, relay.world.id, id, await coauthor.viewer()))!;
    await leave(ctx, other.own.id);
    expect(await reply(relay, reader, id)).toEqual({ ok: false, reason: 'alone' });
    await comeBack(ctx, own);
    expect(await reply(relay, reader, id)).toEqual({ ok: true });
    expect(await arrive(ctx, { from: author.address, to: old })).toMatchObject([{ code: 550 }]);
    expect(await arrive(ctx, { from: author.address, to: await replyTo(ctx, author.address) })).toMatchObject([
      { code: 250 },
    ]);
  });

  test('relay 82: a blocked sender with a plus-tag, dots, or another address of theirs is still blocked', async () => {
    const relay = await open();
    const { ctx, world, author, reader, paper } = relay;
    await delivered(ctx);
    const thread = await threadOf(relay, author);
    const other = thread.participants.find((one) => one.name === reader.name)!;
    await block(ctx, thread.own.mailboxId, other);
    await block(ctx, thread.own.mailboxId, other);
    // They see nothing of it: what they send looks as if it had gone.
    expect(await reply(relay, reader, thread.id)).toEqual({ ok: true });
    expect(await delivered(ctx)).toEqual([]);
    expect((await threadOf(relay, reader)).messages[1]!.deliveries).toMatchObject([{ state: 'handed' }]);
    const shown = (await threadById(ctx.db, world.id, thread.id, await author.viewer()))!;
    expect(shown.messages).toEqual([]);
    expect(shown.blocked).toEqual([other.id]);

    for (const address of ['rano.reader+again@people.example', 'r.a.n.o.reader+x@people.example']) {
      const again = await makePerson(ctx, 'Somebody Else', { address });
      const sent = await sendMessage(ctx, world, { ...paper, submissionId: paper.id }, await again.viewer(), {
        key: newKey(),
        to: [paper.authors[0]!.id],
        subject: 'Me again',
        body: 'Hello',
      });
      expect(sent).toEqual({ ok: true });
      expect(await delivered(ctx)).toEqual([]);
    }
    const { threads } = await threadsOf(ctx.db, world.id, await author.viewer());
    expect(threads.map(({ id }) => id)).toEqual([thread.id]);
    // Others are not taken for them.
    const stranger = await makePerson(ctx, 'Nobody Blocked', { address: 'rano@people.example' });
    await sendMessage(ctx, world, { ...paper, submissionId: paper.id }, await stranger.viewer(), {
      key: newKey(),
      to: [paper.authors[0]!.id],
      subject: 'First time',
      body: 'Hello',
    });
    expect(await delivered(ctx)).toEqual([author.address]);

    await unblock(ctx, await author.viewer(), other.mailboxId);
    await reply(relay, reader, thread.id);
    expect(await delivered(ctx)).toEqual([author.address]);
  });

  test('quiet hours hold mail back until they end', async () => {
    const relay = await open();
    const { ctx, author } = relay;
    const hour = (offset: number) =>
      new Date(ctx.clock.now().getTime() + offset * 3_600_000).toISOString().slice(11, 16);
    await setRules(ctx, await author.viewer(), {
      lettersFrom: 'anyone',
      quiet: { from: hour(-1), until: hour(2), zone: 'UTC' },
    });
    // The first letter waits since before the hours were set.
    const letter = async () => (await outboxRows(ctx)).find((row) => row.kind === 'relayed-message')!;
    const sink = await openSmtpSink();
    const worker = runWorker(ctx, sink);
    await until(async () => (await letter()).next_attempt_at > ctx.clock.now().toISOString());
    const postponed = await letter();
    const wait = Date.parse(postponed.next_attempt_at) - ctx.clock.now().getTime();
    expect(wait).toBeGreaterThan(1.9 * 3_600_000);
    expect(wait).toBeLessThan(2.1 * 3_600_000);
    expect(postponed).toMatchObject({ state: 'queued', attempts: 0, error_code: null });
    // Nor does an organiser send it into the night; and one that is not wanted waits with all others.
    await block(ctx, (await author.viewer()).mailboxIds[0]!, {
      mailboxId: (await relay.reader.viewer()).mailboxIds[0]!,
      name: 'R',
    });
    await retryLetter(ctx, relay.world.id, postponed.id);
    worker.wake();
    await until(async () => (await letter()).next_attempt_at === postponed.next_attempt_at);
    await unblock(ctx, await author.viewer(), (await relay.reader.viewer()).mailboxIds[0]!);
    expect(sink.mails.some(({ raw }) => raw.includes('Your sources'))).toBe(false);
    // Without quiet hours it goes at once.
    await setRules(ctx, await author.viewer(), { lettersFrom: 'anyone', quiet: null });
    worker.wake();
    await until(async () => (await letter()).state === 'sent');
  });

  test('weeks after the conference nobody can write any more, by web or by mail', async () => {
    const relay = await open();
    const { ctx, author, reader } = relay;
    const { id } = await threadOf(relay, reader);
    const to = await replyTo(ctx, author.address);
    ctx.clock.set('2027-07-31T19:00:00.000Z');
    expect(await reply(relay, reader, id)).toEqual({ ok: false, reason: 'ended' });
    await ctx.db
      .updateTable('reply_tokens')
      .set({ expires_at: '2099-01-01T00:00:00.000Z' as never })
      .execute();
    expect(await arrive(ctx, { from: author.address, to })).toMatchObject([{ code: 550 }]);
    await expect(relay.begin()).rejects.toThrow('refused');
    expect((await threadOf(relay, reader)).messages).toHaveLength(1);
  });
});

test('what is unread comes first, and is found by its words', async () => {
  const relay = await openRelay();
  const { ctx, world, author, coauthor, reader } = relay;
  await relay.begin(['Cem Coauthor']);
  await relay.begin(['Aigul Author', 'Cem Coauthor']);
  const list = async (person: Person, options = {}) => threadsOf(ctx.db, world.id, await person.viewer(), options);
  expect((await list(reader)).threads.map(({ unread }) => unread)).toEqual([false, false, false]);
  const mine = (await list(reader)).threads;
  expect(mine.map(({ others }) => others)).toEqual([
    ['Aigul Author', 'Cem Coauthor'],
    ['Cem Coauthor'],
    ['Aigul Author'],
  ]);
  await answer(ctx, world, mine[2]!.id, await author.viewer(), { key: newKey(), body: 'Here.' });
  await answer(ctx, world, mine[1]!.id, await coauthor.viewer(), { key: newKey(), body: 'There.' });
  expect((await list(reader)).threads.map(({ id, unread }) => [id, unread])).toEqual([
    [mine[1]!.id, true],
    [mine[2]!.id, true],
    [mine[0]!.id, false],
  ]);
  const first = await list(reader, { limit: 2 });
  const second = await list(reader, { limit: 2, before: first.next! });
  expect([...first.threads, ...second.threads].map(({ id }) => id)).toEqual(
    [mine[1]!, mine[2]!, mine[0]!].map(({ id }) => id),
  );
  expect(second.next).toBeNull();
  expect((await list(reader, { search: 'AIGÜL sources' })).threads).toHaveLength(2);
  expect((await list(reader, { search: 'nothing of the kind %' })).threads).toHaveLength(0);
  expect((await list(reader, { search: relay.paper.ref })).threads).toHaveLength(3);
  expect((await list(reader, { search: '%' })).threads).toHaveLength(0);
});

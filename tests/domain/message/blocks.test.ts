import { describe, expect, test } from 'vitest';
import { block, unblock } from '~/domain/account/blocks.server';
import { answer, sendMessage } from '~/domain/message/commands.server';
import { threadById } from '~/domain/message/queries.server';
import { obstacleTo } from '~/domain/message/thread.server';
import { latestFor, threadsOf } from '~/domain/message/thread-list.server';
import { testContext } from '../../support/context';
import { type Engine, engines } from '../../support/database';
import { drain } from '../../support/mail';
import { openSmtpSink } from '../../support/smtp-sink';
import { makeConference, makePerson, makeSubmission, newKey, type Person } from '../../support/world';

/** A conversation of a reader with an author and a co-author, in which the reader has written twice. */
async function setUp(engine: Engine) {
  const ctx = await testContext({ engine });
  const world = await makeConference(ctx);
  const [author, coauthor] = [await makePerson(ctx, 'Aigul Author'), await makePerson(ctx, 'Cem Coauthor')];
  const reader = await makePerson(ctx, 'Rano Reader');
  const paper = await makeSubmission(ctx, world, author, {
    state: 'published',
    authors: [
      { name: author.name, me: true, contactable: true },
      { name: coauthor.name, address: coauthor.address, contactable: true },
    ],
  });
  const about = { submissionId: paper.id, versionId: paper.versionId, ref: paper.ref, title: paper.title };
  const send = async (from: Person, subject: string, to = paper.authors.map(({ id }) => id as string)) =>
    sendMessage(ctx, world, about, await from.viewer(), {
      key: newKey(),
      to,
      subject,
      body: `${subject}, says ${from.name}`,
    });
  const list = async (of: Person) => (await threadsOf(ctx.db, world.id, await of.viewer())).threads;
  await send(reader, 'Sources');
  const { id } = (await list(author))[0]!;
  const seen = async (by: Person, thread = id) => (await threadById(ctx.db, world.id, thread, await by.viewer()))!;
  const write = async (from: Person, body: string, thread = id) =>
    answer(ctx, world, thread, await from.viewer(), { key: newKey(), body });
  await write(reader, 'Once more');
  const put = async (by: Person, whom: Person) => {
    const { own, participants } = await seen(by);
    await block(ctx, own.mailboxId, participants.find(({ name }) => name === whom.name)!);
  };
  const deliver = async () => {
    const sink = await openSmtpSink();
    await drain(ctx, sink);
    return sink.mails
      .filter(({ raw }) => raw.includes('[T0001]'))
      .flatMap(({ to }) => to)
      .sort();
  };
  return { ctx, world, author, coauthor, reader, paper, id, send, list, seen, write, put, deliver };
}

const bodies = ({ messages }: { messages: { body: string }[] }) => messages.map(({ body }) => body);

describe.each(engines)('a block on %s', (engine) => {
  test('takes what they wrote out of the list and the conversation, and keeps it folded for who blocks', async () => {
    const { author, coauthor, reader, id, list, seen, write, put } = await setUp(engine);
    expect((await list(author))[0]).toMatchObject({ unread: true, latest: { beginning: 'Once more' } });
    await put(author, reader);
    expect(await list(author)).toMatchObject([{ id, unread: false, latest: null }]);
    const thread = await seen(author);
    expect([bodies(thread), thread.folded.map(({ body }) => body)]).toEqual([
      [],
      ['Sources, says Rano Reader', 'Once more'],
    ]);
    // What others write is there, previewed and new; what the blocked person writes is not.
    await write(coauthor, 'Box 17');
    await write(reader, 'And now?');
    expect((await list(author))[0]).toMatchObject({
      unread: true,
      latest: { writer: 'Cem Coauthor', beginning: 'Box 17' },
    });
    expect(bodies(await seen(author))).toEqual(['Box 17']);
    expect((await seen(author)).folded.map(({ body }) => body)).toContain('And now?');
    // For others nothing has changed.
    expect(bodies(await seen(coauthor))).toHaveLength(4);
    expect((await seen(reader)).folded).toEqual([]);
  });

  test('holds the other way as well, and they are not told', async () => {
    const { ctx, author, coauthor, reader, seen, write, put, deliver, list } = await setUp(engine);
    expect(await write(author, 'Before')).toEqual({ ok: true });
    await deliver();
    ctx.clock.advance(1);
    await put(author, reader);
    ctx.clock.advance(1);
    expect(await write(author, 'Between us')).toEqual({ ok: true });
    expect(await deliver()).toEqual([coauthor.address]);
    expect(bodies(await seen(coauthor))).toContain('Between us');
    // What had been there stays, so that it tells nothing.
    expect(bodies(await seen(reader)).at(-1)).toBe('Before');
    expect((await list(reader))[0]).toMatchObject({ latest: { beginning: 'Before' } });
    expect(await write(reader, 'Hello?')).toEqual({ ok: true });
    expect(await deliver()).toEqual([coauthor.address]);
    expect((await seen(reader)).messages.at(-1)!.deliveries.map(({ state }) => state)).toEqual(['handed', 'handed']);
  });

  test('stops what was on its way, in both directions', async () => {
    const { author, coauthor, reader, write, put, deliver } = await setUp(engine);
    await write(author, 'Still queued');
    await put(author, reader);
    // Two of the reader's and one of the author's to the co-author, and nothing between the two.
    expect(await deliver()).toEqual([coauthor.address, coauthor.address, coauthor.address]);
  });

  test('who has blocked everybody there, or whom they choose, is told to unblock first', async () => {
    const { ctx, world, author, coauthor, reader, paper, seen, write, put, send } = await setUp(engine);
    for (const other of [author, coauthor]) await put(reader, other);
    const thread = await seen(reader);
    expect(await obstacleTo(ctx.db, ctx, world, thread, thread.own)).toBe('blocked');
    expect(await write(reader, 'Anybody?')).toEqual({ ok: false, reason: 'blocked' });
    expect(await send(reader, 'Anew')).toEqual({ ok: false, reason: 'blocked' });
    await unblock(
      ctx,
      await reader.viewer(),
      thread.participants.find(({ name }) => name === coauthor.name)!.mailboxId,
    );
    expect(await write(reader, 'You, then')).toEqual({ ok: true });
    expect(await send(reader, 'Anew', [paper.authors[0]!.id])).toEqual({ ok: false, reason: 'blocked' });
    expect(await send(reader, 'Anew')).toEqual({ ok: true });
  });

  test('an open page is told of nothing that a block keeps from it', async () => {
    const { ctx, author, coauthor, reader, seen, write, put } = await setUp(engine);
    await put(author, reader);
    const { own } = await seen(author);
    const latest = async () => (await latestFor(ctx.db, [own.id]))[0]?.latest;
    const before = await latest();
    await write(reader, 'More');
    expect(await latest()).toBe(before);
    await write(coauthor, 'Box 17');
    expect(await latest()).not.toBe(before);
  });

  test('once it is lifted everything is there again', async () => {
    const { ctx, author, reader, seen, write, put, list } = await setUp(engine);
    await put(author, reader);
    await write(reader, 'More');
    await unblock(ctx, await author.viewer(), (await reader.viewer()).mailboxIds[0]!);
    expect(bodies(await seen(author))).toHaveLength(3);
    expect((await seen(author)).folded).toEqual([]);
    expect((await list(author))[0]!.latest).not.toBeNull();
  });
});

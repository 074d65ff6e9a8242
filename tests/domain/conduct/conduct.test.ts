import { describe, expect, test } from 'vitest';
import { newId } from '#db/ids';
import { verifyMailbox } from '~/domain/account/mailbox-owners.server';
import { mailboxFor } from '~/domain/account/mailboxes.server';
import { isSuspended } from '~/domain/account/suspensions.server';
import { judge, readReport, reportMessage } from '~/domain/conduct/commands.server';
import { auditOf, reportById, reportsFor, volumesOf } from '~/domain/conduct/queries.server';
import { judgementSchema } from '~/domain/conduct/schema';
import { answer, sendMessage } from '~/domain/message/commands.server';
import { threadById } from '~/domain/message/queries.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { engines } from '../../support/database';
import { dump } from '../../support/dump';
import { runWorker, until } from '../../support/mail';
import { arrive, openRelay, replyTo, sentLetters } from '../../support/relay';
import { openSmtpSink } from '../../support/smtp-sink';
import { makePerson, newKey, type Person } from '../../support/world';

describe.each(engines)('conduct on %s', (engine) => {
  /** The author has reported what the reader wrote. */
  async function reported(options: { contact?: boolean } = {}) {
    const relay = await openRelay(engine);
    const { ctx, world, author, reader } = relay;
    const organiser = await makePerson(ctx, 'Olga Organiser', { roles: [[world, 'organiser']] });
    const contact = await makePerson(ctx, 'Cleo Conduct', {
      roles: options.contact === false ? [] : [[world, 'conduct']],
    });
    const viewer = await author.viewer();
    const [line] = (await threadsOf(ctx.db, world.id, viewer)).threads;
    const thread = (await threadById(ctx.db, world.id, line!.id, viewer))!;
    const message = thread.messages[0]!;
    const report = () =>
      reportMessage(ctx, world, thread.own, message.id, { reason: 'harassment', note: 'Third time.' });
    await report();
    const [open] = (await reportsFor(ctx.db, world.id, await contact.viewer())).lines;
    const act = async (act: Parameters<typeof judge>[4]['act'], note = '') =>
      judge(ctx, world, await contact.viewer(), open!.id, { act, note });
    const reply = async (person: Person) =>
      answer(ctx, world, thread.id, await person.viewer(), { key: newKey(), body: 'More.' });
    return { ...relay, organiser, contact, thread, message, report, open: open!, act, reply, author, reader };
  }

  test('a report tells the contacts by mail that there is one, once, and not a word of it', async () => {
    const { ctx, contact, author, message, report, open } = await reported();
    await report();
    const letters = (await sentLetters(ctx)).filter((letter) => letter.kind === 'message-reported');
    expect(letters.map(({ address }) => address)).toEqual([contact.address]);
    const [letter] = letters;
    expect(letter!.text).toContain(`/conduct/${open.id}`);
    for (const secret of [message.body, 'Third time', author.name, 'Rano Reader'])
      expect(letter!.text + letter!.html + letter!.subject).not.toContain(secret);
  });

  test('where nobody is a contact the organisers are asked to name one', async () => {
    const { ctx, organiser } = await reported({ contact: false });
    const [letter] = (await sentLetters(ctx)).filter((one) => one.kind === 'message-reported');
    expect(letter).toMatchObject({ address: organiser.address });
    expect(letter!.text).toContain('/organise/people');
  });

  test('a contact reads that one message, which is logged once; the reporter is in nothing that they see', async () => {
    const { ctx, world, contact, open, message, author, thread, reply, reader } = await reported();
    await reply(reader);
    const viewer = await contact.viewer();
    const report = (await readReport(ctx, world.id, viewer, open.id))!;
    await readReport(ctx, world.id, viewer, open.id);
    expect([report.subject, report.message.body]).toEqual([thread.subject, message.body]);
    const { lines: log } = await auditOf(ctx.db, world.id);
    expect(log).toMatchObject([{ by: 'Cleo Conduct', act: 'read', ref: open.ref }]);
    const seen = JSON.stringify([report, log, await reportsFor(ctx.db, world.id, viewer)]);
    for (const secret of [author.name, thread.own.id, 'More.', author.address]) expect(seen).not.toContain(secret);
    expect(await threadById(ctx.db, world.id, thread.id, viewer)).toBeNull();
  });

  test('nobody reads or judges a report about themselves, or of another conference', async () => {
    const { ctx, world, open, reader } = await reported();
    const viewer = await reader.viewer();
    expect((await reportsFor(ctx.db, world.id, viewer)).lines).toEqual([]);
    expect(await reportById(ctx.db, world.id, open.id, viewer)).toBeNull();
    expect(await judge(ctx, world, viewer, open.id, { act: 'dismissed', note: '' })).toBeNull();
    const other = await makePerson(ctx, 'Else Where');
    expect(await reportById(ctx.db, newKey() as never, open.id, await other.viewer())).toBeNull();
  });

  test('a warning goes to the writer, with the contacts’ words and none of the report', async () => {
    const { ctx, world, act, contact, open, reader } = await reported();
    expect(await act('warned', 'Please write only once.')).toEqual({ ok: true });
    const [letter] = await sentLetters(ctx);
    expect(letter).toMatchObject({ address: reader.address, kind: 'conduct-notice' });
    expect(letter!.text).toContain('Please write only once.');
    for (const secret of ['Aigul', 'Third time', 'Cleo']) expect(letter!.text).not.toContain(secret);
    const settled = await reportById(ctx.db, world.id, open.id, await contact.viewer());
    expect(settled!.settledAt).not.toBeNull();
  });

  test('who is suspended writes to nobody here, by web or mail or another address of theirs, until it is lifted', async () => {
    const relay = await reported();
    const { ctx, world, act, author, reader, paper, reply } = relay;
    await reply(author);
    const to = await replyTo(ctx, reader.address);
    await act('suspended');
    runWorker(ctx, await openSmtpSink());
    // What they had written and had not gone out yet.
    await until(async () => (await sentLetters(ctx)).every(({ state }) => state === 'sent' || state === 'cancelled'));
    const stopped = (await sentLetters(ctx)).filter(({ state }) => state === 'cancelled');
    expect(stopped.map(({ address, error_code }) => [address, error_code])).toEqual([[author.address, 'conduct']]);
    expect(await reply(reader)).toEqual({ ok: false, reason: 'suspended' });
    expect(await arrive(ctx, { from: reader.address, to })).toMatchObject([{ code: 550 }]);
    const other = await makePerson(ctx, 'Rano Reader', { address: 'rano.reader+2@people.example' });
    const write = async (person: Person) =>
      sendMessage(ctx, world, { ...paper, submissionId: paper.id }, await person.viewer(), {
        key: newKey(),
        to: [paper.authors[0]!.id],
        subject: 'S',
        body: 'B',
      });
    expect(await write(other)).toEqual({ ok: false, reason: 'suspended' });
    // Others go on.
    expect(await reply(author)).toEqual({ ok: true });
    await act('lifted');
    expect(await reply(reader)).toEqual({ ok: true });
    expect(await write(other)).toEqual({ ok: true });
    expect((await auditOf(ctx.db, world.id)).lines.map((line) => line.act)).toEqual(['lifted', 'suspended']);
  });

  test('whoever is suspended by one address and reported by another is free again once it is lifted', async () => {
    const { ctx, world, act, author, contact, paper } = await reported();
    await act('suspended');
    const other = await makePerson(ctx, 'Rano Reader', { address: 'rano.reader+2@people.example' });
    const viewer = await other.viewer();
    // Before the suspension it had written too; that is reported now.
    await ctx.db
      .updateTable('suspensions')
      .set({ lifted_at: ctx.clock.now().toISOString() as never })
      .execute();
    const input = { key: newKey(), to: [paper.authors[0]!.id], subject: 'S', body: 'B' };
    await sendMessage(ctx, world, { ...paper, submissionId: paper.id }, viewer, input);
    await ctx.db.updateTable('suspensions').set({ lifted_at: null }).execute();
    const threads = (await threadsOf(ctx.db, world.id, await author.viewer())).threads;
    for (const { id } of threads) {
      const thread = (await threadById(ctx.db, world.id, id, await author.viewer()))!;
      await reportMessage(ctx, world, thread.own, thread.messages[0]!.id, { reason: 'spam', note: '' });
    }
    const [newest] = (await reportsFor(ctx.db, world.id, await contact.viewer())).lines;
    await judge(ctx, world, await contact.viewer(), newest!.id, { act: 'lifted', note: '' });
    expect(await isSuspended(ctx.db, world.id, viewer.mailboxIds[0]!)).toBe(false);
  });

  test('a contact’s words to a writer name no address', () => {
    const judged = judgementSchema.safeParse({ act: 'warned', note: 'aigul.author (at) people.example complains' });
    expect(judged.success).toBe(false);
  });

  test('a contact who is reported is not told so, whichever of their addresses wrote', async () => {
    const { ctx, world, author, contact, paper } = await reported();
    const second = await mailboxFor(ctx.db, ctx.clock, 'cleo.at.home@people.example');
    const { accountId } = await contact.viewer();
    await verifyMailbox(ctx.db, ctx.clock, second, accountId);
    await ctx.db
      .updateTable('mailboxes')
      .set({ created_at: '2020-01-01T00:00:00.000Z' as never })
      .where('id', '=', second)
      .execute();
    const input = { key: newKey(), to: [paper.authors[0]!.id], subject: 'S', body: 'B' };
    await sendMessage(ctx, world, { ...paper, submissionId: paper.id }, await contact.viewer(), input);
    const before = (await sentLetters(ctx)).filter(({ kind }) => kind === 'message-reported').length;
    const viewer = await author.viewer();
    for (const { id } of (await threadsOf(ctx.db, world.id, viewer)).threads) {
      const thread = (await threadById(ctx.db, world.id, id, viewer))!;
      await reportMessage(ctx, world, thread.own, thread.messages[0]!.id, { reason: 'spam', note: '' });
    }
    expect((await sentLetters(ctx)).filter(({ kind }) => kind === 'message-reported')).toHaveLength(before);
  });

  test('a closed thread takes no more, from anybody, until it is open again', async () => {
    const { ctx, act, author, reader, reply, thread, world } = await reported();
    const to = await replyTo(ctx, author.address);
    await act('closed');
    // What was written before and has not gone out does not go, and its writer is not told that it was handed on.
    runWorker(ctx, await openSmtpSink());
    await until(async () => (await sentLetters(ctx)).some(({ error_code }) => error_code === 'conduct'));
    const seen = await threadById(ctx.db, world.id, thread.id, await reader.viewer());
    expect(seen!.messages[0]!.deliveries.map(({ state }) => state)).toEqual(['failed']);
    expect([await reply(reader), await reply(author)]).toEqual([
      { ok: false, reason: 'closed' },
      { ok: false, reason: 'closed' },
    ]);
    expect(await arrive(ctx, { from: author.address, to })).toMatchObject([{ code: 550 }]);
    await act('reopened');
    expect(await reply(reader)).toEqual({ ok: true });
  });

  test('reports and the log come in pages', async () => {
    const { ctx, world, contact, open } = await reported();
    const viewer = await contact.viewer();
    const [report, line] = [
      await ctx.db.selectFrom('reports').selectAll().where('id', '=', open.id).executeTakeFirstOrThrow(),
      (await readReport(ctx, world.id, viewer, open.id)) &&
        (await ctx.db.selectFrom('audit').selectAll().executeTakeFirstOrThrow()),
    ];
    const people = await ctx.db.selectFrom('participants').select('id').execute();
    const messages = Array.from({ length: 60 }, () => newId<'message'>());
    const [message] = await ctx.db.selectFrom('messages').selectAll().execute();
    for (const id of messages) {
      await ctx.db
        .insertInto('messages')
        .values({ ...message!, id, idempotency_key: id })
        .execute();
      const settled_at = ctx.clock.now().toISOString() as never;
      const copy = { ...report, id: newId<'report'>(), message_id: id, participant_id: people[0]!.id, settled_at };
      await ctx.db.insertInto('reports').values(copy).execute();
      await ctx.db
        .insertInto('audit')
        .values({ ...line!, id: newId() })
        .execute();
    }
    const first = await reportsFor(ctx.db, world.id, viewer, { settled: true });
    const second = await reportsFor(ctx.db, world.id, viewer, { settled: true, before: first.next! });
    expect([first.lines.length, second.lines.length, second.next]).toEqual([50, 10, null]);
    const log = await auditOf(ctx.db, world.id);
    expect([log.lines.length, (await auditOf(ctx.db, world.id, log.next!)).lines.length]).toEqual([50, 11]);
    expect((await reportsFor(ctx.db, world.id, viewer)).lines.map(({ id }) => id)).toEqual([open.id]);
  });

  test('organisers see how much, and no words', async () => {
    const { ctx, world, reader, reply } = await reported();
    await reply(reader);
    expect(await volumesOf(ctx.db, world.id, ctx.clock.now())).toEqual({
      threads: 1,
      messages: 2,
      lastDay: 2,
      reports: 1,
      openReports: 1,
      contacts: 1,
    });
    ctx.clock.advance(2 * 86_400_000);
    expect(await volumesOf(ctx.db, world.id, ctx.clock.now())).toMatchObject({ messages: 2, lastDay: 0 });
  });

  test('reports have a limit', async () => {
    const { ctx, report } = await reported();
    for (let count = 0; count < 19; count++) expect(await report()).toMatchObject({ ok: true });
    expect(await report()).toMatchObject({ ok: false });
    expect((await dump(ctx.db)).reports).toHaveLength(1);
  });
});

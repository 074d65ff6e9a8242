import { describe, expect, test } from 'vitest';
import { judge, nameContact, readReport, removeContact, reportMessage } from '~/domain/conduct/commands.server';
import { auditOf, decisionsOn, reportsFor } from '~/domain/conduct/queries.server';
import { threadById } from '~/domain/message/queries.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { engines } from '../../support/database';
import { letters } from '../../support/inbox';
import { openRelay } from '../../support/relay';
import { makePerson } from '../../support/world';

describe.each(engines)('who reads reports, and what becomes of them, on %s', (engine) => {
  async function setUp() {
    const relay = await openRelay(engine);
    const { ctx, world } = relay;
    const person = (name: string, role: 'organiser' | 'conduct') => makePerson(ctx, name, { roles: [[world, role]] });
    const [olga, omar] = [await person('Olga Organiser', 'organiser'), await person('Omar Organiser', 'organiser')];
    const log = async (by = omar) => (await auditOf(ctx.db, world.id, undefined, await by.viewer())).lines;
    const told = async (to: string) => (await letters(ctx, to)).filter(({ kind }) => kind === 'conduct-named');
    return { ...relay, olga, omar, person, log, told };
  }

  test('nobody makes themself a conduct contact unseen', async () => {
    const { ctx, world, olga, omar, log, told } = await setUp();
    const self = { name: 'Olga', address: olga.address };
    await nameContact(ctx, world, await olga.viewer(), self);
    expect(await log()).toMatchObject([{ by: 'Olga Organiser', act: 'named', name: 'Olga', ref: null }]);
    const [mail] = await told(omar.address);
    expect(mail!.text).toContain('Olga Organiser has made themself a conduct contact');
    expect(await told(olga.address)).toEqual([]);
    // Once more changes nothing, and tells nobody.
    await nameContact(ctx, world, await olga.viewer(), self);
    expect([(await log()).length, (await told(omar.address)).length]).toEqual([1, 1]);
  });

  test('whoever is named or removed stands in the log under the name that they were given', async () => {
    const { ctx, world, olga, omar, log, told } = await setUp();
    const known = await makePerson(ctx, 'Known Under Another');
    await nameContact(ctx, world, await olga.viewer(), { name: 'Cleo', address: known.address });
    const [mail] = await told(omar.address);
    expect(mail!.text).toContain('Olga Organiser has made Cleo a conduct contact');
    for (const secret of [known.address, known.name]) expect(mail!.text + mail!.html).not.toContain(secret);
    const member = { accountId: known.accountId, name: 'Cleo', role: 'conduct' as const };
    expect(await removeContact(ctx, world, await olga.viewer(), member)).toBe('removed');
    expect(await removeContact(ctx, world, await olga.viewer(), member)).toBe('gone');
    expect((await log()).map(({ act, name }) => [act, name])).toEqual([
      ['removed', 'Cleo'],
      ['named', 'Cleo'],
    ]);
  });

  test('a reported organiser does not learn from the log that anything of theirs was reported', async () => {
    const { ctx, world, author, reader, omar, person, log } = await setUp();
    // Who was reported organises.
    const { db } = ctx;
    await db
      .insertInto('memberships')
      .values({
        account_id: reader.accountId,
        conference_id: world.id,
        role: 'organiser',
        invited_as: null,
        created_at: ctx.clock.now().toISOString() as never,
      })
      .execute();
    const contact = await person('Cleo Conduct', 'conduct');
    const viewer = await author.viewer();
    const [line] = (await threadsOf(db, world.id, viewer)).threads;
    const thread = (await threadById(db, world.id, line!.id, viewer))!;
    const message = thread.messages[0]!;
    await reportMessage(ctx, world, thread.own, message.id, { reason: 'harassment', note: '' });
    const [open] = (await reportsFor(db, world.id, await contact.viewer())).lines;
    expect(open!.decided).toBeNull();
    await readReport(ctx, world.id, await contact.viewer(), open!.id);
    await judge(ctx, world, await contact.viewer(), open!.id, { act: 'dismissed', note: '' });
    expect(await log(reader)).toEqual([]);
    expect((await log(omar)).map(({ act }) => act)).toEqual(['dismissed', 'read']);
  });

  test('a settled report says what was decided, by whom, and with which words', async () => {
    const { ctx, world, author, person } = await setUp();
    const contact = await person('Cleo Conduct', 'conduct');
    const viewer = await author.viewer();
    const [line] = (await threadsOf(ctx.db, world.id, viewer)).threads;
    const thread = (await threadById(ctx.db, world.id, line!.id, viewer))!;
    await reportMessage(ctx, world, thread.own, thread.messages[0]!.id, { reason: 'spam', note: '' });
    const by = await contact.viewer();
    const [open] = (await reportsFor(ctx.db, world.id, by)).lines;
    const report = (await readReport(ctx, world.id, by, open!.id))!;
    expect(await decisionsOn(ctx.db, report)).toEqual([]);
    await judge(ctx, world, by, open!.id, { act: 'warned', note: 'Please write to nobody twice.' });
    await judge(ctx, world, by, open!.id, { act: 'closed', note: '' });
    expect(await decisionsOn(ctx.db, report)).toMatchObject([
      { by: 'Cleo Conduct', act: 'warned', words: 'Please write to nobody twice.' },
      { by: 'Cleo Conduct', act: 'closed', words: '' },
    ]);
    expect((await reportsFor(ctx.db, world.id, by, { settled: true })).lines).toMatchObject([{ decided: 'closed' }]);
  });
});

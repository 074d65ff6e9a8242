import { describe, expect, test } from 'vitest';
import { choosePrimaryMailbox, verifyMailbox } from '~/domain/account/mailbox-owners.server';
import { mailboxFor } from '~/domain/account/mailboxes.server';
import { viewerOf } from '~/domain/account/queries.server';
import { editOwnLine, leavePaper, sayNo, sayYes } from '~/domain/authorship/commands.server';
import { authorshipBehind, namingIn, namingsOf } from '~/domain/authorship/queries.server';
import { sendMessage } from '~/domain/message/commands.server';
import { setRules } from '~/domain/message/rules.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { paperByRef } from '~/domain/programme/queries.server';
import { saveReview } from '~/domain/review/commands.server';
import { editByline } from '~/domain/submission/byline/organise.server';
import { editSubmission } from '~/domain/submission/commands.server';
import { ownSubmission, submissionByRef } from '~/domain/submission/queries.server';
import { bylineSchema, submissionSchema } from '~/domain/submission/schema';
import { askedToken, fates, reaches, saveAuthors, yesFrom } from '../../support/authorship';
import { type TestContext, testContext } from '../../support/context';
import { type Engine, engines } from '../../support/database';
import { letters } from '../../support/inbox';
import { runWorker, until } from '../../support/mail';
import { openSmtpSink } from '../../support/smtp-sink';
import { makeConference, makePerson, makeSubmission, newKey, type World } from '../../support/world';

const TIMUR = 'timur@authors.example';

/** A published paper of Aigul's that names Timur, who has not answered. */
async function named(engine: Engine, state: 'published' | 'submitted' = 'published') {
  const ctx = await testContext({ engine });
  const world = await makeConference(ctx);
  const aigul = await makePerson(ctx, 'Aigul Author');
  const reader = await makePerson(ctx, 'Rano Reader');
  const paper = await makeSubmission(ctx, world, aigul, {
    state,
    authors: [
      { name: 'Aigul Author', me: true, contactable: true },
      { name: 'Timur Coauthr', address: TIMUR, contactable: true },
    ],
  });
  return { ctx, world, aigul, reader, paper, ref: paper.ref };
}

async function writeToAll(ctx: TestContext, world: World, reader: Awaited<ReturnType<typeof makePerson>>, ref: string) {
  const paper = (await paperByRef(ctx.db, world.id, ref, null))!;
  const { authors } = (await submissionByRef(ctx.db, world.id, ref))!;
  const sent = await sendMessage(ctx, world, paper, await reader.viewer(), {
    key: newKey(),
    to: authors.map(({ id }) => id as string),
    subject: 'Your sources',
    body: 'Which archive holds the letters?',
  });
  expect(sent).toEqual({ ok: true });
}

describe.each(engines)('authors answer, on %s', (engine) => {
  test('a yes lets in what waited: the message goes to that address, and the paper is theirs to read', async () => {
    const { ctx, world, reader, ref } = await named(engine);
    await writeToAll(ctx, world, reader, ref);
    expect(await fates(ctx, TIMUR)).toEqual(['author-asked queued']);
    await yesFrom(ctx, TIMUR);
    expect(await fates(ctx, TIMUR)).toEqual(['author-asked queued', 'relayed-message queued']);
    expect((await reaches(ctx, world, ref))['Timur Coauthr']).toBe('reachable');
    const timur = await ctx.db
      .selectFrom('accounts')
      .select(['id', 'name'])
      .where('name', '=', 'Timur Coauthr')
      .execute();
    expect(timur).toHaveLength(1);
    // Once more changes nothing.
    await yesFrom(ctx, TIMUR);
    expect(await fates(ctx, TIMUR)).toHaveLength(2);
  });

  test('with a yes their own rules count: who takes no messages gets none, who wants to be asked is asked', async () => {
    for (const [lettersFrom, expected] of [
      ['nobody', []],
      ['asked', ['message-asked queued']],
    ] as const) {
      const { ctx, world, reader, ref } = await named(engine);
      const timur = await makePerson(ctx, 'Timur Coauthor', { address: TIMUR });
      await setRules(ctx, await timur.viewer(), { lettersFrom, quiet: null });
      await writeToAll(ctx, world, reader, ref);
      await yesFrom(ctx, TIMUR);
      expect((await fates(ctx, TIMUR)).slice(1)).toEqual(expected);
      expect((await threadsOf(ctx.db, world.id, await timur.viewer())).threads).toHaveLength(expected.length);
    }
  });

  test('signed in with another address, the paper goes to that account, and what waited goes where its mail goes', async () => {
    const { ctx, world, reader, ref } = await named(engine);
    const timur = await makePerson(ctx, 'Timur Elsewhere');
    await writeToAll(ctx, world, reader, ref);
    await yesFrom(ctx, TIMUR, await timur.viewer());
    expect(await fates(ctx, timur.address)).toEqual(['relayed-message queued']);
    expect(await ownSubmission(ctx.db, world.id, ref, await timur.viewer())).not.toBeNull();
    expect((await threadsOf(ctx.db, world.id, await timur.viewer())).threads).toHaveLength(1);
  });

  test('an address that is another account’s stays with it, whoever presses the button', async () => {
    const { ctx, world, ref } = await named(engine);
    const timur = await makePerson(ctx, 'Timur Coauthor', { address: TIMUR });
    const thief = await makePerson(ctx, 'Third Person');
    await yesFrom(ctx, TIMUR, await thief.viewer());
    expect(await ownSubmission(ctx.db, world.id, ref, await thief.viewer())).toBeNull();
    expect(await ownSubmission(ctx.db, world.id, ref, await timur.viewer())).not.toBeNull();
  });

  test('mail to “me” goes wherever the account’s mail goes, also after it has chosen another address', async () => {
    const { ctx, world, aigul, reader, ref } = await named(engine);
    const sink = await openSmtpSink();
    runWorker(ctx, sink);
    await writeToAll(ctx, world, reader, ref);
    // The receipt of her submission, and the message.
    await until(() => sink.mails.filter((mail) => mail.to.includes(aigul.address)).length === 2);
    const other = await mailboxFor(ctx.db, ctx.clock, 'aigul@new.example');
    await verifyMailbox(ctx.db, ctx.clock, other, aigul.accountId);
    expect(await choosePrimaryMailbox(ctx.db, aigul.accountId, other)).toBe(true);
    await writeToAll(ctx, world, reader, ref);
    await until(() => sink.mails.some((mail) => mail.to.includes('aigul@new.example')));
    expect(sink.mails.filter((mail) => mail.to.includes(aigul.address))).toHaveLength(2);
    const relayed = sink.mails.filter((mail) => mail.raw.includes('Your sources'));
    expect(relayed.map((mail) => mail.to[0]).sort()).toEqual([aigul.address, 'aigul@new.example'].sort());
  });

  test('not me: nothing more goes there, the submitter sees it, and a second naming asks nobody again', async () => {
    const { ctx, world, aigul, reader, ref } = await named(engine, 'submitted');
    const token = await askedToken(ctx, TIMUR);
    expect(await sayNo(ctx, token)).toMatchObject({ ok: true });
    expect((await reaches(ctx, world, ref))['Timur Coauthr']).toBe('declined');
    const [own] = (await submissionByRef(ctx.db, world.id, ref))!.authors;
    const me = { id: own!.id, name: own!.name, me: true };
    await saveAuthors(ctx, world, aigul, ref, [me]);
    await saveAuthors(ctx, world, aigul, ref, [me, { name: 'Timur again', address: TIMUR }]);
    expect((await reaches(ctx, world, ref))['Timur again']).toBe('declined');
    expect(await letters(ctx, TIMUR)).toHaveLength(1);
    expect(reader).toBeDefined();
    // It was a slip.
    await yesFrom(ctx, TIMUR);
    expect((await reaches(ctx, world, ref))['Timur again']).toBe('reachable');
  });

  test('a link is dead once its line has another address, and nobody makes one up', async () => {
    const { ctx, world, aigul, ref } = await named(engine, 'submitted');
    const token = await askedToken(ctx, TIMUR);
    expect(await authorshipBehind(ctx, `${token}x`)).toBeNull();
    expect(await authorshipBehind(ctx, token.replace(/\..*/, '.AAAAAAAAAAAAAAAAAAAAAA'))).toBeNull();
    const [own, timur] = (await submissionByRef(ctx.db, world.id, ref))!.authors;
    await saveAuthors(ctx, world, aigul, ref, [
      { id: own!.id, name: own!.name, me: true },
      { id: timur!.id, name: timur!.name, address: 'right@authors.example' },
    ]);
    expect(await sayYes(ctx, token, null, null)).toEqual({ ok: false, reason: 'dead' });
    expect(await fates(ctx, 'right@authors.example')).toEqual(['author-asked queued']);
  });

  test('a co-author corrects the line with the yes, later edits it, edits the text where allowed, and leaves', async () => {
    const { ctx, world, aigul, ref } = await named(engine, 'submitted');
    const line = { name: 'Timur Coauthor', affiliation: 'Lab', contactable: false, base: '' };
    expect(await sayYes(ctx, await askedToken(ctx, TIMUR), null, line)).toMatchObject({ ok: true });
    const timur = await makePersonOf(ctx, TIMUR);
    const own = async () => (await submissionByRef(ctx.db, world.id, ref))!.authors[1]!;
    expect(await own()).toMatchObject({ name: 'Timur Coauthor', affiliation: 'Lab', contactable: false });
    // The submitter's form, read before, meets the correction.
    expect(await editOwnLine(ctx, world, timur, ref, { ...line, affiliation: 'New Lab' })).toEqual({ ok: true });
    const { version } = (await submissionByRef(ctx.db, world.id, ref))!;
    const text = submissionSchema({ ...world, bylineFixed: true }).parse({
      intent: 'save',
      title: 'By a co-author',
      abstract: 'Words',
      formatId: version.formatId,
      themeId: version.themeId,
      baseVersion: version.id,
    });
    expect(await editSubmission(ctx, world, timur, ref, text)).toEqual({ ok: false, reason: 'locked' });
    const [first, second] = (await submissionByRef(ctx.db, world.id, ref))!.authors;
    await saveAuthors(ctx, world, aigul, ref, [
      { id: first!.id, name: first!.name, me: true },
      { id: second!.id, name: second!.name, affiliation: second!.affiliation, contactable: true, mayEdit: true },
    ]);
    // Whether readers may write is theirs to say.
    expect(await own()).toMatchObject({ contactable: false, mayEdit: true, state: 'confirmed' });
    const now = (await submissionByRef(ctx.db, world.id, ref))!.version.id;
    expect(await editSubmission(ctx, world, timur, ref, { ...text, baseVersion: now })).toMatchObject({ ok: true });
    expect((await submissionByRef(ctx.db, world.id, ref))!.authors).toHaveLength(2);
    expect(await leavePaper(ctx, world, timur, ref)).toBe('left');
    expect(await ownSubmission(ctx.db, world.id, ref, timur)).toBeNull();
    expect((await reaches(ctx, world, ref))['Timur Coauthor']).toBe('declined');
    expect(await leavePaper(ctx, world, await aigul.viewer(), ref)).toBe('in-charge');
  });

  test('under review the byline is the organisers’: a changed one is refused whole, they change it, new authors are asked', async () => {
    const { ctx, world, aigul, ref } = await named(engine, 'submitted');
    const reviewer = await makePerson(ctx, 'Rano Reviewer', { roles: [[world, 'reviewer']] });
    const organiser = await makePerson(ctx, 'Olga Organiser', { roles: [[world, 'organiser']] });
    await saveReview(ctx, world, await reviewer.viewer(), ref, { score: 4, note: '', revision: 0 });
    const [own, timur] = (await submissionByRef(ctx.db, world.id, ref))!.authors;
    const me = { id: own!.id, name: own!.name, me: true, contactable: true };
    const refused = await saveAuthors(ctx, world, aigul, ref, [
      me,
      { name: 'Rano Reviewer', address: reviewer.address },
    ]);
    expect(refused).toEqual({ ok: false, reason: 'byline' });
    expect(await letters(ctx, reviewer.address)).toEqual([]);
    expect(
      await saveAuthors(ctx, world, aigul, ref, [me, { id: timur!.id, name: timur!.name, contactable: true }]),
    ).toMatchObject({
      ok: true,
    });
    const { version } = (await submissionByRef(ctx.db, world.id, ref))!;
    const input = {
      baseVersion: version.id,
      authors: bylineSchema.parse([
        { id: timur!.id, name: 'Timur Coauthor' },
        { ...me, me: false },
        { name: 'Late Author', address: 'late@authors.example' },
      ]),
    };
    expect(await editByline(ctx, world, await aigul.viewer(), ref, input)).toEqual({ ok: false, reason: 'forbidden' });
    expect(await editByline(ctx, world, await organiser.viewer(), ref, input)).toEqual({ ok: true });
    const after = (await submissionByRef(ctx.db, world.id, ref))!;
    expect(after.authors.map(({ name, state }) => [name, state])).toEqual([
      ['Timur Coauthor', 'asked'],
      ['Aigul Author', 'confirmed'],
      ['Late Author', 'asked'],
    ]);
    expect(await fates(ctx, 'late@authors.example')).toEqual(['author-asked queued']);
    // Once more, since its answer was lost, it has been done; another byline for the old one is stale.
    expect(await editByline(ctx, world, await organiser.viewer(), ref, input)).toEqual({ ok: true });
    expect(await letters(ctx, 'late@authors.example')).toHaveLength(1);
    const other = { ...input, authors: input.authors.slice(0, 2) };
    expect(await editByline(ctx, world, await organiser.viewer(), ref, other)).toMatchObject({ reason: 'stale' });
    // What has been corrected by its own author is no more to be corrected here.
    const fixed = await sayYes(ctx, await askedToken(ctx, TIMUR), null, {
      name: 'Somebody Else',
      affiliation: '',
      contactable: true,
      base: '',
    });
    expect(fixed).toEqual({ ok: false, reason: 'fixed' });
  });

  test('who is named is shown the paper to answer for, and conflicts nobody; who has said yes judges it no more', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const aigul = await makePerson(ctx, 'Aigul Author');
    const reviewer = await makePerson(ctx, 'Rano Reviewer', { roles: [[world, 'reviewer']] });
    const { ref } = await makeSubmission(ctx, world, aigul, {
      authors: [
        { name: 'Aigul Author', me: true },
        { name: 'Rano Reviewer', address: reviewer.address, silent: true },
      ],
    });
    expect(await saveReview(ctx, world, await reviewer.viewer(), ref, { score: 4, note: '', revision: 0 })).toEqual({
      ok: true,
    });
    expect((await namingsOf(ctx, world.id, await reviewer.viewer())).map((naming) => naming.ref)).toEqual([ref]);
    expect(await namingIn(ctx, world.id, ref, await reviewer.viewer())).toBe(await askedToken(ctx, reviewer.address));
    await yesFrom(ctx, reviewer.address);
    expect(await saveReview(ctx, world, await reviewer.viewer(), ref, { score: 5, note: '', revision: 1 })).toEqual({
      ok: false,
      reason: 'refused',
    });
    expect(await namingsOf(ctx, world.id, await reviewer.viewer())).toEqual([]);
  });
});

async function makePersonOf(ctx: TestContext, address: string) {
  const { account_id } = await ctx.db
    .selectFrom('mailboxes')
    .select('account_id')
    .where('address', '=', address)
    .executeTakeFirstOrThrow();
  return viewerOf(ctx.db, account_id!, 'Timur Coauthor');
}

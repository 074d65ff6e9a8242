import { describe, expect, test } from 'vitest';
import { DAY } from '~/domain/clock';
import { yesFrom } from '../support/authorship';
import { engines } from '../support/database';
import { dump } from '../support/dump';
import { letters } from '../support/inbox';
import { openPortal } from '../support/portal';
import { makeConference, makePerson, makeSubmission } from '../support/world';

async function setUp(options: Parameters<typeof openPortal>[0] = {}) {
  const portal = await openPortal(options);
  const { ctx } = portal;
  const world = await makeConference(ctx);
  const person = async (name: string, role?: 'reviewer' | 'organiser') =>
    portal.signIn(await makePerson(ctx, name, { roles: role ? [[world, role]] : [] }));
  const author = await person('Aigul Author');
  const reviewer = await person('Rosa Reviewer', 'reviewer');
  const second = await person('Sami Second', 'reviewer');
  const organiser = await person('Olga Organiser', 'organiser');
  return { portal, world, author, reviewer, second, organiser };
}

describe.each(engines)('reviewing on %s', (engine) => {
  test('a score and a note are given, changed and taken back', async () => {
    const { portal, world, author, reviewer } = await setUp({ engine });
    const paper = await makeSubmission(portal.ctx, world, author);
    const path = `/cas-2027/review/${paper.ref}`;
    const rows = () => portal.ctx.db.selectFrom('reviews').select(['score', 'note']).execute();
    await portal.post(path, { intent: 'review', score: '2', note: 'Thin' }, { as: reviewer });
    const page = await portal.get(path, { as: reviewer });
    expect(page.text).toContain('Your review is saved.');
    expect(page.form('score').fields).toEqual(
      expect.arrayContaining([
        ['score', '2'],
        ['note', 'Thin'],
      ]),
    );
    const better = page.form('score').with({ intent: 'review', score: '5', note: 'Better than I thought' });
    await portal.post(path, better, { as: reviewer });
    // The same form once more, as when its answer was lost.
    expect((await portal.post(path, better, { as: reviewer })).status).toBe(303);
    // Another tab, which was opened before.
    const stale = page.form('score').with({ intent: 'review', score: '1', note: 'From another tab' });
    const both = await portal.post(path, stale, { as: reviewer });
    expect(both.status).toBe(409);
    expect(both.text).toContain('You have changed your review elsewhere');
    expect(both.text).toContain('Better than I thought');
    expect(both.form('score').fields).toContainEqual(['note', 'From another tab']);
    expect(await rows()).toEqual([{ score: 5, note: 'Better than I thought' }]);
    expect((await portal.get('/cas-2027/review', { as: reviewer })).text).toContain('submitted 5');
    await portal.post(path, { intent: 'remove-review' }, { as: reviewer });
    expect(await rows()).toEqual([]);
  });

  test('nobody reviews, or sees the reviews of, a paper of their own', async () => {
    const { portal, world, author, second } = await setUp({ engine });
    const both = await portal.signIn(
      await makePerson(portal.ctx, 'Both', {
        roles: [
          [world, 'reviewer'],
          [world, 'organiser'],
        ],
      }),
    );
    const submitted = await makeSubmission(portal.ctx, world, both);
    const inByline = await makeSubmission(portal.ctx, world, author, {
      authors: [{ name: 'Aigul Author' }, { name: 'Both', address: both.address }],
    });
    for (const { ref } of [submitted, inByline]) {
      const path = `/cas-2027/review/${ref}`;
      await portal.post(path, { intent: 'review', score: '1', note: 'A secret verdict' }, { as: second });
      const page = await portal.get(path, { as: both });
      expect(page.text).toContain('You are an author of this paper, or have entered it: others review it.');
      expect(page.html).not.toMatch(/name="score"|\/decide\?|value="(apply-decision|take-back)"/);
      expect(page.html).not.toContain('A secret verdict');
      expect(page.html).not.toContain('Sami Second');
      const before = await dump(portal.ctx.db);
      const acts: Record<string, string>[] = [{ intent: 'review', score: '5' }, { intent: 'remove-review' }];
      for (const [index, fields] of acts.entries())
        expect((await portal.post(path, fields, { as: both })).status).toBe([409, 403][index]);
      for (const outcome of ['accepted', 'rejected']) {
        expect((await portal.get(`${path}/decide?outcome=${outcome}`, { as: both })).status).toBe(403);
        expect((await portal.post(`${path}/decide`, { outcome }, { as: both })).status).toBe(403);
      }
      expect(await dump(portal.ctx.db)).toEqual(before);
    }
    const list = await portal.get('/cas-2027/review', { as: both });
    expect(list.text.match(/your own paper/g)).toHaveLength(2);
    expect(list.html).not.toContain('1 review');
  });

  test('who is only named in a byline, or has typed in another’s paper, is no party to it', async () => {
    const { portal, world, author, reviewer, second, organiser } = await setUp({ engine });
    const named = await makeSubmission(portal.ctx, world, author, {
      authors: [
        { name: 'Aigul Author', me: true },
        { name: 'Rosa Reviewer', address: reviewer.address, silent: true },
        { name: 'Olga Organiser', address: organiser.address, silent: true },
      ],
    });
    const path = `/cas-2027/review/${named.ref}`;
    for (const as of [reviewer, organiser]) {
      const page = await portal.get(path, { as });
      expect(page.text).toContain('You are named as an author of this paper, and have not said whether it is yours.');
      expect(page.text).not.toContain('others review it');
    }
    const review = { intent: 'review', score: '2', note: 'Thin' };
    expect((await portal.post(path, review, { as: reviewer })).status).toBe(303);
    expect((await portal.get(path, { as: organiser })).text).toContain('Thin');
    const preview = await portal.get(`${path}/decide?outcome=rejected`, { as: organiser });
    expect((await portal.post(`${path}/decide`, preview.form('outcome').with({}), { as: organiser })).status).toBe(303);
    // With their yes they are.
    await yesFrom(portal.ctx, organiser.address);
    const after = await portal.get(path, { as: organiser });
    expect(after.text).toContain('You are an author of this paper, or have entered it: others review it.');
    expect(after.text).not.toContain('Thin');
    expect((await portal.get(`${path}/decide?outcome=accepted`, { as: organiser })).status).toBe(403);

    // Typed in for somebody who wrote by post: an organiser decides it, a reviewer does not judge it.
    const typed = (by: typeof organiser) =>
      makeSubmission(portal.ctx, world, by, { authors: [{ name: 'By Post', address: 'post@authors.example' }] });
    const byOrganiser = `/cas-2027/review/${(await typed(organiser)).ref}`;
    expect((await portal.get(byOrganiser, { as: organiser })).text).toContain(
      'Entered by Olga Organiser, who is not its submitting author.',
    );
    const decision = await portal.get(`${byOrganiser}/decide?outcome=accepted`, { as: organiser });
    expect(
      (await portal.post(`${byOrganiser}/decide`, decision.form('outcome').with({}), { as: organiser })).status,
    ).toBe(303);
    const byReviewer = `/cas-2027/review/${(await typed(second)).ref}`;
    expect((await portal.get(byReviewer, { as: second })).text).toContain('others review it');
    const refused = await portal.post(byReviewer, review, { as: second });
    expect([refused.status, refused.text.includes('Thin')]).toEqual([409, true]);
    expect((await portal.get(byReviewer, { as: organiser })).text).not.toContain('Thin');
    expect((await portal.post(byReviewer, review, { as: reviewer })).status).toBe(303);
  });

  test('a reviewer sees nobody else’s score or note; an organiser sees all', async () => {
    const { portal, world, author, reviewer, second, organiser } = await setUp({ engine });
    const paper = await makeSubmission(portal.ctx, world, author);
    const path = `/cas-2027/review/${paper.ref}`;
    await portal.post(path, { intent: 'review', score: '1', note: 'Note of Rosa' }, { as: reviewer });
    await portal.post(path, { intent: 'review', score: '4', note: 'Note of Sami' }, { as: second });
    const everything = async (as: typeof reviewer) =>
      (
        await Promise.all(
          [path, `${path}.data`, '/cas-2027/review', '/cas-2027/review.data'].map((url) => portal.get(url, { as })),
        )
      )
        .map(({ html }) => html)
        .join('\n');
    const seen = await everything(reviewer);
    expect(seen).toContain('Note of Rosa');
    expect(seen).not.toContain('Note of Sami');
    expect(seen).not.toContain('Sami Second');
    expect(seen).not.toContain('2.5');
    const all = await portal.get(path, { as: organiser });
    expect(all.text).toContain('2 reviews');
    expect(all.text).toMatch(/1 Rosa Reviewer.*Note of Rosa.*4 Sami Second.*Note of Sami/s);
    expect((await portal.get('/cas-2027/review', { as: organiser })).text).toContain('2.5 (2 reviews)');
    const authors = await portal.get(`/cas-2027/submissions/${paper.ref}`, { as: author });
    expect(authors.html).not.toContain('Note of');
  });

  test('a decision is told once to the submitter and each author, and waits for who is not confirmed', async () => {
    const { portal, world, author, organiser } = await setUp({ engine });
    const coauthor = await makePerson(portal.ctx, 'Cem Coauthor');
    const paper = await makeSubmission(portal.ctx, world, author, {
      authors: [
        { name: 'Aigul Author', address: author.address },
        { name: 'Cem Coauthor', address: coauthor.address },
        { name: 'Una Unverified', address: 'una@authors.example' },
        { name: 'Without' },
      ],
    });
    const path = `/cas-2027/review/${paper.ref}/decide`;
    const preview = await portal.get(`${path}?outcome=accepted`, { as: organiser });
    expect(preview.text).toContain(
      'This mail goes to 2 people. 1 more author gets it after saying yes to the paper. 1 author has no address.',
    );
    const pressed = preview.form('outcome').with({});
    const decided = await portal.post(path, pressed, { as: organiser });
    expect([decided.status, decided.location]).toEqual([303, `/cas-2027/review/${paper.ref}`]);
    const sent = async () =>
      portal.ctx.db
        .selectFrom('outbox')
        .innerJoin('mailboxes', 'mailboxes.id', 'outbox.mailbox_id')
        .select(['address', 'state', 'subject', 'text'])
        .where('kind', '=', 'decision')
        .orderBy('address')
        .execute();
    expect((await sent()).map(({ address, state }) => [address, state])).toEqual([
      [author.address, 'queued'],
      [coauthor.address, 'queued'],
      ['una@authors.example', 'held'],
    ]);
    // The preview is what was sent.
    const [letter] = await sent();
    expect(preview.text.replace(/\s+/g, ' ')).toContain(
      `${letter!.subject} ${letter!.text}`.replace(/\s+/g, ' ').trim(),
    );

    // Pressed twice, it is sent once.
    const told = 'Decided. 2 people are told by mail. 1 author is told after saying yes to the paper.';
    const first = await portal.get(decided.location!, { as: organiser });
    expect(first.text).toContain(told);
    expect(first.text).toContain('Mail: 2 on the way, 1 waiting for a yes.');
    const again = await portal.post(path, pressed, { as: organiser });
    expect([again.status, again.location]).toEqual([303, decided.location]);
    expect((await portal.get(again.location!, { as: organiser })).text).toContain(told);
    expect(await sent()).toHaveLength(3);
    expect(await portal.ctx.db.selectFrom('decisions').select('outcome').execute()).toEqual([{ outcome: 'accepted' }]);
    // Who has not said yes hears of it with their yes.
    const kinds = async () =>
      (await letters(portal.ctx, 'una@authors.example')).map(({ kind, state }) => [kind, state]);
    expect(await kinds()).toEqual([
      ['author-asked', 'queued'],
      ['decision', 'held'],
    ]);
    await yesFrom(portal.ctx, 'una@authors.example');
    expect((await kinds()).at(-1)).toEqual(['decision', 'queued']);
    expect(await sent()).toHaveLength(3);
    expect((await portal.get(`/cas-2027/submissions/${paper.ref}`, { as: author })).heading).toContain('accepted');
  });

  test('the other way round, with words of the organisers, a second mail goes', async () => {
    const { portal, world, author, organiser } = await setUp({ engine });
    const paper = await makeSubmission(portal.ctx, world, author);
    const path = `/cas-2027/review/${paper.ref}/decide`;
    const decides = async (outcome: string, note = '') => {
      const page = await portal.get(`${path}?outcome=${outcome}`, { as: organiser });
      const decided = await portal.post(path, page.form('outcome').with({ note }), { as: organiser });
      expect(decided.status).toBe(303);
      return page.text;
    };
    await decides('rejected', 'Too <b>short</b>.\nTry again.');
    portal.ctx.clock.advance(DAY);
    expect(await decides('accepted')).toContain('It stands as not accepted, decided by Olga Organiser');
    const about = async () => (await letters(portal.ctx, author.address)).filter(({ kind }) => kind === 'decision');
    const [first, second] = await about();
    expect(first!.subject).toBe('Decision on T0001, Central Asia 2027');
    expect(first!.text).toContain('| Too <b>short</b>.\n| Try again.');
    expect(first!.html).toContain('Too &lt;b&gt;short&lt;/b&gt;.');
    expect(second!.subject).toBe('Accepted: T0001, Central Asia 2027');
    // What had not gone out does not go.
    expect([first!.state, second!.state]).toEqual(['cancelled', 'queued']);
    const page = await portal.get(`/cas-2027/review/${paper.ref}`, { as: organiser });
    expect(page.text).toMatch(/Decision accepted.*1 earlier decision.*not accepted.*Too <b>short/s);
    expect(await about()).toHaveLength(2);

    // Once it has, what takes its place says that it corrects it.
    await portal.ctx.db.updateTable('outbox').set({ state: 'sent' }).where('state', '=', 'queued').execute();
    await decides('rejected');
    const correction = (await about()).at(-1)!;
    expect([correction.subject, correction.state]).toEqual([
      'Correction: decision on T0001, Central Asia 2027',
      'queued',
    ]);
    expect(correction.text).toContain('This is a correction.');
    expect(correction.text).toContain('could not be accepted');
  });

  test('a form from before another decision is shown that one, keeps its words and does nothing', async () => {
    const { portal, world, author, organiser } = await setUp({ engine });
    const other = await portal.signIn(
      await makePerson(portal.ctx, 'Omar Organiser', { roles: [[world, 'organiser']] }),
    );
    const paper = await makeSubmission(portal.ctx, world, author);
    const path = `/cas-2027/review/${paper.ref}/decide`;
    const page = (outcome: string, as = organiser) => portal.get(`${path}?outcome=${outcome}`, { as });
    const mine = (await page('rejected')).form('outcome').with({ note: 'My own words' });
    await portal.post(path, (await page('accepted', other)).form('outcome').with({}), { as: other });
    const before = await dump(portal.ctx.db);
    const stale = await portal.post(`${path}?outcome=rejected`, mine, { as: organiser });
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('It stands as accepted, decided by Omar Organiser');
    expect(stale.text).toContain('Nothing of yours has been saved or sent.');
    expect(await dump(portal.ctx.db)).toEqual(before);
    // So does one that names nothing it was made of.
    expect((await portal.post(path, { outcome: 'rejected', note: 'x' }, { as: organiser })).status).toBe(409);
    expect(await dump(portal.ctx.db)).toEqual(before);
    const form = stale.form('outcome');
    expect(form.fields).toContainEqual(['note', 'My own words']);
    // Seen, it may still be decided so.
    expect((await portal.post(path, form.with({}), { as: organiser })).status).toBe(303);
    expect((await portal.get(`/cas-2027/review/${paper.ref}`, { as: other })).text).toMatch(
      /Decision not accepted Olga Organiser.*My own words/s,
    );
  });

  test('published, a paper is in the programme, found and read; taken out, it is gone', async () => {
    const { portal, world, author, organiser } = await setUp({ engine });
    const paper = await makeSubmission(portal.ctx, world, author, { state: 'accepted', title: 'Каналы Ферганы' });
    const path = `/cas-2027/review/${paper.ref}`;
    const found = async () => (await portal.get('/cas-2027/programme?q=каналы')).text.includes(paper.ref);
    const read = async () => (await portal.get(`/cas-2027/papers/${paper.ref}`)).status;
    expect([await found(), await read()]).toEqual([false, 404]);
    const published = await portal.post(path, { intent: 'publish' }, { as: organiser });
    expect([published.status, published.location]).toEqual([303, `${path}#publish`]);
    expect([await found(), await read()]).toEqual([true, 200]);
    await portal.post(path, { intent: 'unpublish' }, { as: organiser });
    expect([await found(), await read()]).toEqual([false, 404]);
    // All that is accepted, at once.
    await portal.post('/cas-2027/organise', { intent: 'publish' }, { as: organiser });
    expect([await found(), await read()]).toEqual([true, 200]);
    // Rejected after all, it leaves.
    const rejection = await portal.get(`${path}/decide?outcome=rejected`, { as: organiser });
    expect(rejection.text).toContain('The paper is in the programme: this takes it out at once.');
    await portal.post(`${path}/decide`, rejection.form('outcome').with({}), { as: organiser });
    expect([await found(), await read()]).toEqual([false, 404]);
  });
});

test('only what is accepted can be published', async () => {
  const { portal, world, author, organiser } = await setUp();
  for (const state of ['submitted', 'rejected', 'withdrawn'] as const) {
    const paper = await makeSubmission(portal.ctx, world, author, { state });
    const answer = await portal.post(`/cas-2027/review/${paper.ref}`, { intent: 'publish' }, { as: organiser });
    expect([state, answer.status]).toEqual([state, 403]);
  }
  await portal.post('/cas-2027/organise', { intent: 'publish' }, { as: organiser });
  expect(await portal.ctx.db.selectFrom('papers').select('position').execute()).toEqual([]);
});

test('drafts are their author’s own, also when withdrawn', async () => {
  const { portal, world, author, reviewer, organiser } = await setUp();
  const draft = await makeSubmission(portal.ctx, world, author, { state: 'draft', title: 'Half a thought' });
  const given = await makeSubmission(portal.ctx, world, author, { state: 'draft', title: 'Another half' });
  await portal.post(`/cas-2027/submissions/${given.ref}`, { act: 'withdraw' }, { as: author });
  for (const as of [reviewer, organiser]) {
    const list = await portal.get('/cas-2027/review?state=all', { as });
    expect(list.text).not.toContain('half');
    expect(list.text).not.toContain('Half');
    for (const { ref } of [draft, given])
      expect((await portal.get(`/cas-2027/review/${ref}`, { as })).status).toBe(404);
  }
});

test('the list is filtered by format, theme and state, and goes on to its last page', async () => {
  const { portal, world, author, reviewer } = await setUp();
  const refs: string[] = [];
  for (let count = 0; count < 52; count++)
    refs.push((await makeSubmission(portal.ctx, world, author, { format: count % 2, theme: count < 3 ? 1 : 0 })).ref);
  const rejected = await makeSubmission(portal.ctx, world, author, { state: 'rejected' });
  const shown = async (query: string) => {
    const page = await portal.get(`/cas-2027/review?${query}`, { as: reviewer });
    const next = page.elements('a').find(({ rel }) => rel === 'next')?.href;
    return { refs: [...page.html.matchAll(/<td class="ref">([^<]*)</g)].map((match) => match[1]!), next };
  };
  const first = await shown('');
  expect(first.refs).toEqual(refs.slice(0, 50));
  expect((await shown(first.next!.slice(1))).refs).toEqual(refs.slice(50));
  expect((await shown('state=rejected')).refs).toEqual([rejected.ref]);
  expect((await shown(`theme=${world.themes[1]!.id}&format=${world.formats[0]!.id}`)).refs).toEqual([refs[0], refs[2]]);
  for (const odd of ['state=draft', 'state=', 'after=-1', 'after=x', 'after=9e99'])
    expect([odd, (await shown(odd)).refs.length]).toEqual([odd, 50]);
});

test('what is wrong stands beside the field, and the note is kept', async () => {
  const { portal, world, author, reviewer, organiser } = await setUp();
  const paper = await makeSubmission(portal.ctx, world, author);
  const path = `/cas-2027/review/${paper.ref}`;
  for (const score of ['', '0', '6', '2.5', 'many', '1e9']) {
    const answer = await portal.post(path, { intent: 'review', score, note: 'Kept words' }, { as: reviewer });
    expect([score, answer.status]).toEqual([score, 422]);
    expect(answer.text).toMatch(/Score: (Please fill this in|The smallest|The largest|This is not valid)/);
    expect(answer.form('note').fields).toContainEqual(['note', 'Kept words']);
  }
  const long = await portal.post(path, { intent: 'review', score: '3', note: 'x'.repeat(10_001) }, { as: reviewer });
  expect([long.status, long.errorOf('note')]).toEqual([422, 'At most 10,000 characters fit here.']);
  expect(await portal.ctx.db.selectFrom('reviews').select('id').execute()).toEqual([]);

  const odd = await portal.post(`${path}/decide`, { outcome: 'perhaps', note: 'Kept words' }, { as: organiser });
  expect(odd.status).toBe(422);
  const tooLong = { outcome: 'rejected', note: 'x'.repeat(5_001) };
  const again = await portal.post(`${path}/decide?outcome=rejected`, tooLong, { as: organiser });
  expect([again.status, again.errorOf('note')]).toEqual([422, 'At most 5,000 characters fit here.']);
  expect(again.form('outcome').fields).toEqual([
    ['outcome', 'rejected'],
    ['base', ''],
    ['baseVersion', paper.versionId],
    ['note', tooLong.note],
  ]);
  expect(await portal.ctx.db.selectFrom('decisions').select('id').execute()).toEqual([]);
});

test('what is decided is reviewed no more', async () => {
  const { portal, world, author, reviewer } = await setUp();
  for (const state of ['accepted', 'rejected', 'withdrawn'] as const) {
    const paper = await makeSubmission(portal.ctx, world, author, { state });
    const fields = { intent: 'review', score: '3', note: 'An hour of careful reading' };
    const late = await portal.post(`/cas-2027/review/${paper.ref}`, fields, { as: reviewer });
    expect(late.status).toBe(409);
    expect(late.text).toContain('your review was not saved');
    expect(late.form('score').fields).toEqual(expect.arrayContaining(Object.entries(fields).slice(1)));
    expect(await portal.ctx.db.selectFrom('reviews').selectAll().execute()).toEqual([]);
  }
});

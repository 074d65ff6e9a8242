import { describe, expect, test } from 'vitest';
import { DAY } from '~/domain/clock';
import { askedToken } from '../support/authorship';
import { engines } from '../support/database';
import { dump } from '../support/dump';
import { letters } from '../support/inbox';
import { openPortal, type TestPortal } from '../support/portal';
import { makeConference, makePerson, makeSubmission, newKey, stranger, type World } from '../support/world';

const ORCID = '0000-0002-1825-0097';
/** How authors can be reached, as their submitter reads it. */
const REACH = /\b(reachable|waiting for a yes|no address|says it is not them|mail fails)\b/g;
const COAUTHOR = 'cem@authors.example';

function typed(world: World, others: Record<string, string> = {}): Record<string, string> {
  return {
    title: 'Water, Borders and Trust',
    abstract: 'Who shares the water of a river?',
    formatId: world.formats[0]!.id,
    themeId: world.themes[0]!.id,
    keywords: 'water, borders; trust',
    language: 'en',
    'authors[0].name': 'Aigul Author',
    'authors[0].affiliation': 'Institute of Rivers',
    'authors[0].presenter': 'on',
    'authors[0].contactable': 'on',
    'authors[1].name': 'Cem Coauthor',
    'authors[1].address': COAUTHOR,
    'authors[1].orcid': `https://orcid.org/${ORCID}`,
    ...others,
  };
}

async function setUp(options: Parameters<typeof openPortal>[0] = {}) {
  const portal = await openPortal(options);
  const world = await makeConference(portal.ctx);
  const author = await portal.signIn(await makePerson(portal.ctx, 'Aigul Author'));
  const submit = (fields: Record<string, string>) => portal.post('/cas-2027/submit', fields, { as: author });
  return { portal, world, author, submit };
}

function stateOf({ ctx }: TestPortal, ref: string) {
  return ctx.db.selectFrom('submissions').select('state').where('ref', '=', ref).executeTakeFirstOrThrow();
}

function versionsOf({ ctx }: TestPortal, ref: string) {
  return ctx.db
    .selectFrom('submission_versions')
    .innerJoin('submissions', 'submissions.id', 'submission_versions.submission_id')
    .select(['number', 'title', 'submission_versions.id'])
    .where('ref', '=', ref)
    .orderBy('number')
    .execute();
}

function bylineOf({ ctx }: TestPortal, versionId: string) {
  return ctx.db
    .selectFrom('version_authors')
    .innerJoin('authors', 'authors.id', 'version_authors.author_id')
    .select(['name', 'author_id', 'mailbox_id', 'orcid', 'presenter', 'contactable', 'affiliation'])
    .where('version_id', '=', versionId as never)
    .orderBy('position')
    .execute();
}

test('an address in an affiliation is refused beside it: everybody reads that', async () => {
  const { portal, world, submit } = await setUp();
  const refused = await submit({
    ...typed(world),
    intent: 'submit',
    'authors[0].affiliation': 'Institute of Rivers (aigul@rivers.example)',
  });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('Please leave e-mail addresses out of this: everybody can read it.');
  expect((await submit({ ...typed(world), intent: 'submit', 'authors[0].affiliation': 'Art @ Work' })).status).toBe(
    303,
  );
  expect(await portal.ctx.db.selectFrom('submissions').select('ref').execute()).toHaveLength(1);
});

describe.each(engines)('a submission on %s', (engine) => {
  test('is a draft, is handed in, changed, withdrawn and made a draft again', async () => {
    const { portal, world, author, submit } = await setUp({ engine });
    const draft = await submit({ ...typed(world), intent: 'draft' });
    expect([draft.status, draft.location]).toEqual([303, '/cas-2027/submissions/T0001']);
    expect(await letters(portal.ctx, author.address)).toEqual([]);
    const path = draft.location!;
    const page = async () => portal.get(path, { as: author });
    expect((await page()).text).toContain('Your draft is saved. It is not submitted yet.');
    expect((await page()).heading).toBe('T0001 draft');

    let form = (await page()).form('title');
    expect(form.fields).toEqual(
      expect.arrayContaining([
        ['title', 'Water, Borders and Trust'],
        ['keywords', 'water, borders, trust'],
        ['authors[1].orcid', ORCID],
        ['authors[1].address', ''],
      ]),
    );
    await portal.post(path, form.with({ intent: 'submit' }), { as: author });
    expect((await page()).heading).toBe('T0001 submitted');
    const [receipt, ...others] = await letters(portal.ctx, author.address);
    expect(others).toEqual([]);
    expect(receipt).toMatchObject({ kind: 'submission-received', state: 'queued', from_name: 'Central Asia 2027' });
    expect(receipt!.text).toContain('You can change it until 1 February 2027 at 23:59 GMT+5');

    form = (await page()).form('title');
    await portal.post(path, form.with({ intent: 'save', title: 'Water and Trust' }), { as: author });
    expect((await versionsOf(portal, 'T0001')).map(({ number, title }) => [number, title])).toEqual([
      [1, 'Water, Borders and Trust'],
      [2, 'Water, Borders and Trust'],
      [3, 'Water and Trust'],
    ]);
    expect((await page()).text).toContain('3 versions');

    await portal.post(path, { act: 'withdraw' }, { as: author });
    expect((await page()).heading).toBe('T0001 withdrawn');
    expect((await page()).forms().some((one) => one.html.includes('name="title"'))).toBe(false);
    await portal.post(path, { act: 'reinstate' }, { as: author });
    expect((await page()).heading).toBe('T0001 draft');
    form = (await page()).form('title');
    expect((await portal.post(path, form.with({ intent: 'submit' }), { as: author })).status).toBe(303);
    expect(await stateOf(portal, 'T0001')).toEqual({ state: 'submitted' });
    // One receipt and one question to whom it names, however often it is handed in.
    const mails = await portal.ctx.db.selectFrom('outbox').select(['kind', 'state']).orderBy('kind').execute();
    expect(mails).toEqual([
      { kind: 'author-asked', state: 'queued' },
      { kind: 'submission-received', state: 'queued' },
    ]);
    expect((await letters(portal.ctx, COAUTHOR)).map(({ kind }) => kind)).toEqual(['author-asked']);
  });

  test('is one, however often its form is pressed; what a second press says is not lost', async () => {
    const { portal, world, author } = await setUp({ engine });
    const pressed = (await portal.get(`/cas-2027/submit?key=${newKey()}`, { as: author })).form('title');
    const press = (fields: Record<string, string>) =>
      portal.post('/cas-2027/submit', pressed.with({ ...typed(world), intent: 'submit', ...fields }), { as: author });
    const answers = await Promise.all([press({}), press({})]);
    expect(answers.map(({ location }) => location)).toEqual(Array(2).fill('/cas-2027/submissions/T0001'));
    // Back, and once more.
    expect((await press({ title: 'A better title' })).location).toBe('/cas-2027/submissions/T0001');
    expect((await versionsOf(portal, 'T0001')).at(-1)?.title).toBe('A better title');
    // Once more the same, as when an answer was lost.
    expect((await press({ title: 'A better title' })).location).toBe('/cas-2027/submissions/T0001');
    expect(await versionsOf(portal, 'T0001')).toHaveLength(2);
    // Changed since: both texts are shown, nothing is overwritten, and no second submission is made.
    const stale = await press({ title: 'A third title' });
    expect([stale.status, stale.heading]).toEqual([409, 'Submit an abstract']);
    expect(stale.text).toContain('The other version');
    expect(stale.text).toContain('A better title');
    expect(stale.form('title').fields).toContainEqual(['title', 'A third title']);
    expect(await versionsOf(portal, 'T0001')).toHaveLength(2);
    const again = stale.form('title').with({ intent: 'save' });
    expect((await portal.post('/cas-2027/submit', again, { as: author })).location).toBe('/cas-2027/submissions/T0001');
    expect((await versionsOf(portal, 'T0001')).at(-1)?.title).toBe('A third title');
    expect(await portal.ctx.db.selectFrom('submissions').select('id').execute()).toHaveLength(1);
  });

  test('Back, add a co-author, Submit: it is saved, whatever was added', async () => {
    const { portal, world, author } = await setUp({ engine });
    const key = newKey();
    const page = await portal.get(`/cas-2027/submit?key=${key}`, { as: author });
    const press = (fields: Record<string, string>) =>
      portal.post(
        page.form('title').action,
        page.form('title').with({ ...typed(world), intent: 'submit', ...fields }),
        {
          as: author,
        },
      );
    await press({});
    const added = { 'authors[2].name': 'Third', 'authors[2].affiliation': 'Elsewhere', 'authors[2].contactable': 'on' };
    await press(added);
    await press({ ...added, keywords: 'water' });
    await press({ ...added, keywords: 'water', language: 'fr', themeId: world.themes[1]!.id });
    const saved = (await portal.get('/cas-2027/submissions/T0001', { as: author })).form('title');
    expect(saved.fields).toEqual(
      expect.arrayContaining([
        ['authors[2].name', 'Third'],
        ['authors[2].affiliation', 'Elsewhere'],
      ]),
    );
    // The page of the form leads to what it made.
    const back = await portal.get(`/cas-2027/submit?key=${key}`, { as: author });
    expect([back.status, back.location]).toEqual([302, '/cas-2027/submissions/T0001']);
    // To its owner alone.
    const other = await portal.signIn(await makePerson(portal.ctx, 'Another'));
    expect((await portal.get(`/cas-2027/submit?key=${key}`, { as: other })).status).toBe(200);
  });

  test('a form without a key gets one into its address', async () => {
    const { portal, author } = await setUp({ engine });
    const first = await portal.get('/cas-2027/submit?x=1', { as: author });
    expect([first.status, first.location]).toEqual([
      302,
      expect.stringMatching(/^\/cas-2027\/submit\?x=1&key=[0-9a-f-]{36}$/),
    ]);
    const page = await portal.get(first.location!, { as: author });
    expect(page.form('title').fields).toContainEqual(['key', first.location!.slice(-36)]);
  });

  test('fields that only the other has changed stay theirs; what both have changed is shown', async () => {
    const { portal, world, author, submit } = await setUp({ engine });
    await submit({ ...typed(world), intent: 'draft' });
    const path = '/cas-2027/submissions/T0001';
    const one = (await portal.get(path, { as: author })).form('title');
    const other = (await portal.get(path, { as: author })).form('title');
    await portal.post(
      path,
      one.with({ intent: 'draft', keywords: 'salt, sand', 'authors[0].affiliation': 'New place' }),
      {
        as: author,
      },
    );
    const merged = await portal.post(path, other.with({ intent: 'draft', title: 'A title of the other tab' }), {
      as: author,
    });
    expect(merged.status).toBe(303);
    const page = await portal.get(path, { as: author });
    expect(page.text).toContain('together with what has been changed elsewhere');
    expect(page.form('title').fields).toEqual(
      expect.arrayContaining([
        ['title', 'A title of the other tab'],
        ['keywords', 'salt, sand'],
        ['authors[0].affiliation', 'New place'],
      ]),
    );
    const both = await portal.post(path, other.with({ intent: 'draft', title: 'Mine', language: 'kk' }), {
      as: author,
    });
    expect(both.status).toBe(409);
    // The title alone is in question; what the other tab had not touched has come over.
    expect(both.text).toMatch(/The other version Title A title of the other tab(?! Format)/);
    expect(both.form('title').fields).toEqual(
      expect.arrayContaining([
        ['title', 'Mine'],
        ['language', 'kk'],
        ['keywords', 'salt, sand'],
      ]),
    );
    expect((await portal.post(path, both.form('title').with({ intent: 'draft' }), { as: author })).status).toBe(303);
  });

  test('keeps its authors in order, and known by their places’ own ids', async () => {
    const { portal, world, author, submit } = await setUp({ engine });
    await submit({ ...typed(world), 'authors[2].name': 'Third', intent: 'submit' });
    const path = '/cas-2027/submissions/T0001';
    const before = await bylineOf(portal, (await versionsOf(portal, 'T0001'))[0]!.id);
    expect(before.map(({ name, orcid, presenter, contactable }) => [name, orcid, presenter, contactable])).toEqual([
      ['Aigul Author', null, 1, 1],
      ['Cem Coauthor', ORCID, 0, 0],
      ['Third', null, 0, 0],
    ]);

    // Moved with the page's own button, as without scripts.
    const first = await portal.get(path, { as: author });
    const moved = await portal.post(
      path,
      first
        .form('title')
        .with({ __intent__: JSON.stringify({ type: 'reorder', payload: { name: 'authors', from: 1, to: 0 } }) }),
      { as: author },
    );
    expect(moved.status).toBe(200);
    const form = moved.form('title');
    expect(form.fields).toEqual(
      expect.arrayContaining([
        ['authors[0].name', 'Cem Coauthor'],
        ['authors[1].name', 'Aigul Author'],
      ]),
    );
    await portal.post(path, form.with({ intent: 'save' }), { as: author });
    const after = await bylineOf(portal, (await versionsOf(portal, 'T0001')).at(-1)!.id);
    const order = [1, 0, 2];
    expect(after.map(({ author_id }) => author_id)).toEqual(order.map((index) => before[index]!.author_id));
    // The address went along, unseen.
    expect(after.map(({ mailbox_id }) => mailbox_id)).toEqual(order.map((index) => before[index]!.mailbox_id));
    expect(after[0]!.mailbox_id).not.toBeNull();
  });

  test('shows an address never again, keeps it when left alone, and forgets it when told to', async () => {
    const { portal, world, author, submit } = await setUp({ engine });
    await submit({ ...typed(world), intent: 'submit' });
    const path = '/cas-2027/submissions/T0001';
    const page = await portal.get(path, { as: author });
    expect(page.html).not.toContain(COAUTHOR);
    expect(page.text).toContain('An address is known. It is not shown; leave this empty to keep it.');
    const mailboxOf = async (index: number) =>
      (await bylineOf(portal, (await versionsOf(portal, 'T0001')).at(-1)!.id))[index]!.mailbox_id;
    const known = await mailboxOf(1);
    await portal.post(path, page.form('title').with({ intent: 'save' }), { as: author });
    expect(await mailboxOf(1)).toBe(known);

    const form = (await portal.get(path, { as: author })).form('title');
    const changed = form.with({ intent: 'save', 'authors[1].address': 'other@authors.example' });
    await portal.post(path, changed, { as: author });
    expect(await mailboxOf(1)).not.toBe(known);
    const again = (await portal.get(path, { as: author })).form('title');
    await portal.post(path, again.with({ intent: 'save', 'authors[1].forgetAddress': 'on' }), { as: author });
    expect(await mailboxOf(1)).toBeNull();
  });

  test('cannot take the address of another submission’s author', async () => {
    const { portal, world, author } = await setUp({ engine });
    const other = await makePerson(portal.ctx, 'Other Author');
    const theirs = await makeSubmission(portal.ctx, world, other);
    const mine = await makeSubmission(portal.ctx, world, author, { authors: [{ name: 'Aigul' }] });
    const form = (await portal.get(`/cas-2027/submissions/${mine.ref}`, { as: author })).form('title');
    const stolen = form.with({ intent: 'save', 'authors[0].id': theirs.authors[0]!.id });
    expect((await portal.post(`/cas-2027/submissions/${mine.ref}`, stolen, { as: author })).status).toBe(303);
    const [byline] = await bylineOf(portal, (await versionsOf(portal, mine.ref)).at(-1)!.id);
    expect(byline!.mailbox_id).toBeNull();
    expect(byline!.author_id).not.toBe(theirs.authors[0]!.id);
  });

  test('is answered, and then read, by a co-author who signs in with the address of the byline', async () => {
    const { portal, world, author, submit } = await setUp({ engine });
    await submit({ ...typed(world), intent: 'submit' });
    const coauthor = await portal.signIn(
      await makePerson(portal.ctx, 'Cem Coauthor', { address: COAUTHOR.toUpperCase() }),
    );
    const path = '/cas-2027/submissions/T0001';
    // Before their yes they learn that they are asked, and nothing of the submission but what the mail says.
    const list = await portal.get('/cas-2027/submissions', { as: coauthor });
    expect(list.text).toContain('Water, Borders and Trust');
    expect(list.elements('a').map(({ href }) => href)).not.toContain(path);
    const led = await portal.get(path, { as: coauthor });
    const asked = `/authorship/${await askedToken(portal.ctx, COAUTHOR)}`;
    expect([led.status, led.location]).toEqual([302, asked]);
    expect(list.elements('a').map(({ href }) => href)).toContain(asked);
    const question = await portal.get(asked, { as: coauthor });
    expect(question.text).toContain('Water, Borders and Trust');
    expect(question.text).not.toContain('Who shares the water of a river?');
    const unread = await dump(portal.ctx.db);
    for (const act of ['withdraw', 'save'])
      expect((await portal.post(path, { act, intent: act, title: 'Theirs' }, { as: coauthor })).status).toBe(404);
    expect(await dump(portal.ctx.db)).toEqual(unread);
    // Opening the page has answered nothing.
    const reach = async () => (await portal.get(path, { as: author })).text.match(REACH);
    expect(await reach()).toEqual(['no address', 'waiting for a yes']);

    const answered = await portal.post(asked, question.form('intent').with({ intent: 'yes' }), { as: coauthor });
    expect([answered.status, answered.location]).toEqual([303, asked]);
    expect(await reach()).toEqual(['no address', 'reachable']);
    expect((await portal.get('/cas-2027/submissions', { as: coauthor })).text).toContain('Water, Borders and Trust');
    const page = await portal.get(path, { as: coauthor });
    expect([page.status, page.heading]).toEqual([200, 'T0001 submitted']);
    expect(page.text).toContain('Who shares the water of a river?');
    // To read, not to change; their own line has a page of its own.
    expect(page.forms().map((form) => form.action)).toEqual(['/sign-out']);
    const before = await dump(portal.ctx.db);
    for (const act of ['withdraw', 'save'])
      expect((await portal.post(path, { act, intent: act, title: 'Theirs' }, { as: coauthor })).status).toBe(403);
    expect(await dump(portal.ctx.db)).toEqual(before);
    const own = `${path}/authorship`;
    expect(page.elements('a').map(({ href }) => href)).toContain(own);
    const line = (await portal.get(own, { as: coauthor })).form('affiliation');
    const saved = await portal.post(own, line.with({ affiliation: 'Lab of Rivers', contactable: 'on' }), {
      as: coauthor,
    });
    expect([saved.status, saved.location]).toEqual([303, path]);
    expect((await portal.get(path, { as: author })).html).toContain('Lab of Rivers');
    // They leave: it is not theirs, and they are told apart no more.
    const left = await portal.post(own, { intent: 'leave' }, { as: coauthor });
    expect([left.status, left.location]).toEqual([303, '/cas-2027/submissions']);
    expect(await reach()).toEqual(['no address', 'says it is not them']);
    expect((await portal.get(path, { as: coauthor })).status).toBe(404);
    expect((await portal.get(own, { as: coauthor })).status).toBe(404);
    expect((await portal.get('/cas-2027/submissions', { as: coauthor })).text).not.toContain('Water, Borders');
  });

  test('of which a stale form shows the other version and loses nothing', async () => {
    const { portal, world, author, submit } = await setUp({ engine });
    await submit({ ...typed(world), intent: 'submit' });
    const path = '/cas-2027/submissions/T0001';
    const first = (await portal.get(path, { as: author })).form('title');
    const second = (await portal.get(path, { as: author })).form('title');
    await portal.post(path, second.with({ intent: 'save', title: 'From the other window' }), { as: author });
    const mine = first.with({ intent: 'save', title: 'From this window', 'authors[1].address': 'new@authors.example' });
    const stale = await portal.post(path, mine, { as: author });
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('It has been changed elsewhere since you opened it.');
    expect(stale.text).toContain('From the other window');
    expect((await versionsOf(portal, 'T0001')).at(-1)!.title).toBe('From the other window');
    const form = stale.form('title');
    for (const [name, value] of Object.entries(mine)) {
      if (name !== 'baseVersion' && name !== 'intent') expect(form.fields).toContainEqual([name, value]);
    }
    // Seen, it may be replaced.
    expect((await portal.post(path, form.with({ intent: 'save' }), { as: author })).status).toBe(303);
    expect((await versionsOf(portal, 'T0001')).map(({ title }) => title).slice(1)).toEqual([
      'From the other window',
      'From this window',
    ]);
  });
});

describe('the deadline', () => {
  const closed = 'Submissions closed on 1 February 2027 at 23:59 GMT+5.';

  test('closes the form of a new submission, with what was typed kept', async () => {
    const { portal, world, submit, author } = await setUp();
    portal.ctx.clock.set('2027-02-01T18:58:59.999Z');
    expect((await submit({ ...typed(world), intent: 'draft' })).status).toBe(303);
    portal.ctx.clock.set('2027-02-01T18:59:00.000Z');
    const before = await dump(portal.ctx.db);
    const late = await submit({ ...typed(world), intent: 'submit' });
    expect(late.status).toBe(409);
    expect(late.text).toContain(closed);
    expect(late.text).toContain('Nothing was saved.');
    expect(late.form('title').fields).toContainEqual(['abstract', typed(world).abstract!]);
    expect(late.form('title').fields).toContainEqual(['authors[1].address', COAUTHOR]);
    expect(await dump(portal.ctx.db)).toEqual(before);
    const page = await portal.get(`/cas-2027/submit?key=${newKey()}`, { as: author });
    expect(page.text).toContain(closed);
    expect(page.forms().map((form) => form.action)).toEqual(['/sign-out']);
  });

  test('closes an open form too, and withdrawing stays possible', async () => {
    const { portal, world, author } = await setUp();
    const paper = await makeSubmission(portal.ctx, world, author);
    const path = `/cas-2027/submissions/${paper.ref}`;
    const form = (await portal.get(path, { as: author })).form('title');
    portal.ctx.clock.advance(30 * DAY);
    const late = await portal.post(path, form.with({ intent: 'save', title: 'Too late' }), { as: author });
    expect(late.status).toBe(409);
    expect(late.text).toContain('Submissions closed on 1 February 2027 at 23:59 GMT+5, so the text is fixed.');
    expect(late.text).toContain('Nothing was saved.');
    expect(late.form('title').fields).toContainEqual(['title', 'Too late']);
    expect(await versionsOf(portal, paper.ref)).toHaveLength(1);
    expect((await portal.post(path, { act: 'withdraw' }, { as: author })).status).toBe(303);
    // But not to undo that.
    const refused = await portal.post(path, { act: 'reinstate' }, { as: author });
    expect((await portal.get(refused.location!, { as: author })).text).toContain('Nothing was changed.');
    expect(await stateOf(portal, paper.ref)).toEqual({ state: 'withdrawn' });
  });

  test('before it opens, nothing is taken', async () => {
    const { portal, world, submit } = await setUp();
    portal.ctx.clock.set('2026-11-30T23:59:59.999Z');
    const early = await submit({ ...typed(world), intent: 'submit' });
    expect(early.status).toBe(409);
    expect(early.text).toContain('Submissions open on 1 December 2026 at 05:00 GMT+5.');
  });
});

test('what has been decided is locked, and what was typed is there to be copied', async () => {
  const { portal, world, author } = await setUp();
  for (const state of ['accepted', 'rejected', 'published'] as const) {
    const paper = await makeSubmission(portal.ctx, world, author, { state });
    const path = `/cas-2027/submissions/${paper.ref}`;
    const fields = { ...typed(world), intent: 'save', baseVersion: paper.versionId, title: 'Another' };
    const answer = await portal.post(path, fields, { as: author });
    expect([state, answer.status]).toEqual([state, 409]);
    expect(answer.text).toContain('Nothing was saved. What you typed is still here');
    expect(answer.form('title').fields).toContainEqual(['title', 'Another']);
    expect(await versionsOf(portal, paper.ref)).toHaveLength(1);
  }
});

test('withdrawn, a paper leaves the programme at once', async () => {
  const { portal, world, author } = await setUp();
  const paper = await makeSubmission(portal.ctx, world, author, { state: 'published' });
  expect((await portal.get(`/cas-2027/papers/${paper.ref}`)).status).toBe(200);
  await portal.post(`/cas-2027/submissions/${paper.ref}`, { act: 'withdraw' }, { as: author });
  expect((await portal.get(`/cas-2027/papers/${paper.ref}`)).status).toBe(404);
  expect((await portal.get('/cas-2027/programme?q=trust')).text).not.toContain(paper.ref);
});

test('a draft may be unfinished; what is handed in is whole', async () => {
  const { portal, world, submit } = await setUp();
  const bare = { title: 'Only a title', formatId: world.formats[0]!.id, themeId: world.themes[0]!.id };
  const whole = await submit({ ...bare, intent: 'submit' });
  expect(whole.status).toBe(422);
  expect(whole.errorOf('abstract')).toBe('Please fill this in.');
  expect(whole.text).toContain('Authors: Please name at least one author.');
  expect((await submit({ ...bare, intent: 'draft' })).status).toBe(303);
  expect(await stateOf(portal, 'T0001')).toEqual({ state: 'draft' });
});

describe('fields of the form', () => {
  const long = (length: number) => 'x'.repeat(length);
  const words = (count: number) => Array.from({ length: count }, () => 'word').join(' ');
  const wrong: [string, Record<string, string>, string, string][] = [
    ['an empty title', { title: '  ' }, 'title', 'Please fill this in.'],
    ['a long title', { title: long(401) }, 'title', 'At most 400 characters fit here.'],
    ['too many words', { abstract: words(61) }, 'abstract', 'The abstract has 61 words; this format allows 60.'],
    ['a huge abstract', { abstract: long(60_001) }, 'abstract', 'At most 60,000 characters fit here.'],
    [
      'a foreign format',
      { formatId: '0190aaaa-0000-7000-8000-000000000000' },
      'formatId',
      'Please choose one of those offered here.',
    ],
    ['no format', { formatId: '' }, 'formatId', 'Please choose one.'],
    ['no theme', { themeId: '' }, 'themeId', 'Please choose one.'],
    ['a foreign theme', { themeId: 'x' }, 'themeId', 'Please choose one of those offered here.'],
    [
      'many keywords',
      { keywords: Array.from({ length: 21 }, (_, index) => index).join() },
      'keywords',
      'At most 20 fit here.',
    ],
    ['no language', { language: 'Uzbek!' }, 'language', 'Please choose a language from the list.'],
    ['a nameless author', { 'authors[0].name': ' ' }, 'authors[0].name', 'Please fill this in.'],
    [
      'a link for a name',
      { 'authors[0].name': 'see http://x.example' },
      'authors[0].name',
      'A name holds no address and no link. Where it has a dot, put a space after it.',
    ],
    ['a long name', { 'authors[0].name': long(121) }, 'authors[0].name', 'At most 120 characters fit here.'],
    [
      'a long affiliation',
      { 'authors[0].affiliation': long(301) },
      'authors[0].affiliation',
      'At most 300 characters fit here.',
    ],
    [
      'a wrong check digit',
      { 'authors[1].orcid': '0000-0002-1825-0098' },
      'authors[1].orcid',
      'This is no ORCID iD: one has 16 digits, such as 0000-0002-1825-0097, and the last is a check digit.',
    ],
    [
      'two addresses',
      { 'authors[1].address': 'a@x.example, b@y.example' },
      'authors[1].address',
      'Please give one plain e-mail address, such as name@example.org.',
    ],
  ];

  test('each error stands beside its field, and nothing typed is lost', async () => {
    const { portal, world, submit } = await setUp();
    const before = await dump(portal.ctx.db);
    for (const [what, others, field, sentence] of wrong) {
      const sent = { ...typed(world, others), intent: 'submit' };
      const answer = await submit(sent);
      expect([what, answer.status, answer.errorOf(field)]).toEqual([what, 422, expect.stringContaining(sentence)]);
      expect(answer.text).toContain('Please check the following');
      const { fields } = answer.form('title');
      for (const [name, value] of Object.entries(sent)) {
        // A choice that does not exist cannot be shown as chosen.
        if (name !== 'intent' && !(name === field && name.endsWith('Id'))) expect(fields).toContainEqual([name, value]);
      }
    }
    expect(await dump(portal.ctx.db)).toEqual(before);
  });

  test('wrong kinds and repeated fields are errors too', async () => {
    const { world, submit, portal, author } = await setUp();
    expect((await submit({ ...typed(world), intent: 'publish' })).status).toBe(422);
    const twice: [string, string][] = [...Object.entries(typed(world)), ['title', 'Another'], ['intent', 'submit']];
    const answer = await portal.post('/cas-2027/submit', twice, { as: author });
    expect([answer.status, answer.errorOf('title')]).toEqual([422, expect.stringMatching(/^Please|^This is not/)]);
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`authors[${index}].name`, 'A']));
    const crowd = await submit({ ...typed(world), ...many, intent: 'submit' });
    expect(crowd.status).toBe(422);
    expect(crowd.text).toContain('Authors: At most 50 fit here.');
    expect(await portal.ctx.db.selectFrom('submissions').select('id').execute()).toEqual([]);
  });

  test('authors are added and removed without scripts', async () => {
    const { portal, author } = await setUp();
    const page = await portal.get(`/cas-2027/submit?key=${newKey()}`, { as: author });
    const press = async (fields: Record<string, string | string[]>, intent: object) =>
      (await portal.post('/cas-2027/submit', { ...fields, __intent__: JSON.stringify(intent) }, { as: author })).form(
        'title',
      );
    const [button] = [...page.form('title').html.matchAll(/name="__intent__" value="([^"]*)"/g)]
      .map((match) => match[1])
      .slice(-1);
    const added = await portal.post(
      '/cas-2027/submit',
      page.form('title').with({ title: 'Kept', __intent__: button!.replaceAll('&quot;', '"') }),
      { as: author },
    );
    expect(added.status).toBe(200);
    expect(added.text).not.toContain('Please check the following');
    expect(added.form('title').fields).toEqual(
      expect.arrayContaining([
        ['title', 'Kept'],
        ['authors[1].name', ''],
      ]),
    );
    const removed = await press(added.form('title').with({ 'authors[1].name': 'Second' }), {
      type: 'remove',
      payload: { name: 'authors', index: 0 },
    });
    expect(removed.fields).toContainEqual(['authors[0].name', 'Second']);
    expect(removed.fields.filter(([name]) => name.startsWith('authors[1]'))).toEqual([]);
  });
});

test('a submission of somebody else does not exist', async () => {
  const { portal, world, author } = await setUp();
  const paper = await makeSubmission(portal.ctx, world, author);
  const other = await portal.signIn(await makePerson(portal.ctx, 'Other Person'));
  const path = `/cas-2027/submissions/${paper.ref}`;
  const acts: Record<string, string>[] = [
    { ...typed(world), intent: 'save' },
    { act: 'withdraw' },
    { act: 'reinstate' },
  ];
  for (const fields of acts) expect((await portal.post(path, fields, { as: other })).status).toBe(404);
  expect((await portal.post(path, { act: 'withdraw' }, { as: stranger() })).location).toMatch(/^\/sign-in/);
  expect(await stateOf(portal, paper.ref)).toEqual({ state: 'submitted' });
});

test('references are counted by conference, and none is given twice', async () => {
  const { portal, world, author, submit } = await setUp();
  const there = await makeConference(portal.ctx, { slug: 'other-2027', name: 'Other', refPrefix: 'X' });
  await makeSubmission(portal.ctx, there, author);
  await Promise.all([1, 2, 3, 4].map(() => submit({ ...typed(world), intent: 'draft' })));
  const refs = await portal.ctx.db.selectFrom('submissions').select('ref').orderBy('ref').execute();
  expect(refs.map(({ ref }) => ref)).toEqual(['T0001', 'T0002', 'T0003', 'T0004', 'X0001']);
});

test('nothing is chosen in silence: format and theme begin at Choose…, and a draft says that it needs them', async () => {
  const { portal, author } = await setUp();
  const page = await portal.get(`/cas-2027/submit?key=${newKey()}`, { as: author });
  const form = page.form('formatId');
  expect(form.fields).toEqual(
    expect.arrayContaining([
      ['formatId', ''],
      ['themeId', ''],
      ['language', ''],
    ]),
  );
  expect(page.text).toContain('How many words there may be depends on the format.');
  const sent = form.with({ intent: 'draft', title: 'Kept title', abstract: 'Kept abstract' });
  const refused = await portal.post('/cas-2027/submit', sent, { as: author });
  expect(refused.status).toBe(422);
  for (const field of ['formatId', 'themeId'])
    expect(refused.errorOf(field)).toBe(
      'Please choose one; you can change it later. A draft cannot be saved without it.',
    );
  expect(refused.form('formatId').fields).toEqual(
    expect.arrayContaining([
      ['title', 'Kept title'],
      ['abstract', 'Kept abstract'],
    ]),
  );
});

test('where there is one format and one theme they are chosen, and the word limit is said', async () => {
  const { portal, world, author } = await setUp();
  await portal.ctx.db.deleteFrom('formats').where('id', '=', world.formats[1]!.id).execute();
  await portal.ctx.db.deleteFrom('themes').where('id', '=', world.themes[1]!.id).execute();
  const page = await portal.get(`/cas-2027/submit?key=${newKey()}`, { as: author });
  expect(page.form('formatId').fields).toEqual(
    expect.arrayContaining([
      ['formatId', world.formats[0]!.id],
      ['themeId', world.themes[0]!.id],
    ]),
  );
  expect(page.text).toContain('At most 60 words in this format.');
});

describe('the language of a submission is a list with names', () => {
  async function offered(options: { language?: string; abstract?: string; accept?: string }) {
    const { portal, world, author } = await setUp();
    const { language = '', abstract = 'x', accept } = options;
    const paper = await makeSubmission(portal.ctx, world, author, { state: 'draft', abstract });
    await portal.ctx.db.updateTable('submission_versions').set({ language }).execute();
    const page = await portal.get(`/cas-2027/submissions/${paper.ref}`, {
      as: author,
      headers: accept ? { 'accept-language': accept } : {},
    });
    const select = /<select[^>]*name="language".*?<\/select>/s.exec(page.html)?.[0] ?? '';
    const likely = /<optgroup label="Likely">(.*?)<\/optgroup>/s.exec(select)?.[1] ?? '';
    const names = [...likely.matchAll(/<option[^>]*>([^<]*)</g)].map(([, name]) => name);
    return { select, names, chosen: page.form('language').fields.find(([name]) => name === 'language')?.[1] };
  }

  test.each([
    ['what the browser asks for', { accept: 'uz-UZ,ru;q=0.8,zh-TW' }, ['Uzbek', 'Russian', 'Chinese (Traditional)']],
    ['the script of the abstract', { abstract: 'Су және шекара туралы' }, ['Kazakh', 'Russian']],
    ['the script of the abstract', { abstract: '川と国境のはなし' }, ['Japanese']],
    ['what is stored', { language: 'fa' }, ['Persian']],
    ['what was stored in former times', { language: 'tg-Cyrl-TJ' }, ['Tajik (Cyrillic, Tajikistan)']],
    ['what was stored in former times', { language: 'qaa' }, ['qaa']],
  ])('with %s first', async (_, options, first) => {
    const { names, chosen } = await offered(options);
    expect(names.slice(0, first.length)).toEqual(first);
    // It is offered, never chosen for anybody.
    expect(chosen).toBe('language' in options ? options.language : '');
  });

  test('and every one stands in it once', async () => {
    const { select } = await offered({ accept: 'kk,ru,en' });
    const values = [...select.matchAll(/<option[^>]*value="([^"]*)"/g)].map(([, value]) => value);
    expect(new Set(values).size).toBe(values.length);
    expect(values.length).toBeGreaterThan(200);
    const names = [...select.matchAll(/<option[^>]*>([^<]*)</g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['Kara-Kalpak', 'Uzbek (Cyrillic)']));
  });

  test('what others wrote to the conference in comes first', async () => {
    const { portal, world, author } = await setUp();
    for (const language of ['tg', 'tg', 'ka']) await makeSubmission(portal.ctx, world, author, { language });
    const { html } = await portal.get(`/cas-2027/submit?key=${newKey()}`, { as: author });
    expect(html).toMatch(/label="Likely"><option value="tg">Tajik<\/option><option value="ka">Georgian</);
  });
});

import { describe, expect, test } from 'vitest';
import { revokeRole } from '~/domain/account/commands.server';
import { conferenceBySlug, formatsOf, themesOf } from '~/domain/conference/queries.server';
import { engines } from '../support/database';
import { dump } from '../support/dump';
import { letters, newestLink } from '../support/inbox';
import { openPortal, type TestPortal } from '../support/portal';
import { makeConference, makePerson, makeSubmission, stranger, type World } from '../support/world';

async function setUp(options: Parameters<typeof openPortal>[0] = {}) {
  const portal = await openPortal(options);
  const world = await makeConference(portal.ctx);
  const organiser = await portal.signIn(
    await makePerson(portal.ctx, 'Olga Organiser', { roles: [[world, 'organiser']] }),
  );
  return { portal, world, organiser };
}

describe.each(engines)('the conference on %s', (engine) => {
  test('is edited on its own clock', async () => {
    const { portal, organiser } = await setUp({ engine });
    const form = (await portal.get('/cas-2027/organise', { as: organiser })).form('timeZone');
    expect(form.fields).toEqual(
      expect.arrayContaining([
        ['name', 'Central Asia 2027'],
        ['opensAt', '2026-12-01T05:00'],
        ['closesAt', '2027-02-01T23:59'],
        ['refPrefix', 'T'],
      ]),
    );
    const fields = form.with({
      name: 'Renamed',
      timeZone: 'Europe/Berlin',
      closesAt: '2027-03-28T12:00',
      refPrefix: 'CA',
      opensAt: '',
    });
    expect((await portal.post('/cas-2027/organise', fields, { as: organiser })).status).toBe(422);
    const meant = { ...fields, timesIn: 'Europe/Berlin' };
    expect((await portal.post('/cas-2027/organise', meant, { as: organiser })).status).toBe(303);
    const row = await portal.ctx.db.selectFrom('conferences').selectAll().executeTakeFirstOrThrow();
    // Summer time has begun that morning.
    expect(row).toMatchObject({ name: 'Renamed', opens_at: null, closes_at: '2027-03-28T10:00:00.000Z', revision: 2 });
    const submitted = await makeSubmission(portal.ctx, await worldNow(portal), organiser);
    expect(submitted.ref).toBe('CA0001');
  });

  test('of which a stale form shows the other version and loses nothing', async () => {
    const { portal, organiser } = await setUp({ engine });
    const page = () => portal.get('/cas-2027/organise', { as: organiser });
    const [first, second] = [(await page()).form('timeZone'), (await page()).form('timeZone')];
    await portal.post('/cas-2027/organise', second.with({ name: 'Theirs' }), { as: organiser });
    const mine = first.with({ name: 'Mine', startsOn: '2027-06-03' });
    const stale = await portal.post('/cas-2027/organise', mine, { as: organiser });
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('Somebody else has changed the conference');
    expect(stale.text).toContain('Theirs');
    const form = stale.form('timeZone');
    expect(form.fields).toEqual(
      expect.arrayContaining([
        ['name', 'Mine'],
        ['startsOn', '2027-06-03'],
      ]),
    );
    expect((await portal.post('/cas-2027/organise', form.with({}), { as: organiser })).status).toBe(303);
    expect((await portal.get('/cas-2027')).heading).toBe('Mine');
  });

  test('has formats and themes, which are added, renamed, and removed while nothing uses them', async () => {
    const { portal, world, organiser } = await setUp({ engine });
    const author = await makePerson(portal.ctx, 'Aigul Author');
    const paper = await makeSubmission(portal.ctx, world, author, { state: 'published' });
    const save = (fields: Record<string, string>) =>
      portal.post('/cas-2027/organise/choices', fields, { as: organiser });
    const names = async () => ({
      formats: (
        await portal.ctx.db.selectFrom('formats').select(['name', 'word_limit']).orderBy('position').execute()
      ).map(({ name, word_limit }) => `${name} ${word_limit}`),
      themes: (await portal.ctx.db.selectFrom('themes').select('name').orderBy('position').execute()).map(
        ({ name }) => name,
      ),
    });
    const [talk, poster] = world.formats;
    const [history, water] = world.themes;
    await save({ table: 'formats', id: '', intent: 'save', name: 'Panel', wordLimit: '500' });
    await save({ table: 'formats', id: talk!.id, intent: 'save', name: 'Long talk', wordLimit: '70' });
    for (const fields of [
      { table: 'themes', id: water!.id },
      { table: 'formats', id: poster!.id },
    ]) {
      const asked = await save({ ...fields, intent: 'remove' });
      expect([asked.status, /Remove “(Water|Poster)”\? No submission uses it/.test(asked.text)]).toEqual([422, true]);
      expect((await save({ ...fields, intent: 'remove-now' })).status).toBe(303);
      // Another organiser, whose page is older, hears of it.
      const late = await save({ ...fields, intent: 'remove-now' });
      expect([late.status, late.headers.get('set-cookie')?.includes('notice.gone')]).toEqual([303, true]);
    }
    expect(await names()).toEqual({ formats: ['Long talk 70', 'Panel 500'], themes: ['History'] });
    expect((await portal.get(`/cas-2027/papers/${paper.ref}`)).text).toContain('Format Long talk');

    const used = await save({ table: 'themes', id: history!.id, intent: 'remove' });
    expect([used.status, used.text.includes('“History” is in use and cannot be removed')]).toEqual([422, true]);
    expect(used.text).toContain(`${paper.ref} ${paper.title}`);
    expect(used.html).toContain(`href="/cas-2027/review/${paper.ref}"`);
    expect(used.html).not.toContain('remove-now');
    expect((await save({ table: 'themes', id: history!.id, intent: 'remove-now' })).status).toBe(422);
    const double = await save({ table: 'formats', id: '', intent: 'save', name: 'Panel', wordLimit: '20' });
    expect([double.status, double.text.includes('There is one of that name already.')]).toEqual([422, true]);
    expect(double.forms().at(-2)!.html + double.html).toContain('value="20"');
    for (const wordLimit of ['', '9', '20001', 'many', '1.5'])
      expect([wordLimit, (await save({ table: 'formats', id: '', name: 'X', wordLimit })).status]).toEqual([
        wordLimit,
        422,
      ]);
    expect((await save({ table: 'themes', id: '', name: 'x'.repeat(501) })).status).toBe(422);
    expect((await save({ table: 'themes', id: '', name: ' ' })).status).toBe(422);
    expect(await names()).toEqual({ formats: ['Long talk 70', 'Panel 500'], themes: ['History'] });
  });

  test('lets nobody touch the formats and themes of another', async () => {
    const { portal, organiser } = await setUp({ engine });
    const there = await makeConference(portal.ctx, { slug: 'other-2027', name: 'Other' });
    const before = await dump(portal.ctx.db);
    for (const [table, { id }] of [
      ['formats', there.formats[0]!],
      ['themes', there.themes[0]!],
    ] as const) {
      for (const intent of ['save', 'lower', 'remove', 'remove-now']) {
        const fields = { table, id, intent, name: 'Taken', wordLimit: '20' };
        const answer = await portal.post('/cas-2027/organise/choices', fields, { as: organiser });
        expect([table, intent, answer.status]).toEqual([table, intent, 404]);
      }
    }
    expect(await dump(portal.ctx.db)).toEqual(before);
  });

  test('gets its reviewers and organisers by invitation, and is left by them', async () => {
    const { portal, organiser } = await setUp({ engine });
    const path = '/cas-2027/organise/people';
    const invite = (address: string, role: string, name = 'Ivo Invited') =>
      portal.post(path, { address, role, name }, { as: organiser });
    expect((await invite('ivo@people.example', 'reviewer')).status).toBe(303);
    const [letter] = await letters(portal.ctx, 'ivo@people.example');
    expect(letter).toMatchObject({
      kind: 'invitation',
      state: 'queued',
      subject: 'Please review for Central Asia 2027',
    });
    const page = await portal.get(path, { as: organiser });
    expect(page.text).toContain('Ivo Invited reviewer');
    expect(page.html).not.toContain('ivo@people.example');

    // Signed in with that address, they have the role.
    const ivo = stranger();
    const room = await newestLink(portal.ctx, 'ivo@people.example');
    expect(room).toBe('/cas-2027/review');
    const away = await portal.get(room, { as: ivo });
    const form = (await portal.get(away.location!, { as: ivo })).form('address');
    await portal.post('/sign-in', form.with({ address: 'Ivo@people.example' }), { as: ivo });
    const signedIn = await portal.post(
      await newestLink(portal.ctx, 'ivo@people.example'),
      { name: 'Ivo' },
      { as: ivo },
    );
    expect(signedIn.location).toBe(room);
    expect((await portal.get(room, { as: ivo })).status).toBe(200);

    const removal = (await portal.get(path, { as: organiser }))
      .forms()
      .find(({ html }) => html.includes('value="remove"'))!;
    const asked = await portal.post(path, removal.with({ intent: 'remove' }), { as: organiser });
    expect([asked.status, asked.text.includes('Remove Ivo Invited as reviewer?')]).toEqual([422, true]);
    expect(asked.text).toContain('They have written no review here.');
    expect((await portal.get(room, { as: ivo })).status).toBe(200);
    const meant = asked.forms().find(({ html }) => html.includes('value="remove-now"'))!;
    expect((await portal.post(path, meant.with({ intent: 'remove-now' }), { as: organiser })).status).toBe(303);
    expect((await portal.get(room, { as: ivo })).status).toBe(404);
    // A second press, or another organiser's, hears that it was done.
    const late = await portal.post(path, meant.with({ intent: 'remove-now' }), { as: organiser });
    expect(late.headers.get('set-cookie')).toContain('notice.gone');
  });
});

describe('a change of the time zone', () => {
  async function change(fields: Record<string, string>) {
    const { portal, organiser } = await setUp();
    const stored = async () =>
      portal.ctx.db
        .selectFrom('conferences')
        .select(['time_zone', 'opens_at', 'closes_at', 'revision'])
        .executeTakeFirstOrThrow();
    const form = (await portal.get('/cas-2027/organise', { as: organiser })).form('timeZone');
    const send = (others: Record<string, string>) =>
      portal.post('/cas-2027/organise', form.with({ ...fields, ...others }), { as: organiser });
    return { send, stored };
  }

  test('asks what becomes of the deadlines, with both results, before anything is saved', async () => {
    const { send, stored } = await change({ name: 'Typed', timeZone: 'Europe/Berlin' });
    const before = await stored();
    const asked = await send({});
    expect(asked.status).toBe(422);
    expect(await stored()).toEqual(before);
    expect(asked.text).toContain('The time zone changes from Almaty (UTC+05:00) to Berlin (UTC+01:00).');
    expect(asked.text).toContain('Submissions close: as before, and that will read 1 February 2027 at 19:59');
    expect(asked.text).toMatch(
      /Submissions close: 1 February 2027 at 23:59 \S+, and that is 4 hours later than on the clock of Almaty/,
    );
    expect(asked.text).toMatch(/Submissions open: 1 December 2026 at 05:00 \S+, and that is 4 hours later/);
    const again = asked.form('timesIn');
    expect(again.fields).toEqual(
      expect.arrayContaining([
        ['name', 'Typed'],
        ['timeZone', 'Europe/Berlin'],
        ['closesAt', '2027-02-01T23:59'],
      ]),
    );
    // Neither is chosen for anybody.
    expect(again.fields.map(([name]) => name)).not.toContain('timesIn');
  });

  test('leaves the moments where that is meant', async () => {
    const { send, stored } = await change({ timeZone: 'Europe/Berlin' });
    const { opens_at, closes_at } = await stored();
    expect((await send({ timesIn: 'Asia/Almaty' })).status).toBe(303);
    expect(await stored()).toEqual({ time_zone: 'Europe/Berlin', opens_at, closes_at, revision: 2 });
  });

  test('leaves the clock where that is meant', async () => {
    const { send, stored } = await change({ timeZone: 'Europe/Berlin' });
    expect((await send({ timesIn: 'Europe/Berlin' })).status).toBe(303);
    expect(await stored()).toMatchObject({
      opens_at: '2026-12-01T04:00:00.000Z',
      closes_at: '2027-02-01T22:59:00.000Z',
    });
  });

  test('holds for what was typed with it, and an answer about another zone is none', async () => {
    const { send, stored } = await change({ timeZone: 'Asia/Kolkata', closesAt: '2027-02-03T12:00' });
    const asked = await send({ timesIn: 'Europe/Berlin' });
    expect([asked.status, asked.text.includes('30 minutes earlier')]).toEqual([422, true]);
    expect((await send({ timesIn: 'Asia/Almaty' })).status).toBe(303);
    expect(await stored()).toMatchObject({ closes_at: '2027-02-03T07:00:00.000Z' });
  });

  test('asks nothing where no time moves, and an answer without a change does nothing', async () => {
    const harmless: Record<string, string>[] = [
      { timeZone: 'Asia/Tashkent' },
      { timeZone: 'Europe/Berlin', opensAt: '', closesAt: '' },
      { timeZone: 'Asia/Almaty', timesIn: 'Europe/Berlin' },
    ];
    for (const fields of harmless) {
      const { send, stored } = await change(fields);
      const { closes_at } = await stored();
      expect((await send({})).status).toBe(303);
      expect((await stored()).closes_at).toBe('closesAt' in fields ? null : closes_at);
    }
  });
});

test('what is wrong with the conference stands beside its field, and nothing typed is lost', async () => {
  const { portal, organiser } = await setUp();
  const form = (await portal.get('/cas-2027/organise', { as: organiser })).form('timeZone');
  const wrong: [Record<string, string>, string, string][] = [
    [{ name: '' }, 'name', 'Please fill this in.'],
    [{ name: 'x'.repeat(201) }, 'name', 'At most 200 characters fit here.'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone', 'Please choose a time zone from the list.'],
    [{ startsOn: '2027-02-30' }, 'startsOn', 'This is not valid here.'],
    [{ startsOn: '2027-06-10', endsOn: '2027-06-09' }, 'endsOn', 'The last day is before the first.'],
    [{ opensAt: '2027-99-99T99:99' }, 'opensAt', 'This is not valid here.'],
    [{ closesAt: '2027-02-30T10:00' }, 'closesAt', 'This is not valid here.'],
    [{ closesAt: 'tomorrow' }, 'closesAt', 'This is not valid here.'],
    [
      { opensAt: '2027-02-02T00:00', closesAt: '2027-02-01T00:00' },
      'closesAt',
      'Submissions would close before they open.',
    ],
    [{ refPrefix: 'lower' }, 'refPrefix', 'Up to eight capital letters, A to Z.'],
  ];
  const before = await dump(portal.ctx.db);
  for (const [others, field, sentence] of wrong) {
    const sent = form.with(others);
    const answer = await portal.post('/cas-2027/organise', sent, { as: organiser });
    expect([others, answer.status, answer.errorOf(field)]).toEqual([others, 422, sentence]);
    expect(answer.form('timeZone').fields).toEqual(expect.arrayContaining(Object.entries(sent)));
  }
  expect(await dump(portal.ctx.db)).toEqual(before);
});

test('an invitation that cannot go out is refused beside its field', async () => {
  const { portal, organiser } = await setUp();
  const good = { address: 'ivo@people.example', role: 'reviewer', name: 'Ivo' };
  const before = await dump(portal.ctx.db);
  for (const [field, value] of [
    ['address', 'ivo'],
    ['address', ''],
    ['name', ''],
    ['name', 'ivo@x.example'],
    ['role', 'author'],
    ['role', 'emperor'],
  ] as const) {
    const answer = await portal.post('/cas-2027/organise/people', { ...good, [field]: value }, { as: organiser });
    expect([field, value, answer.status]).toEqual([field, value, 422]);
    expect(answer.errorOf(field)).not.toBe('');
  }
  expect(await dump(portal.ctx.db)).toEqual(before);
});

test('organisers cannot lock themselves out, nor take roles elsewhere', async () => {
  const { portal, world, organiser } = await setUp();
  const there = await makeConference(portal.ctx, { slug: 'other-2027', name: 'Other' });
  const roles: NonNullable<Parameters<typeof makePerson>[2]>['roles'] = [
    [there, 'organiser'],
    [world, 'organiser'],
  ];
  const other = await portal.signIn(await makePerson(portal.ctx, 'Other', { roles }));
  const path = '/cas-2027/organise/people';
  const removalSeenBy = async (as: typeof organiser) =>
    (await portal.get(path, { as })).forms().filter(({ html }) => html.includes('value="remove"'));
  // One cannot be removed by oneself, but by the other.
  const [[ofOther, ...rest], [ofOrganiser]] = [await removalSeenBy(organiser), await removalSeenBy(other)];
  expect(rest).toEqual([]);
  const press = (form: typeof ofOther, as: typeof organiser) =>
    portal.post(path, form!.with({ intent: 'remove-now' }), { as });
  expect((await press(ofOrganiser, organiser)).status).toBe(403);
  // A key is good at its own conference only, and none gives away an account.
  expect(ofOther!.html).not.toContain(other.accountId);
  await portal.post('/other-2027/organise/people', ofOrganiser!.with({ intent: 'remove-now' }), { as: other });
  expect((await press(ofOther, organiser)).status).toBe(303);
  const left = await portal.ctx.db.selectFrom('memberships').select(['account_id', 'conference_id']).execute();
  expect(left).toHaveLength(2);
  expect(left).toEqual(
    expect.arrayContaining([
      { account_id: organiser.accountId, conference_id: world.id },
      { account_id: other.accountId, conference_id: there.id },
    ]),
  );
});

describe.each(engines)('a removal on %s', (engine) => {
  test('of a reviewer says how many reviews stay', async () => {
    const { portal, world, organiser } = await setUp({ engine });
    const author = await makePerson(portal.ctx, 'Aigul Author');
    const paper = await makeSubmission(portal.ctx, world, author);
    const rita = await portal.signIn(await makePerson(portal.ctx, 'Rita Reviewer', { roles: [[world, 'reviewer']] }));
    await portal.post(`/cas-2027/review/${paper.ref}`, { intent: 'review', score: '4', note: '' }, { as: rita });
    expect(await portal.ctx.db.selectFrom('reviews').select('score').execute()).toHaveLength(1);
    const path = '/cas-2027/organise/people';
    const form = (await portal.get(path, { as: organiser })).forms().find(({ html }) => html.includes('"remove"'))!;
    const asked = await portal.post(path, form.with({ intent: 'remove' }), { as: organiser });
    expect(asked.text).toContain('The review that they have written stays, with its score.');
    const meant = asked.forms().find(({ html }) => html.includes('"remove-now"'))!;
    await portal.post(path, meant.with({ intent: 'remove-now' }), { as: organiser });
    expect(await portal.ctx.db.selectFrom('reviews').select('score').execute()).toHaveLength(1);
  });

  test('leaves one organiser, also where two remove each other at once', async () => {
    const { portal, world, organiser } = await setUp({ engine });
    const other = await portal.signIn(await makePerson(portal.ctx, 'Other', { roles: [[world, 'organiser']] }));
    const conferenceId = world.id;
    const results = await Promise.all([
      revokeRole(portal.ctx, organiser.accountId, { accountId: other.accountId, role: 'organiser' }, conferenceId),
      revokeRole(portal.ctx, other.accountId, { accountId: organiser.accountId, role: 'organiser' }, conferenceId),
    ]);
    expect(results.sort()).toEqual(['refused', 'removed']);
    const left = await portal.ctx.db.selectFrom('memberships').select('role').where('role', '=', 'organiser').execute();
    expect(left).toHaveLength(1);
  });

  test('or a lower word limit names the papers that it meets, and of drafts the number alone', async () => {
    const { portal, world, organiser } = await setUp({ engine });
    const author = await makePerson(portal.ctx, 'Aigul Author');
    const abstract = 'word '.repeat(55);
    const long = await makeSubmission(portal.ctx, world, author, { abstract, title: 'The long one' });
    await makeSubmission(portal.ctx, world, author, { abstract: 'word '.repeat(40), title: 'The short one' });
    await makeSubmission(portal.ctx, world, author, { abstract, title: 'The secret draft', state: 'draft' });
    await makeSubmission(portal.ctx, world, author, { abstract, title: 'The withdrawn one', state: 'withdrawn' });
    const limits = async () =>
      (await portal.ctx.db.selectFrom('formats').select(['name', 'word_limit']).orderBy('position').execute()).map(
        ({ name, word_limit }) => `${name} ${word_limit}`,
      );
    const save = (fields: Record<string, string>) =>
      portal.post(
        '/cas-2027/organise/choices',
        { table: 'formats', id: world.formats[0]!.id, intent: 'save', name: 'Renamed', ...fields },
        { as: organiser },
      );
    const asked = await save({ wordLimit: '50' });
    expect([asked.status, await limits()]).toEqual([422, ['Talk 60', 'Poster 30']]);
    expect(asked.text).toContain('2 submissions to “Talk” have more than 50 words');
    expect(asked.text).toContain(`${long.ref} The long one · 55 words`);
    expect(asked.text).toContain('And 1 draft, which only its author sees.');
    expect(asked.text).not.toMatch(/The (short|withdrawn) one|secret draft/);
    const form = asked.forms().find(({ html }) => html.includes('value="lower"'))!;
    expect(form.fields).toEqual(
      expect.arrayContaining([
        ['name', 'Renamed'],
        ['wordLimit', '50'],
      ]),
    );
    // What was asked about 50 is no answer about 45.
    expect(
      (
        await portal.post('/cas-2027/organise/choices', form.with({ intent: 'lower', wordLimit: '45' }), {
          as: organiser,
        })
      ).status,
    ).toBe(422);
    expect(
      (await portal.post('/cas-2027/organise/choices', form.with({ intent: 'lower' }), { as: organiser })).status,
    ).toBe(303);
    expect(await limits()).toEqual(['Renamed 50', 'Poster 30']);
    // Where nothing is longer, and where it is raised, nobody is asked.
    expect((await save({ wordLimit: '100' })).status).toBe(303);
    expect((await save({ wordLimit: '56' })).status).toBe(303);
  });
});

/** The conference as it is now. */
async function worldNow({ ctx }: TestPortal): Promise<World> {
  const conference = (await conferenceBySlug(ctx.db, 'cas-2027'))!;
  return {
    ...conference,
    formats: await formatsOf(ctx.db, conference.id),
    themes: await themesOf(ctx.db, conference.id),
  };
}

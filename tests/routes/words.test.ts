import { expect, test } from 'vitest';
import { ORIGIN, openPortal } from '../support/portal';
import { makeConference, makePerson, makeSubmission, newKey } from '../support/world';

const WORDS = 'Words that took an hour to find.';

async function setUp() {
  const portal = await openPortal();
  const world = await makeConference(portal.ctx);
  const author = await portal.signIn(await makePerson(portal.ctx, 'Aigul Author'));
  const reviewer = await portal.signIn(await makePerson(portal.ctx, 'Rana Reviewer', { roles: [[world, 'reviewer']] }));
  const paper = await makeSubmission(portal.ctx, world, author);
  return { portal, world, author, reviewer, paper };
}

test('whoever has lost their role, or the page, gets back what they typed: to copy, and to nothing else', async () => {
  const { portal, author, reviewer, paper } = await setUp();
  await portal.ctx.db.deleteFrom('memberships').where('account_id', '=', reviewer.accountId).execute();
  const forms: [string, Record<string, string>][] = [
    [`/cas-2027/review/${paper.ref}`, { intent: 'review', score: '3', note: WORDS }],
    [`/cas-2027/review/${paper.ref}/decide`, { outcome: 'accepted', note: WORDS }],
    ['/cas-2027/organise', { revision: '1', name: WORDS }],
    ['/cas-2027/organise/choices', { table: 'themes', name: WORDS }],
    ['/cas-2027/organise/people', { name: WORDS, address: 'somebody@people.example', role: 'reviewer' }],
    ['/cas-2027/conduct/no-such', { act: 'warned', note: WORDS }],
    ['/cas-2027/messages/no-such', { key: newKey(), body: WORDS }],
    ['/cas-2027/messages/no-such/report/no-such', { reason: 'spam', note: WORDS }],
    ['/cas-2027/papers/T9999/message', { key: newKey(), subject: 'S', body: WORDS }],
    ['/cas-2027/submissions/T9999', { intent: 'save', title: WORDS }],
    ['/letters/no-such', { intent: 'report', note: WORDS }],
    ['/cas-2027/programme', { note: WORDS }],
  ];
  for (const [path, fields] of forms) {
    const answer = await portal.post(path, fields, { as: reviewer });
    expect([path, answer.status >= 400]).toEqual([path, true]);
    expect([path, answer.text]).toEqual([path, expect.stringContaining(WORDS)]);
    // Nothing that a press could send.
    expect([path, answer.forms().some((form) => form.html.includes(WORDS))]).toEqual([path, false]);
  }
  const own = await portal.post(
    `/cas-2027/submissions/${paper.ref}`,
    { intent: 'save', title: WORDS, password: 'a secret' },
    { as: reviewer },
  );
  expect([own.status, own.text]).toEqual([404, expect.stringContaining(WORDS)]);
  expect(own.html).not.toContain('a secret');
  expect((await portal.get(`/cas-2027/submissions/${paper.ref}`, { as: author })).text).not.toContain(WORDS);
});

test('a form of another site gets none of its words into our page, and no button', async () => {
  const { portal, author, paper } = await setUp();
  const sent: Record<string, string>[] = [
    {},
    { host: 'portal.example' },
    { host: 'evil.example', 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of sent) {
    const answer = await portal.post(
      `/cas-2027/submissions/${paper.ref}`,
      { title: WORDS },
      { as: author, origin: 'https://evil.example', headers },
    );
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('came from another site')]);
    expect(answer.html).not.toContain(WORDS);
    expect(answer.forms().filter((form) => form.action !== '/sign-out')).toEqual([]);
  }
});

test('a form of our own page under another name goes on at ORIGIN, not sent, with its words', async () => {
  const { portal, author } = await setUp();
  const key = newKey();
  const answer = await portal.post(
    `/cas-2027/submit?key=${key}`,
    { key, intent: 'submit', title: WORDS, 'authors[0].name': 'Aigul', 'authors[1].name': 'Cem' },
    { as: author, origin: 'http://127.0.0.1:3000', headers: { host: '127.0.0.1:3000', 'x-colloquy-form': '1' } },
  );
  // A script is told where it goes on, and that nothing is confirmed.
  expect([answer.status, answer.headers.get('x-colloquy-confirmed')]).toEqual([204, null]);
  const place = answer.headers.get('x-colloquy-location')!;
  expect(place.startsWith(`${ORIGIN}/cas-2027/submit?key=${key}&kept=`)).toBe(true);
  const page = await portal.get(place.slice(ORIGIN.length), { as: author });
  expect(page.form('title').fields).toEqual(
    expect.arrayContaining([
      ['title', WORDS],
      ['authors[1].name', 'Cem'],
    ]),
  );
});

test('a script is told where a saved form leads and that it is confirmed; the way to sign in confirms nothing', async () => {
  const { portal, author } = await setUp();
  const script = { 'x-colloquy-form': '1' };
  const saved = await portal.post('/account', { intent: 'name', name: 'Aigul A.' }, { as: author, headers: script });
  expect([saved.status, saved.headers.get('x-colloquy-location'), saved.headers.get('x-colloquy-confirmed')]).toEqual([
    204,
    '/account#save-name',
    '1',
  ]);
  expect((await portal.get('/account', { as: author })).text).toContain('Saved.');
  const away = await portal.post('/cas-2027/submit', { title: WORDS }, { headers: script });
  expect([away.status, away.headers.get('x-colloquy-confirmed')]).toEqual([204, null]);
  expect(away.headers.get('x-colloquy-location')).toContain('/sign-in?next=');
  const refused = await portal.post('/account', { intent: 'name', name: '' }, { as: author, headers: script });
  expect([refused.status, refused.headers.get('x-colloquy-refused')]).toEqual([204, '422']);
  expect(refused.headers.get('x-colloquy-confirmed')).toBeNull();
});

test('where too much is kept for a network already, the words are shown', async () => {
  const { portal } = await setUp();
  for (let index = 0; index < 100; index++) await portal.post('/cas-2027/submit', { title: 'x' });
  const answer = await portal.post('/cas-2027/submit', { title: WORDS });
  expect([answer.status, answer.text]).toEqual([429, expect.stringContaining(WORDS)]);
});

test('two tabs: names, rules, formats and the conference are not overwritten silently', async () => {
  const { portal, world, author } = await setUp();
  const organiser = await portal.signIn(
    await makePerson(portal.ctx, 'Orhan Organiser', { roles: [[world, 'organiser']] }),
  );
  const stale = async (
    path: string,
    control: string,
    as: typeof author,
    one: object,
    other: object,
    button: object,
  ) => {
    const form = (await portal.get(path, { as })).form(control);
    expect((await portal.post(path, form.with({ ...button, ...one }), { as })).status).toBe(303);
    const answer = await portal.post(path, form.with({ ...button, ...other }), { as });
    expect([path, answer.status]).toEqual([path, 409]);
    const again = answer
      .forms()
      .find(({ fields }) =>
        Object.entries(other).every(([name, value]) =>
          fields.some(([same, typed]) => same === name && typed === value),
        ),
      )!;
    expect((await portal.post(path, again.with({ ...button }), { as })).status).toBe(303);
  };
  await stale('/account', 'name', author, { name: 'One Name' }, { name: 'Other Name' }, { intent: 'name' });
  await stale('/account/letters', 'quietFrom', author, { lettersFrom: 'asked' }, { lettersFrom: 'nobody' }, {});
  const path = '/cas-2027/organise/choices';
  await stale(path, 'wordLimit', organiser, { name: 'Panel' }, { name: 'Lecture' }, { intent: 'save' });
  await stale('/cas-2027/organise', 'refPrefix', organiser, { name: 'One' }, { name: 'Other' }, {});
  // What only one of them has touched is merged.
  const form = (await portal.get('/cas-2027/organise', { as: organiser })).form('refPrefix');
  await portal.post('/cas-2027/organise', form.with({ refPrefix: 'X' }), { as: organiser });
  const merged = await portal.post('/cas-2027/organise', form.with({ lettersWeeks: '3' }), { as: organiser });
  expect(merged.status).toBe(303);
  const { fields } = (await portal.get('/cas-2027/organise', { as: organiser })).form('refPrefix');
  expect(fields).toEqual(
    expect.arrayContaining([
      ['refPrefix', 'X'],
      ['lettersWeeks', '3'],
    ]),
  );
});

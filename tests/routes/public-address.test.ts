import { describe, expect, test } from 'vitest';
import { publishesAddress } from '~/domain/mail/gate';
import { openPortal } from '../support/portal';
import { makeConference, makePerson, makeSubmission, newKey } from '../support/world';

const ADDRESS = 'aigul@rivers.example';

async function setUp() {
  const portal = await openPortal();
  const world = await makeConference(portal.ctx);
  const author = await portal.signIn(await makePerson(portal.ctx, 'Aigul Author'));
  const organiser = await portal.signIn(
    await makePerson(portal.ctx, 'Olga Organiser', { roles: [[world, 'organiser']] }),
  );
  const typed = (others: Record<string, string>) => ({
    intent: 'submit',
    title: 'Water, Borders and Trust',
    abstract: 'Who shares the water of a river?',
    formatId: world.formats[0]!.id,
    themeId: world.themes[0]!.id,
    keywords: 'water',
    'authors[0].name': 'Aigul Author',
    ...others,
  });
  return { portal, world, author, organiser, typed };
}

describe('an address in a public text', () => {
  test.each(['title', 'abstract', 'keywords'])('in the %s asks its author, and goes with their tick', async (field) => {
    const { portal, author, typed } = await setUp();
    const fields = typed({ [field]: `Water (${ADDRESS})` });
    const asked = await portal.post('/cas-2027/submit', fields, { as: author });
    expect(asked.status).toBe(422);
    expect(asked.errorOf('consent')).toContain('hold an e-mail address');
    expect(asked.form('consent').fields).toContainEqual([field, `Water (${ADDRESS})`]);
    const given = await portal.post(
      '/cas-2027/submit',
      asked.form('consent').with({ intent: 'submit', consent: 'on' }),
      {
        as: author,
      },
    );
    expect(given.status).toBe(303);
    // Saved again, it asks again; a draft is nobody's but its author's.
    const path = given.location!.split('#')[0]!;
    const again = (await portal.get(path, { as: author })).form('abstract').with({ intent: 'save' });
    expect((await portal.post(path, again, { as: author })).status).toBe(422);
    expect((await portal.post('/cas-2027/submit', { ...fields, intent: 'draft' }, { as: author })).status).toBe(303);
  });

  test('without one nothing is asked', async () => {
    const { portal, author, typed } = await setUp();
    expect((await portal.get(`/cas-2027/submit?key=${newKey()}`, { as: author })).html).not.toContain('name="consent"');
    expect((await portal.post('/cas-2027/submit', typed({}), { as: author })).status).toBe(303);
  });

  test('the words of a decision ask as well', async () => {
    const { portal, world, author, organiser } = await setUp();
    const { ref } = await makeSubmission(portal.ctx, world, author);
    const path = `/cas-2027/review/${ref}/decide`;
    const preview = (await portal.get(`${path}?outcome=accepted`, { as: organiser })).form('outcome');
    const fields = preview.with({ note: `Write to ${ADDRESS}.` });
    const asked = await portal.post(path, fields, { as: organiser });
    expect([asked.status, asked.form('consent').fields]).toEqual([
      422,
      expect.arrayContaining([['note', fields.note]]),
    ]);
    expect(await portal.ctx.db.selectFrom('decisions').select('id').execute()).toEqual([]);
    expect((await portal.post(path, { ...fields, consent: 'on' }, { as: organiser })).status).toBe(303);
    const told = await portal.ctx.db.selectFrom('outbox').select('text').where('kind', '=', 'decision').execute();
    expect(told.map(({ text }) => text.includes(ADDRESS))).toEqual([true]);
  });

  test('organisers’ own lines hold none', async () => {
    const { portal, world, organiser } = await setUp();
    const post = (path: string, fields: Record<string, string>) =>
      portal.post(`/cas-2027/organise${path}`, fields, { as: organiser });
    const conference = (await portal.get('/cas-2027/organise', { as: organiser })).form('refPrefix');
    for (const name of [`Rivers (${ADDRESS})`, 'Rivers, aigul (at) rivers (dot) example'])
      for (const answer of [
        await portal.post('/cas-2027/organise', conference.with({ name }), { as: organiser }),
        await post('/choices', { table: 'formats', id: '', name, wordLimit: '100', intent: 'save' }),
        await post('/choices', { table: 'themes', id: world.themes[0]!.id, name, intent: 'save' }),
      ]) {
        expect(answer.status).toBe(422);
        expect(answer.text).toContain('leave e-mail addresses out');
      }
  });
});

test.each([
  [ADDRESS, true],
  [`mailto:${ADDRESS}`, true],
  ['aigul (at) rivers.example', true],
  ['aigul [at] rivers [dot] example', true],
  ['aigul at rivers dot example', true],
  ['aigul%40rivers%2Eexample', true],
  ['аигуль@реки.рф', true],
  ['The data were collected at Tashkent.We compare them.', false],
  ['We met at St.Petersburg.', false],
  ['p < 0.05 @ 5 Hz', false],
  ['Follow @rivers and #water', false],
  ['Looking at the dot product of two vectors', false],
  ['', false],
])('%j publishes an address: %s', (text, expected) => {
  expect(publishesAddress(text)).toBe(expected);
});

test('and takes time in proportion to the text', () => {
  for (const piece of ['a at ', 'a at b dot ', ' dot ', '@ ', 'a@b.', ' (at) ']) {
    const begun = performance.now();
    publishesAddress(piece.repeat(60_000 / piece.length));
    expect(performance.now() - begun).toBeLessThan(1_500);
  }
});

import { expect, test } from 'vitest';
import { claimLetters } from '~/domain/mail/claims.server';
import { engines } from '../support/database';
import { openPortal } from '../support/portal';
import { makeConference, makePerson, makeSubmission, newKey } from '../support/world';

async function setUp(engine: (typeof engines)[number] = 'sqlite') {
  const portal = await openPortal({ engine });
  const world = await makeConference(portal.ctx);
  const author = await portal.signIn(await makePerson(portal.ctx, 'Aigul Author'));
  const reader = await portal.signIn(await makePerson(portal.ctx, 'Rano Reader'));
  const organiser = await portal.signIn(
    await makePerson(portal.ctx, 'Olga Organiser', { roles: [[world, 'organiser']] }),
  );
  const paper = await makeSubmission(portal.ctx, world, author, { state: 'published' });
  await portal.ctx.db.deleteFrom('outbox').execute();
  const message = { key: newKey(), to: paper.authors[0]!.id, subject: 'A private subject', body: 'Private words.' };
  await portal.post(`/cas-2027/papers/${paper.ref}/message`, message, { as: reader });
  const letter = () => portal.ctx.db.selectFrom('outbox').selectAll().executeTakeFirstOrThrow();
  const act = async (intent: string) =>
    portal.post('/cas-2027/organise/mail', { intent, letter: (await letter()).id }, { as: organiser });
  return { portal, world, author, reader, organiser, letter, act };
}

test('relay 79: organisers see how mail fares, and neither whom it goes to nor what it says', async () => {
  const { portal, author, reader, organiser } = await setUp();
  await portal.ctx.db.updateTable('outbox').set({ state: 'failed', error_code: '550', attempts: 3 }).execute();
  const page = await portal.get('/cas-2027/organise/mail', { as: organiser });
  expect(page.text).toMatch(/Message failed.*3 attempts.*550/);
  for (const secret of [
    author.address,
    reader.address,
    'A private subject',
    'Private words',
    'Rano Reader',
    'Aigul Author',
  ])
    expect(page.html).not.toContain(secret);
  expect((await portal.get('/cas-2027/organise/mail?state=sent', { as: organiser })).text).toContain(
    'There is no such mail.',
  );
  for (const as of [author, reader]) {
    expect((await portal.get('/cas-2027/organise/mail', { as })).status).toBe(404);
    expect((await portal.post('/cas-2027/organise/mail', { intent: 'hold' }, { as })).status).toBe(404);
  }
});

test('a letter is cancelled while it waits, and tried again once it has failed', async () => {
  const { portal, organiser, letter, act } = await setUp();
  const said = async () => (await portal.get('/cas-2027/organise/mail', { as: organiser })).text;
  await act('cancel');
  expect([(await letter()).state, (await said()).includes('The letter is cancelled.')]).toEqual(['cancelled', true]);
  await act('retry');
  expect([(await letter()).state, (await said()).includes('Nothing was changed')]).toEqual(['cancelled', true]);
  await portal.ctx.db.updateTable('outbox').set({ state: 'failed', attempts: 9 }).execute();
  await act('retry');
  expect(await letter()).toMatchObject({ state: 'queued', attempts: 0 });
  await portal.ctx.db.updateTable('outbox').set({ state: 'sent' }).execute();
  await act('cancel');
  expect((await letter()).state).toBe('sent');
});

test.each(engines)(
  'held mail stays where it is until it is let go, and links to sign in still go, on %s',
  async (engine) => {
    const { portal, act } = await setUp(engine);
    await portal.post('/sign-in', { address: 'somebody@readers.example' });
    await act('hold');
    expect((await claimLetters(portal.ctx, 10)).map(({ kind }) => kind)).toEqual(['sign-in-link']);
    await act('release');
    expect((await claimLetters(portal.ctx, 10)).map(({ kind }) => kind)).toEqual(['relayed-message']);
  },
);

test('another conference’s letters are not there', async () => {
  const { portal, letter } = await setUp();
  const there = await makeConference(portal.ctx, { slug: 'other-2027', name: 'Elsewhere 2027' });
  const other = await portal.signIn(await makePerson(portal.ctx, 'Else Where', { roles: [[there, 'organiser']] }));
  expect((await portal.get('/other-2027/organise/mail', { as: other })).text).toContain('There is no such mail.');
  await portal.post('/other-2027/organise/mail', { intent: 'cancel', letter: (await letter()).id }, { as: other });
  expect((await letter()).state).toBe('queued');
});

test('a long list goes on, page by page, and misses none', async () => {
  const { portal, world, organiser, letter } = await setUp();
  const { id: _id, dedupe_key: _key, ...row } = await letter();
  const ids = Array.from({ length: 120 }, (_, number) => `0190aaaa-0000-7000-8000-${String(number).padStart(12, '0')}`);
  await portal.ctx.db
    .insertInto('outbox')
    .values(ids.map((id) => ({ ...row, id: id as typeof _id, dedupe_key: id, conference_id: world.id })))
    .execute();
  const seen = new Set<string>();
  for (let path: string | null = '/cas-2027/organise/mail'; path; ) {
    const { html } = await portal.get(path, { as: organiser });
    for (const [, id] of html.matchAll(/name="letter" value="([^"]+)"/g)) seen.add(id!);
    const next = /rel="next" href="([^"]+)"/.exec(html)?.[1];
    path = next ? `/cas-2027/organise/mail${next.replaceAll('&amp;', '&')}` : null;
  }
  expect(seen.size).toBe(121);
});

import { expect, test } from 'vitest';
import { safeNext } from '~/auth/gate.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import type { Answer } from '../support/answer';
import { openPortal, type Visitor } from '../support/portal';
import { makeConference, makePerson, makeSubmission, newKey } from '../support/world';

async function setUp() {
  const portal = await openPortal();
  const { ctx } = portal;
  const world = await makeConference(ctx);
  const author = await portal.signIn(await makePerson(ctx, 'Aigul Author'));
  const reader = await portal.signIn(await makePerson(ctx, 'Rano Reader'));
  const organiser = await portal.signIn(await makePerson(ctx, 'Olga Organiser', { roles: [[world, 'organiser']] }));
  /** What an act leads to: its address without the place, and the element of that place. */
  const lead = async (answer: Answer, as: Visitor) => {
    expect(answer.status).toBe(303);
    const [path = '', place = ''] = answer.location!.split('#');
    const page = await portal.get(path, { as });
    return { path, page, element: elementOf(page, decodeURIComponent(place)) };
  };
  return { portal, ctx, world, author, reader, organiser, lead };
}

/** The tag with that id, if there is one that can take the focus. */
function elementOf(page: Answer, id: string): string | null {
  const found = [...page.html.matchAll(/<(\w+)\b[^>]*>/g)].find(([tag]) => tag.includes(` id="${id}"`));
  const focusable =
    found && (/^(button|a|input|textarea|select)$/.test(found[1]!) || found[0].includes('tabindex="-1"'));
  return focusable ? found[0] : null;
}

test('a star leads back to itself: list, search and page as they were', async () => {
  const { portal, ctx, world, author, reader, lead } = await setUp();
  const { ref } = await makeSubmission(ctx, world, author, { state: 'published', title: 'Starred' });
  for (const path of [`/cas-2027/programme?q=starred&format=${world.formats[0]!.id}`, `/cas-2027/papers/${ref}`]) {
    const form = (await portal.get(path, { as: reader })).form('starred');
    const back = await lead(await portal.post(form.action, form.with({}), { as: reader }), reader);
    expect(back.path).toBe(path);
    expect(back.element).toContain('aria-pressed="true"');
    await portal.post(form.action, form.with({ starred: '0' }), { as: reader });
  }
});

test('also after signing in on the way', async () => {
  const { portal, ctx, world, author, reader } = await setUp();
  const { ref } = await makeSubmission(ctx, world, author, { state: 'published' });
  const form = (await portal.get('/cas-2027/programme')).form('starred');
  const away = await portal.post(form.action, form.with({}));
  const next = new URL(away.location!, 'http://portal').searchParams.get('next')!;
  expect(next).toMatch(new RegExp(`^/cas-2027/programme\\?kept=[^#]+#star-${ref}$`));
  expect(safeNext(next)).toBe(next);
  expect((await portal.get(`/sign-in?${new URLSearchParams({ next })}`, { as: reader })).location).toBe(next);
});

test('taken out of one’s schedule, the next paper’s star has the focus, then the one before, then the page', async () => {
  const { portal, ctx, world, author, reader, lead } = await setUp();
  const refs: string[] = [];
  for (const title of ['A', 'B', 'C']) {
    const { ref } = await makeSubmission(ctx, world, author, { state: 'published', title });
    refs.push(ref);
    await portal.post(`/cas-2027/papers/${ref}/star`, { starred: '1' }, { as: reader });
  }
  const takeOut = async (ref: string) => {
    const form = (await portal.get('/cas-2027/schedule', { as: reader }))
      .forms()
      .find(({ action }) => action.includes(ref))!;
    const answer = await portal.post(form.action, form.with({}), { as: reader });
    expect((await lead(answer, reader)).element).not.toBeNull();
    return answer.location;
  };
  expect(await takeOut(refs[1]!)).toBe(`/cas-2027/schedule#star-${refs[2]}`);
  expect(await takeOut(refs[2]!)).toBe(`/cas-2027/schedule#star-${refs[0]}`);
  expect(await takeOut(refs[0]!)).toBe('/cas-2027/schedule#main');
});

test('in a thread one stays at the button that one pressed, and stands on what one sent', async () => {
  const { portal, ctx, world, author, reader, lead } = await setUp();
  const paper = await makeSubmission(ctx, world, author, { state: 'published' });
  const message = { key: newKey(), to: paper.authors[0]!.id, subject: 'Your sources', body: 'Which archive?' };
  await portal.post(`/cas-2027/papers/${paper.ref}/message`, message, { as: reader });
  const [{ id } = { id: '' }] = (await threadsOf(ctx.db, world.id, await author.viewer())).threads;
  const path = `/cas-2027/messages/${id}`;
  const press = async (intent: string, then: string) => {
    const page = await portal.get(path, { as: author });
    const form = page.forms().findLast(({ html }) => html.includes(`value="${intent}"`))!;
    const back = await lead(await portal.post(form.action, form.with({ intent }), { as: author }), author);
    expect([intent, back.element]).toEqual([intent, expect.stringContaining(`value="${then}"`)]);
    expect(back.page.html).toContain('<details class="rules" open="">');
  };
  await press('mute', 'unmute');
  await press('unmute', 'mute');
  await press('block', 'unblock');
  await press('unblock', 'block');
  await press('leave', 'come-back');
  await press('come-back', 'leave');
  const answered = await portal.post(path, { key: newKey(), body: 'In Almaty.' }, { as: author });
  const back = await lead(answered, author);
  expect(back.element).toContain('id="sent"');
  expect(back.page.text).toMatch(/You · [^·]+ In Almaty\./);
});

test('on the organisers’ mail page filter, page and row stay; a row that goes leads to its neighbour', async () => {
  const { portal, ctx, world, author, organiser, lead } = await setUp();
  for (const title of ['One', 'Two']) await makeSubmission(ctx, world, author, { title });
  const press = async (path: string, intent: string) => {
    const form = (await portal.get(path, { as: organiser })).form('letter');
    const answer = await portal.post(path, form.with({ intent }), { as: organiser });
    return { pressed: form.with({}).letter, ...(await lead(answer, organiser)) };
  };
  const all = await press('/cas-2027/organise/mail', 'retry');
  expect(all.element).toContain(`id="${all.pressed}"`);
  const filtered = '/cas-2027/organise/mail?state=queued';
  const one = await press(filtered, 'cancel');
  expect(one.path).toBe(filtered);
  expect(one.element).toMatch(/<li id=/);
  expect(one.element).not.toContain(`id="${one.pressed}"`);
  const last = await press(filtered, 'cancel');
  expect(last.element).toContain('id="letters"');
  // What is no filter of this list does not come back.
  const form = (await portal.get('/cas-2027/organise/mail', { as: organiser })).form('intent');
  const odd = '/cas-2027/organise/mail?state=odd&next=//evil.example&before=x';
  expect((await portal.post(odd, form.with({ intent: 'hold' }), { as: organiser })).location).toBe(
    '/cas-2027/organise/mail?before=x#hold',
  );
});

test('choices, people and the rules of papers lead back to their line', async () => {
  const { portal, ctx, world, author, organiser, lead } = await setUp();
  await makeSubmission(ctx, world, author, { state: 'published' });
  const choices = '/cas-2027/organise/choices';
  const format = { table: 'formats', id: world.formats[1]!.id, name: 'Poster', wordLimit: '40', intent: 'save' };
  const saved = await lead(await portal.post(choices, format, { as: organiser }), organiser);
  expect(saved.element).toContain(`id="formats-${format.id}"`);
  await makePerson(ctx, 'Rosa Reviewer', { roles: [[world, 'reviewer']] });
  const people = await portal.get('/cas-2027/organise/people', { as: organiser });
  const asked = await portal.post('/cas-2027/organise/people', people.form('member').with({ intent: 'remove' }), {
    as: organiser,
  });
  const removed = await portal.post('/cas-2027/organise/people', asked.form('member').with({ intent: 'remove-now' }), {
    as: organiser,
  });
  expect((await lead(removed, organiser)).element).not.toBeNull();
  const rules = await portal.get('/account/letters', { as: author });
  const rule = await portal.post('/account/letters', rules.form('paper').with({ intent: 'paper' }), { as: author });
  expect((await lead(rule, author)).element).toMatch(/<button[^>]* id="save-/);
});

test.each([
  ['/cas-2027/programme#star-T0121', '/cas-2027/programme#star-T0121'],
  ['/cas-2027/programme?q=a#star-%D0%A2', '/cas-2027/programme?q=a#star-%D0%A2'],
  ['/a#:~:text=secret', '/a'],
  ['/a#b=c&d', '/a'],
  ['/a#<script>', '/a#%3Cscript%3E'],
  ['/a#b c', '/'],
  ['//evil.example#a', '/'],
  ['/..//evil.example#a', '/'],
  ['/\\evil.example#a', '/'],
  ['https://evil.example/#a', '/'],
  [`/a#${'b'.repeat(300)}`, '/a'],
  [undefined, '/'],
])('%s is gone on to as %s', (next, safe) => {
  expect(safeNext(next)).toBe(safe);
});

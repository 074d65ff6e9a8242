import { expect, test } from 'vitest';
import { threadsOf } from '~/domain/message/thread-list.server';
import { carriedQuery, type List, listQuery } from '~/paths';
import type { Answer } from '../support/answer';
import { openPortal } from '../support/portal';
import { makeConference, makePerson, makeSubmission, newKey } from '../support/world';

const crumb = (page: Answer) =>
  /<p class="crumb"><a href="([^"]*)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&') ?? null;
const link = (page: Answer, about: string) => page.elements('a').find(({ href }) => href?.includes(about))!.href!;

async function setUp() {
  const portal = await openPortal();
  const world = await makeConference(portal.ctx);
  const author = await portal.signIn(await makePerson(portal.ctx, 'Aigul Author'));
  const organiser = await portal.signIn(
    await makePerson(portal.ctx, 'Olga Organiser', {
      roles: [
        [world, 'organiser'],
        [world, 'reviewer'],
      ],
    }),
  );
  return { portal, world, author, organiser };
}

test('from a filtered list of submissions through review, decision and publishing, and back to the same row', async () => {
  const { portal, world, author, organiser } = await setUp();
  const { ref } = await makeSubmission(portal.ctx, world, author);
  const list = `/cas-2027/review?state=all&format=${world.formats[0]!.id}&after=0`;
  const back = `${list}#${ref}`;
  const as = { as: organiser };
  const page = async (path: string) => {
    const got = await portal.get(path, as);
    expect([path, crumb(got)]).toEqual([path, back]);
    return got;
  };
  const listed = await portal.get(list, as);
  expect(listed.html).toContain(`id="${ref}"`);
  const here = link(listed, `/review/${ref}`);
  await page(here);
  const wrong = await portal.post(here, { intent: 'review', score: '9' }, as);
  expect([wrong.status, crumb(wrong)]).toEqual([422, back]);
  const saved = await portal.post(here, { intent: 'review', score: '4' }, as);
  const reviewed = await page(saved.location!.split('#')[0]!);
  const desk = link(reviewed, 'outcome=accepted');
  const preview = await portal.get(desk, as);
  expect(crumb(preview)).toBe(here);
  const decided = await portal.post(desk, preview.form('outcome').with({ intent: 'apply' }), as);
  const after = await page(decided.location!);
  const published = await portal.post(here, after.form('intent').with({ intent: 'publish' }), as);
  await page(published.location!.split('#')[0]!);
});

test('whoever must sign in first keeps the list too', async () => {
  const { portal, world, author } = await setUp();
  const { ref } = await makeSubmission(portal.ctx, world, author);
  const path = `/cas-2027/review/${ref}?list=state%3Dall`;
  for (const answer of [await portal.get(path), await portal.post(path, { intent: 'review', score: '3' })]) {
    const next = new URL(answer.location!, 'http://portal').searchParams.get('next')!;
    expect(carriedQuery('review', new URL(next, 'http://portal'))).toBe('state=all');
  }
});

test('a thread leads back to the searched list, also by what one does in it', async () => {
  const { portal, world, author, organiser } = await setUp();
  const paper = await makeSubmission(portal.ctx, world, author, { state: 'published' });
  const message = { key: newKey(), to: paper.authors[0]!.id, subject: 'Your sources', body: 'Which archive?' };
  await portal.post(`/cas-2027/papers/${paper.ref}/message`, message, { as: organiser });
  const [{ id } = { id: '' }] = (await threadsOf(portal.ctx.db, world.id, await author.viewer())).threads;
  const as = { as: author };
  const back = `/cas-2027/messages?q=sources#${id}`;
  const thread = link(await portal.get('/cas-2027/messages?q=sources', as), id);
  const page = await portal.get(thread, as);
  expect(crumb(page)).toBe(back);
  const answered = await portal.post(thread, { key: newKey(), body: 'In Almaty.' }, as);
  const muting = page.forms().find(({ html }) => html.includes('value="mute"'))!;
  const muted = await portal.post(muting.action, muting.with({ intent: 'mute' }), as);
  const report = link(page, '/report/');
  const reported = await portal.post(report, { intent: 'report', reason: 'spam', note: '' }, as);
  for (const { location } of [answered, muted, reported])
    expect(crumb(await portal.get(location!.split('#')[0]!, as))).toBe(back);

  const contact = await portal.signIn(await makePerson(portal.ctx, 'Cora Contact', { roles: [[world, 'conduct']] }));
  const reports = await portal.get('/cas-2027/conduct', { as: contact });
  const one = link(reports, '/conduct/');
  const settled = await portal.post(one, { act: 'dismissed', note: '' }, { as: contact });
  expect(settled.status).toBe(303);
  const shown = await portal.get('/cas-2027/conduct?settled', { as: contact });
  const again = await portal.get(link(shown, '/conduct/'), { as: contact });
  expect(crumb(again)).toMatch(/^\/cas-2027\/conduct\?settled=#/);
});

test.each<[List, string, string]>([
  ['review', 'state=all&format=a&after=50', 'state=all&format=a&after=50'],
  ['review', 'state=all&state=draft&next=//evil.example', 'state=all'],
  ['review', '//evil.example', ''],
  ['review', 'https://evil.example/?state=all', ''],
  ['review', `format=${'x'.repeat(301)}&theme=b`, 'theme=b'],
  ['review', 'theme=a%0d%0aSet-Cookie:x', ''],
  ['review', 'theme="><script>', 'theme=%22%3E%3Cscript%3E'],
  ['messages', 'q=вода&before=x&state=all', 'q=%D0%B2%D0%BE%D0%B4%D0%B0&before=x'],
  ['conduct', 'settled', 'settled='],
])('of a list of %s, “%s” comes back as “%s”', (list, carried, kept) => {
  const url = new URL('http://portal/cas-2027/review/T0001');
  url.searchParams.set('list', carried);
  expect(carriedQuery(list, url)).toBe(kept);
  expect(listQuery(list, new URLSearchParams(kept))).toBe(kept);
});

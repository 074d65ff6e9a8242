import { describe, expect, test } from 'vitest';
import { translator } from '#locales/translate';
import { importPapers } from '~/domain/submission/import.server';
import { NOTICE, noticeCookie, noticeSentence, readNotices, redirectWithNotice } from '~/http/notice.server';
import { askedToken } from '../support/authorship';
import { testConfig } from '../support/config';
import { dump } from '../support/dump';
import { openPortal, type TestPortal, type Visitor } from '../support/portal';
import { type AuthorOf, makeConference, makePerson, makeSubmission, newKey } from '../support/world';

async function setUp() {
  const portal = await openPortal();
  const { ctx } = portal;
  const world = await makeConference(ctx);
  const author = await portal.signIn(await makePerson(ctx, 'Aigul Author'));
  const reader = await portal.signIn(await makePerson(ctx, 'Rano Reader'));
  const organiser = await portal.signIn(await makePerson(ctx, 'Olim Organiser', { roles: [[world, 'organiser']] }));
  return { portal, ctx, world, author, reader, organiser };
}

/** What the page says to which a form leads. */
async function said(portal: TestPortal, path: string, fields: Record<string, string | string[]>, as: Visitor) {
  const answer = await portal.post(path, fields, { as });
  expect(answer.status).toBe(303);
  return (await portal.get(answer.location!, { as })).text;
}

describe('a notice tells what came of it', () => {
  test('of a decision: how many are told, how many wait, or that nobody can be', async () => {
    const { portal, ctx, world, author, organiser } = await setUp();
    const known = { name: author.name, me: true };
    const unknown = (n: number) => ({ name: `Guest ${n}`, address: `guest${n}@elsewhere.example` });
    const press = async (ref: string, outcome: string) => {
      const path = `/cas-2027/review/${ref}/decide`;
      const form = (await portal.get(`${path}?outcome=${outcome}`, { as: organiser })).form('outcome');
      return said(portal, path, form.with({}), organiser);
    };
    const decide = async (authors: AuthorOf[], outcome = 'accepted') =>
      press((await makeSubmission(ctx, world, author, { authors })).ref, outcome);
    expect(await decide([known])).toContain('Decided. 1 person is told by mail.');
    expect(await decide([known])).not.toContain('after saying yes');
    expect(await decide([known, unknown(1)])).toContain(
      'Decided. 1 person is told by mail. 1 author is told after saying yes to the paper.',
    );
    expect(await decide([known, unknown(1), unknown(2)], 'rejected')).toContain(
      'Decided. 1 person is told by mail. 2 authors are told after saying yes to the paper.',
    );
    await said(portal, '/cas-2027/organise/mail', { intent: 'hold' }, organiser);
    expect(await decide([known])).toContain('is told by mail. All mail of the conference is held: this goes out when');
    await said(portal, '/cas-2027/organise/mail', { intent: 'release' }, organiser);
    // Of an imported paper without any address, and of one where the only one has not said yes.
    await importPapers(ctx, world, [JSON.stringify({ ref: 'I-1', title: 'I', authors: [{ name: 'Nobody Known' }] })]);
    expect(await press('I-1', 'rejected')).toContain('Nobody can be told by mail.');
    const { ref, id } = await makeSubmission(ctx, world, author, { authors: [unknown(3)] });
    await ctx.db.updateTable('submissions').set({ entered_by_id: null }).where('id', '=', id).execute();
    const waits = await press(ref, 'accepted');
    expect(waits).toContain('Decided. 1 author is told after saying yes to the paper.');
    expect(waits).not.toContain('Nobody can be told by mail');
  });

  test('of whether a paper is theirs: nothing is said to be done with a link that is dead', async () => {
    const { portal, ctx, world, author } = await setUp();
    const address = 'asked@elsewhere.example';
    await makeSubmission(ctx, world, author, { authors: [{ name: 'Asked', address }] });
    const live = `/authorship/${await askedToken(ctx, address)}`;
    const line = { intent: 'correct', name: 'Asked Author', contactable: 'on' };
    const before = await dump(ctx.db);
    // What was typed is still there to be copied: the answer confirms nothing.
    const typed = await portal.post(`${live}x`, line);
    expect([typed.status, typed.heading]).toEqual([410, 'This link no longer works']);
    for (const fields of [{ intent: 'yes' }, { intent: 'no' }]) {
      const answer = await portal.post(`${live}x`, fields);
      expect([answer.status, answer.location, answer.headers.get('set-cookie')]).toEqual([303, `${live}x`, null]);
      const page = await portal.get(answer.location!);
      expect(page.heading).toBe('This link no longer works');
    }
    expect(await dump(ctx.db)).toEqual(before);
    for (const [fields, notice] of [
      [{ intent: 'no' }, 'notice.notMe'],
      [line, 'notice.isMe'],
    ] as const)
      expect((await portal.post(live, fields)).headers.get('set-cookie')).toContain(notice);
  });

  test('of publishing: how many, also none', async () => {
    const { portal, ctx, world, author, organiser } = await setUp();
    const publish = () => said(portal, '/cas-2027/organise', { intent: 'publish' }, organiser);
    expect(await publish()).toContain('Nothing was left to publish.');
    await makeSubmission(ctx, world, author, { state: 'accepted' });
    await makeSubmission(ctx, world, author, { state: 'accepted' });
    expect(await publish()).toContain('Published: 2 more papers are in the programme.');
  });

  test('of people: whether a mail goes, and whether there was something to remove', async () => {
    const { portal, organiser } = await setUp();
    const path = '/cas-2027/organise/people';
    const invite = { name: 'Ivo Invited', address: 'ivo@people.example', role: 'reviewer' };
    expect(await said(portal, path, invite, organiser)).toContain('The role is given, and a mail to them is queued.');
    expect(await said(portal, path, invite, organiser)).toContain('so there is no second one.');
    const form = (await portal.get(path, { as: organiser })).form('member');
    const asked = await portal.post(path, form.with({ intent: 'remove' }), { as: organiser });
    expect(asked.status).toBe(422);
    expect(asked.text).toContain('Remove Ivo Invited as');
    const remove = asked.form('member').with({ intent: 'remove-now' });
    expect(await said(portal, path, remove, organiser)).toContain('Removed.');
    expect(await said(portal, path, remove, organiser)).toContain('It had been removed already.');
  });

  test('of a message: what is true also where nobody takes it, which must not be told apart', async () => {
    const { portal, ctx, world, author, reader } = await setUp();
    const authors = ['One', 'Two'].map((name) => ({ name, address: `${name}@elsewhere.example`, contactable: true }));
    const paper = await makeSubmission(ctx, world, author, { state: 'published', authors });
    const path = `/cas-2027/papers/${paper.ref}/message`;
    const message = { key: newKey(), to: paper.authors.map(({ id }) => id), subject: 'S', body: 'B' };
    const sentence = 'Your message goes to those of the authors you chose who take messages now.';
    for (const fields of [message, message, { ...message, key: newKey(), to: [newKey()] }])
      expect(await said(portal, path, fields, reader)).toContain(sentence);
  });

  test('of a report: whether somebody can read it, and that it is there already', async () => {
    const { portal, ctx, world, author, reader } = await setUp();
    const paper = await makeSubmission(ctx, world, author, { state: 'published' });
    const message = { to: paper.authors[0]!.id, subject: 'S', body: 'B' };
    const send = () => said(portal, `/cas-2027/papers/${paper.ref}/message`, { ...message, key: newKey() }, reader);
    const report = async (path: string) => said(portal, path, { reason: 'spam', note: '' }, author);
    const newest = async () => {
      const list = await portal.get('/cas-2027/messages', { as: author });
      const thread = /\/cas-2027\/messages\/[\w-]+/.exec(list.html)![0];
      return thread + /\/report\/[\w-]+/.exec((await portal.get(thread, { as: author })).html)![0];
    };
    await send();
    const first = await newest();
    expect(await report(first)).toContain('Nobody can read it yet: it waits');
    expect(await report(first)).toContain('You had reported this message already.');
    await makePerson(ctx, 'Conduct Contact', { roles: [[world, 'conduct']] });
    await send();
    expect(await report(await newest())).toContain('Reported. The conduct contacts of the conference read');
  });

  test('of a submission: a mail is promised only where one is queued', async () => {
    const { portal, ctx, world, author } = await setUp();
    const submit = () =>
      said(
        portal,
        '/cas-2027/submit',
        {
          key: newKey(),
          title: 'T',
          abstract: 'A',
          formatId: world.formats[0]!.id,
          themeId: world.themes[0]!.id,
          'authors[0].name': 'A',
          intent: 'submit',
        },
        author,
      );
    expect(await submit()).toContain('Submitted. A mail that confirms it will follow.');
    await ctx.db.updateTable('mailboxes').set({ verified_at: null }).execute();
    expect(await submit()).toContain('Submitted. No mail confirms it, since we know no address of yours.');
  });
});

describe('the cookie of a notice', () => {
  const config = testConfig();
  const cookieOf = (...told: Parameters<typeof redirectWithNotice>) =>
    noticeCookie(config, redirectWithNotice(...told).headers.get(NOTICE)!).split(';')[0]!;

  test('carries small numbers, and several notices', () => {
    const told = [{ notice: 'notice.publishedAll', values: { count: 12 } }, { notice: 'notice.mailFails' }] as const;
    const cookie = cookieOf('/', [...told]);
    expect(readNotices(config, `a=b; ${cookie}; c=d`)).toEqual(told);
    expect(noticeSentence(translator('en'), readNotices(config, cookie))).toContain(
      '12 more papers are in the programme.',
    );
  });

  test.each([
    '',
    '__Host-colloquy-notice=',
    '__Host-colloquy-notice=error.required',
    '__Host-colloquy-notice=notice.nothingOfOurs',
    '__Host-colloquy-notice=notice.decided',
    '__Host-colloquy-notice=notice.publishedAll:count=99999999999999',
    '__Host-colloquy-notice=notice.publishedAll:count=<b>',
    '__Host-colloquy-notice=<script>',
  ])('%j says nothing', (cookie) => {
    expect(noticeSentence(translator('en'), readNotices(config, cookie))).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import { DAY } from '~/domain/clock';
import { MAX_KEPT } from '~/http/browser-cookies.server';
import { dump } from '../support/dump';
import { letters, newestLink } from '../support/inbox';
import { openPortal, type TestPortal, type Visitor } from '../support/portal';
import { makeConference, makePerson, makeSubmission, newKey, type Person, stranger } from '../support/world';

const PASSWORD = 'four words nobody guesses';

async function setUp() {
  const portal = await openPortal();
  const { ctx } = portal;
  const world = await makeConference(ctx);
  const author = await makePerson(ctx, 'Aigul Author');
  const reviewer = await makePerson(ctx, 'Rosa Reviewer', { roles: [[world, 'reviewer']] });
  const organiser = await makePerson(ctx, 'Olim Organiser', { roles: [[world, 'organiser']] });
  const published = await makeSubmission(ctx, world, author, { state: 'published' });
  const submitted = await makeSubmission(ctx, world, author);
  const draft = {
    key: newKey(),
    title: 'Канал & <Grenze>',
    abstract: 'First line\n\nSecond “line”',
    formatId: world.formats[1]!.id,
    themeId: world.themes[1]!.id,
    keywords: 'water, borders',
    language: 'ru',
    'authors[0].name': 'Aigul Author',
    'authors[0].affiliation': 'Institute',
    'authors[0].address': 'aigul@elsewhere.example',
    'authors[0].contactable': 'on',
    'authors[1].name': '王小明',
    intent: 'draft',
  };
  return { portal, ctx, world, author, reviewer, organiser, published, submitted, draft };
}

/** The address of the page that has a form of that key. */
function submitPath({ key }: { key: string }): string {
  return `/cas-2027/submit?key=${key}`;
}

/** Sends a form while signed out; returns where signing in leads. */
async function interrupted(portal: TestPortal, path: string, fields: Record<string, string | string[]>, as: Visitor) {
  const away = await portal.post(path, fields, { as });
  expect(away.location).toMatch(/^\/sign-in\?next=/);
  const page = await portal.get(away.location!, { as });
  return { page, next: page.form('next').fields.find(([name]) => name === 'next')![1] };
}

/** Signs in by the link, and opens the page that one is led to. */
async function signIn(portal: TestPortal, as: Visitor, address: string, next: string, name = 'Dilnoza') {
  await portal.post('/sign-in', { address, next }, { as: stranger() });
  const signedIn = await portal.post(await newestLink(portal.ctx, address), { name }, { as });
  expect(signedIn.status).toBe(303);
  return { to: signedIn.location!, back: await portal.get(signedIn.location!, { as }) };
}

async function keptRows(portal: TestPortal): Promise<number> {
  return (await portal.ctx.db.selectFrom('kept_forms').select('id').execute()).length;
}

const ITSELF = 'Sign in in this browser, and it is done at once and you are told.';
const WAITS = 'What you typed before you signed in is filled in below. It is not saved or sent yet';

describe('what was sent while signed out is done after signing in, and said', () => {
  async function done(fields: Record<string, string | string[]>, path: string, person: Person, portal: TestPortal) {
    const as = stranger();
    const { page, next } = await interrupted(portal, path, fields, as);
    expect(page.text).toContain(ITSELF);
    const { to, back } = await signIn(portal, as, person.address, next);
    expect(await keptRows(portal)).toBe(0);
    expect(to).not.toContain('kept=');
    return { as, to, back };
  }

  test('a draft, with every author', async () => {
    const { portal, author, draft } = await setUp();
    const { to, back } = await done(draft, submitPath(draft), author, portal);
    expect(to).toBe('/cas-2027/submissions/T0003');
    expect(back.text).toContain('Your draft is saved. It is not submitted yet.');
    const { key: _key, intent: _intent, 'authors[0].address': _address, ...typed } = draft;
    expect(back.form('title').fields).toEqual(expect.arrayContaining(Object.entries(typed)));
  });

  test('a submission', async () => {
    const { portal, author, draft } = await setUp();
    const { back } = await done({ ...draft, intent: 'submit' }, submitPath(draft), author, portal);
    expect(back.text).toContain('Submitted.');
    expect(back.text).toContain('It is submitted. You can change it until');
    expect((await letters(portal.ctx, author.address)).map(({ kind }) => kind)).toContain('submission-received');
  });

  test('an edit', async () => {
    const { portal, submitted, world, author } = await setUp();
    const fields = {
      title: 'Renamed',
      abstract: 'Short.',
      formatId: world.formats[0]!.id,
      themeId: world.themes[0]!.id,
      baseVersion: submitted.versionId,
      intent: 'save',
      'authors[0].name': 'Aigul',
    };
    const { back } = await done(fields, `/cas-2027/submissions/${submitted.ref}`, author, portal);
    expect(back.text).toContain('Saved.');
    expect(back.form('title').fields).toContainEqual(['title', 'Renamed']);
  });

  test('a review', async () => {
    const { portal, submitted, reviewer } = await setUp();
    const path = `/cas-2027/review/${submitted.ref}`;
    const { back } = await done({ score: '4', note: 'Clear & new', intent: 'review' }, path, reviewer, portal);
    expect(back.text).toContain('Your review is saved.');
    expect(back.form('score').fields).toContainEqual(['note', 'Clear & new']);
  });

  test('a message, an answer, a report, a mute', async () => {
    const { portal, published, author, reviewer } = await setUp();
    const to = published.authors[0]!.id;
    const fields = { key: newKey(), to, subject: 'S', body: 'Good news?', name: 'Rosa', address: reviewer.address };
    const as = stranger();
    const away = await portal.post(`/cas-2027/papers/${published.ref}/message`, fields, { as, script: false });
    const next = new URL(away.location!, 'http://x').searchParams.get('next')!;
    const { back } = await signIn(portal, as, reviewer.address, next);
    expect(back.heading).toBe('Messages');
    const path = /\/cas-2027\/messages\/[\w-]+/.exec(back.html)![0];

    const answered = await done({ key: newKey(), body: 'Dear Rosa,\nyes.' }, path, author, portal);
    expect(answered.to).toBe(`${path}#sent`);
    expect(answered.back.text).toContain('Dear Rosa,\nyes.');
    const message = /\/report\/[\w-]+/.exec(answered.back.html)![0];
    const reported = await done({ reason: 'spam', note: '' }, path + message, author, portal);
    expect(reported.back.text).toContain('Reported.');
    const muted = await done({ intent: 'mute' }, `${path}/part`, author, portal);
    expect(muted.back.text).toContain('Muted: you get no mail of this conversation.');
  });

  test('a star, with a link and with a password', async () => {
    const { portal, published, author } = await setUp();
    const path = `/cas-2027/papers/${published.ref}/star`;
    const back = '/cas-2027/programme?q=water';
    const first = await done({ starred: '1', back }, path, author, portal);
    expect(first.to).toBe(back);
    expect(first.back.text).toContain('What you did before you signed in is done now.');
    expect((await portal.get('/cas-2027/schedule', { as: first.as })).text).toContain(published.ref);

    const second = await makePerson(portal.ctx, 'Second Reader', { password: PASSWORD });
    const { page } = await interrupted(portal, path, { starred: '1', back }, second);
    const form = page.form('next');
    await portal.post('/sign-in', form.with({ address: second.address, password: PASSWORD }), { as: second });
    expect((await portal.get('/cas-2027/schedule', { as: second })).text).toContain(published.ref);
  });

  test('a star on an address that is not well encoded, or of no paper, does not break signing in', async () => {
    const { portal, author } = await setUp();
    for (const ref of ['%E0%A4%A', 'T9999']) {
      const as = stranger();
      const { next } = await interrupted(portal, `/cas-2027/papers/${ref}/star`, { starred: '1', back: '/' }, as);
      const { back } = await signIn(portal, as, author.address, next);
      expect(back.status).toBe(200);
      expect(back.text).toContain('What you pressed before you signed in has not been done yet.');
    }
  });
});

describe('what cannot be done by itself waits', () => {
  test('with what is wrong with it: filled in, and said not to be saved', async () => {
    const { portal, author, draft } = await setUp();
    const as = stranger();
    const long = { ...draft, abstract: 'word '.repeat(90), intent: 'submit' };
    const { next } = await interrupted(portal, submitPath(draft), long, as);
    const { back } = await signIn(portal, as, author.address, next);
    expect(back.text).toContain(WAITS);
    expect(back.text).not.toContain('Submitted.');
    const form = back.form('title');
    expect(form.fields).toContainEqual(['title', draft.title]);
    const { asked } = back;
    const sent = await portal.post(
      new URL(asked.url).pathname + new URL(asked.url).search,
      form.with({ abstract: 'Shorter.', intent: 'draft' }),
      { as },
    );
    expect(sent.location).toBe('/cas-2027/submissions/T0003');
    expect(await keptRows(portal)).toBe(0);
  });

  test('once submissions have closed', async () => {
    const { portal, ctx, author, draft } = await setUp();
    ctx.clock.set('2027-02-01T18:58:00.000Z');
    const as = stranger();
    const { next } = await interrupted(portal, submitPath(draft), { ...draft, intent: 'submit' }, as);
    ctx.clock.set('2027-02-01T19:10:00.000Z');
    const { back } = await signIn(portal, as, author.address, next);
    expect(back.text).toContain(WAITS);
    expect(back.text).toContain('Submissions closed on');
    expect(back.form('title').fields).toContainEqual(['abstract', draft.abstract]);
    const { submissions } = await dump(ctx.db);
    expect(submissions).toHaveLength(2);
  });

  test('in the browser that sent it: another says where it waits, and shows nothing of it', async () => {
    const { portal, ctx, author, draft } = await setUp();
    const laptop = stranger();
    const { next } = await interrupted(portal, submitPath(draft), draft, laptop);
    const phone = stranger();
    const { back } = await signIn(portal, phone, author.address, next);
    expect(back.text).toContain('waits in the browser in which it was typed, for a day.');
    expect(back.html).not.toContain('Second “line”');
    expect((await dump(ctx.db)).submissions).toHaveLength(2);
    // Hours later, where it was typed.
    ctx.clock.advance(DAY / 2);
    const { back: own } = await signIn(portal, laptop, author.address, next);
    expect(own.text).toContain('Your draft is saved.');
    expect(await keptRows(portal)).toBe(0);
  });

  test('so many in one browser; one more stays on the page that says so, and pushes none out', async () => {
    const { portal, author, draft } = await setUp();
    const as = stranger();
    const { next } = await interrupted(portal, submitPath(draft), draft, as);
    for (let kept = 1; kept < MAX_KEPT; kept++)
      await interrupted(portal, '/cas-2027/submit', { ...draft, key: newKey() }, as);
    const refused = await portal.post('/cas-2027/submit', { ...draft, key: newKey(), title: 'One more' }, { as });
    expect([refused.status, refused.html.includes('One more')]).toEqual([429, true]);
    expect(await keptRows(portal)).toBe(MAX_KEPT);
    // Other browsers of the network go on, and the first is done.
    await interrupted(portal, submitPath(draft), draft, stranger());
    expect((await signIn(portal, as, author.address, next)).back.text).toContain('Your draft is saved.');
  });

  test('in the hands of another account than the one that typed', async () => {
    const { portal, author, reviewer, draft } = await setUp();
    const shared = stranger();
    await signIn(portal, shared, author.address, '/');
    for (const name of [...shared.cookies.keys()]) if (/colloquy$/.test(name)) shared.cookies.delete(name);
    const { next } = await interrupted(portal, submitPath(draft), draft, shared);
    const { back } = await signIn(portal, shared, reviewer.address, next);
    expect(back.text).toContain('was typed while another account was signed in here. It is not saved or sent.');
    expect((await dump(portal.ctx.db)).submissions).toHaveLength(2);
    // Its own account finds it done.
    for (const name of [...shared.cookies.keys()]) if (/colloquy$/.test(name)) shared.cookies.delete(name);
    const own = await signIn(portal, shared, author.address, next);
    expect(own.back.text).toContain('Your draft is saved.');
  });

  test('what weighs more than it can be undone: with a button, in the browser that pressed it alone', async () => {
    const { portal, submitted, author } = await setUp();
    const as = stranger();
    const path = `/cas-2027/submissions/${submitted.ref}`;
    const { page, next } = await interrupted(portal, path, { act: 'withdraw' }, as);
    expect(page.text).toContain('Once you are signed in, it waits for you to press once more.');
    const { back } = await signIn(portal, as, author.address, next);
    expect(back.text).toContain('What you pressed before you signed in has not been done yet.');
    expect(back.text).toContain('It is submitted.');
    const elsewhere = await signIn(portal, stranger(), author.address, next);
    expect(elsewhere.back.text).toContain('has not been done. If you still want it, please press here once more.');
    const waiting = (page: typeof back) => page.forms().find(({ action }) => action.includes('kept='));
    expect(waiting(elsewhere.back)).toBeUndefined();
    const button = waiting(back)!;
    expect(button.html).toContain('Withdraw</button>');
    const pressed = await portal.post(button.action.replaceAll('&amp;', '&'), button.with({}), { as });
    expect((await portal.get(pressed.location!, { as })).text).toContain('You withdrew it on');
    expect(await keptRows(portal)).toBe(0);
  });

  test('where one signs in by another way than the one that it led to, it is not forgotten', async () => {
    const { portal, author, draft } = await setUp();
    const as = stranger();
    await interrupted(portal, submitPath(draft), draft, as);
    const { back } = await signIn(portal, as, author.address, '/cas-2027/programme');
    expect(back.text).toContain(WAITS);
    expect(back.form('title').fields).toContainEqual(['title', draft.title]);
  });
});

describe('nobody else’s form is done', () => {
  test('one that an attacker made, behind a link to sign in that they asked for', async () => {
    const { portal, published, author, draft } = await setUp();
    const attacker = stranger();
    const star = await interrupted(portal, `/cas-2027/papers/${published.ref}/star`, { starred: '1' }, attacker);
    const text = await interrupted(portal, submitPath(draft), draft, attacker);
    const before = await dump(portal.ctx.db);
    for (const { next } of [star, text]) {
      const victim = stranger();
      const { back } = await signIn(portal, victim, author.address, next);
      expect(back.status).toBe(200);
      expect(back.forms().filter(({ action }) => action.includes('kept='))).toEqual([]);
    }
    const after = await dump(portal.ctx.db);
    expect([after.stars, after.submissions]).toEqual([before.stars, before.submissions]);
  });

  test('what was kept can be read with its own link only, in its own browser, and for a day', async () => {
    const { portal, author } = await setUp();
    const away = await portal.post(submitPath({ key: newKey() }), { title: 'A secret title' }, { as: author });
    expect((await dump(portal.ctx.db)).kept_forms!.join()).not.toContain('secret');
    const next = new URL(away.location!, 'http://x').searchParams.get('next')!;
    await portal.signIn(author);
    expect((await portal.get(next, { as: author })).html).toContain('A secret title');
    const other = await portal.signIn({ ...author, cookies: new Map() });
    expect((await portal.get(next, { as: other })).html).not.toContain('A secret title');
    expect((await portal.get(`${next}x`, { as: author })).html).not.toContain('A secret title');
    portal.ctx.clock.advance(DAY);
    expect((await portal.get(next, { as: author })).html).not.toContain('A secret title');
  });

  test('the cookie is no script’s; signing out forgets it', async () => {
    const { portal, author, draft } = await setUp();
    const away = await portal.post(submitPath(draft), draft);
    expect(away.headers.getSetCookie().join()).toMatch(
      /__Host-colloquy-kept=[\w-]{27}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure/,
    );
    const as = stranger();
    await interrupted(portal, submitPath(draft), draft, as);
    await portal.signIn({ ...author, cookies: as.cookies });
    await portal.post('/sign-out', {}, { as });
    expect([...as.cookies.keys()].filter((name) => /kept|by$/.test(name))).toEqual([]);
  });
});

test('a guest to whom no further link goes signs in instead, and the message is sent', async () => {
  const { portal, published } = await setUp();
  const guest = 'gita@guests.example';
  const path = `/cas-2027/papers/${published.ref}/message`;
  const message = (subject: string) => ({
    key: newKey(),
    to: published.authors[0]!.id,
    subject,
    body: 'B',
    name: 'Gita',
    address: guest,
  });
  for (let sent = 0; sent < 5; sent++)
    expect((await portal.post(path, message(`Number ${sent}`))).location).toMatch(/\?sent=1$/);
  const as = stranger();
  const away = await portal.post(path, message('The sixth'), { as });
  const page = await portal.get(away.location!, { as });
  expect(page.text).toContain('Several links have gone to this address within an hour');
  const next = page.form('next').fields.find(([name]) => name === 'next')![1];
  const { back } = await signIn(portal, as, guest, next, 'Gita');
  expect(back.text).toContain('Your message goes to those of the authors you chose');
  expect(back.text).toContain('The sixth');
});

test('of what is not kept nothing is said to be: passwords', async () => {
  const { portal } = await setUp();
  const away = await portal.post('/account/security', {
    intent: 'password',
    password: PASSWORD,
    currentPassword: PASSWORD,
  });
  expect(away.location).toBe('/sign-in?next=%2Faccount%2Fsecurity');
  expect(await keptRows(portal)).toBe(0);
});

test('beyond what is kept of one network, the words stay on the page that says so', async () => {
  const { portal, draft } = await setUp();
  for (let sent = 0; sent < 100; sent++) await portal.post('/cas-2027/submit', { title: 'x' });
  const refused = await portal.post(submitPath(draft), draft);
  expect(refused.status).toBe(429);
  expect(refused.text).toContain('That was too often');
  expect(refused.form('title').fields).toContainEqual(['title', draft.title]);
});

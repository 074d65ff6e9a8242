import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '#db/open';
import { LIMITS } from '~/domain/account/limits.server';
import { HOUR, MINUTE } from '~/domain/clock';
import { sendMessage } from '~/domain/message/commands.server';
import { threadsOf } from '~/domain/message/thread-list.server';
import { Authenticator } from '../support/authenticator';
import { letters, newestLink } from '../support/inbox';
import { ORIGIN, openPortal, type TestPortal, type Visitor } from '../support/portal';
import { makeConference, makePerson, makeSubmission, newKey, type Person, stranger } from '../support/world';

const PASSWORD = 'four words nobody guesses';
const NEW = 'quilt anchors seldom whistle';
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

async function setUp(options: { password?: string } = {}) {
  const portal = await openPortal();
  const person = await makePerson(portal.ctx, 'Dilnoza Example', { address: 'dilnoza@readers.example', ...options });
  return { portal, person };
}

function browser(person: Person): Person {
  return { ...person, cookies: new Map() };
}

async function byLink(portal: TestPortal, as: Visitor, address: string, next = '/account') {
  await portal.post('/sign-in', { address, next }, { as });
  return portal.post(await newestLink(portal.ctx, address), {}, { as });
}

const byPassword = (portal: TestPortal, as: Visitor, address: string, password = PASSWORD, network = '192.0.2.1') =>
  portal.post('/sign-in', { address, password, next: '/account' }, { as, network });

async function isIn(portal: TestPortal, as: Visitor): Promise<boolean> {
  return (await portal.get('/account', { as })).status === 200;
}

async function options(portal: TestPortal, purpose: string, as: Visitor) {
  const answer = await portal.post('/account/passkeys/challenge', { purpose }, { as });
  return { status: answer.status, json: answer.status === 200 ? JSON.parse(answer.html) : null };
}

/** What a browser does on the page of passkeys. */
async function addPasskey(portal: TestPortal, as: Visitor, passkey: Authenticator, name = 'My phone') {
  const { json } = await options(portal, 'add', as);
  return portal.post('/account/passkeys', { intent: 'add', name, response: passkey.create(json) }, { as });
}

async function byPasskey(portal: TestPortal, as: Visitor, passkey: Authenticator, next = '/account') {
  const { json } = await options(portal, 'sign-in', as);
  return portal.post('/sign-in/passkey', { response: passkey.get(json), next }, { as });
}

describe('the password', () => {
  test('is changed with the one of now: everybody else is out, and a mail says so', async () => {
    const { portal, person } = await setUp({ password: PASSWORD });
    const here = browser(person);
    const thief = await portal.signIn(browser(person));
    await byPassword(portal, here, person.address);
    const page = await portal.get('/account/security', { as: here });
    expect(page.html).toMatch(/name="currentPassword"[^>]*autoComplete="current-password"/i);
    const before = here.cookies.get('__Host-colloquy');
    const without = await portal.post('/account/security', { intent: 'password', password: NEW }, { as: here });
    expect([without.status, without.errorOf('currentPassword')]).toEqual([
      403,
      'Please type the password that you have now, or ask for a link below.',
    ]);
    const wrong = { intent: 'password', password: NEW, currentPassword: 'not the right one' };
    const refused = await portal.post('/account/security', wrong, { as: here });
    expect([refused.status, refused.errorOf('currentPassword')]).toEqual([422, expect.stringMatching(/^This is not/)]);
    expect(refused.html).not.toContain(NEW);
    const right = { ...wrong, currentPassword: PASSWORD };
    expect((await portal.post('/account/security', right, { as: here })).location).toBe(
      '/account/security#password-title',
    );
    expect(await isIn(portal, here)).toBe(true);
    expect(here.cookies.get('__Host-colloquy')).not.toBe(before);
    expect(await isIn(portal, thief)).toBe(false);
    expect((await letters(portal.ctx, person.address)).at(-1)).toMatchObject({ kind: 'account-changed' });
    expect((await byPassword(portal, stranger(), person.address, NEW)).status).toBe(303);
  });

  test('a link by mail does as well, for ten minutes, and leads back to the page', async () => {
    const { portal, person } = await setUp({ password: PASSWORD });
    const as = browser(person);
    await byPassword(portal, as, person.address);
    const asked = await portal.post('/account/security', { intent: 'fresh-link' }, { as });
    expect(asked.location).toBe('/account/security#password-title');
    const followed = await portal.post(await newestLink(portal.ctx, person.address), {}, { as });
    expect(followed.location).toBe('/account/security');
    const page = await portal.get('/account/security', { as });
    expect(page.html).not.toContain('name="currentPassword"');
    portal.ctx.clock.advance(10 * MINUTE + 1);
    const late = await portal.post('/account/security', { intent: 'no-password' }, { as });
    expect(late.status).toBe(403);
    await byLink(portal, as, person.address);
    expect((await portal.post('/account/security', { intent: 'no-password' }, { as })).status).toBe(303);
    expect((await byPassword(portal, stranger(), person.address)).status).toBe(422);
  });

  test('is not set for the first time in a session that is only open', async () => {
    const { portal, person } = await setUp();
    const as = await portal.signIn(browser(person));
    expect((await portal.get('/account/security', { as })).html).not.toContain('name="password"');
    const refused = await portal.post('/account/security', { intent: 'password', password: NEW }, { as });
    expect([refused.status, refused.text.includes('first open a link that we send')]).toEqual([403, true]);
    expect(refused.html).toContain('value="fresh-link"');
    expect((await byPassword(portal, stranger(), person.address, NEW)).status).toBe(422);
  });

  test('stands on no page that offers to try again', async () => {
    const { portal, person } = await setUp({ password: PASSWORD });
    const as = await portal.signIn(browser(person));
    const other = openDatabase(portal.ctx.databaseUrl);
    await sql`begin immediate`.execute(other);
    const form = { intent: 'password', password: NEW, currentPassword: PASSWORD };
    const away = await portal.post('/account/security', form, { as });
    await sql`rollback`.execute(other);
    await other.destroy();
    expect(away.status).toBe(503);
    for (const secret of [NEW, PASSWORD]) expect(away.html).not.toContain(secret);
  });

  test('may be pasted and long, and hold anything', async () => {
    const { portal, person } = await setUp();
    const as = await portal.signIn(browser(person), { proven: true });
    const long = `${'Ünïcode and blanks  '.repeat(9)}🐫`;
    expect((await portal.post('/account/security', { intent: 'password', password: long }, { as })).status).toBe(303);
    expect((await byPassword(portal, stranger(), person.address, long)).status).toBe(303);
  });
});

describe('another address', () => {
  test('is added after the password was typed, and not before; what was typed stays', async () => {
    const { portal, person } = await setUp({ password: PASSWORD });
    const as = browser(person);
    await byPassword(portal, as, person.address);
    const add = { intent: 'add-address', address: 'second@readers.example' };
    expect((await portal.get('/account', { as })).html).not.toContain('value="add-address"');
    const refused = await portal.post('/account', add, { as });
    expect([refused.status, refused.text.includes('First show below that it is you')]).toEqual([403, true]);
    expect(refused.form('address').fields).toContainEqual(['address', add.address]);
    expect(await letters(portal.ctx, add.address)).toEqual([]);
    const confirmed = await portal.post('/account', { intent: 'confirm', currentPassword: PASSWORD }, { as });
    expect(confirmed.location).toBe('/account#addresses');
    expect((await portal.post('/account', add, { as })).status).toBe(303);
    expect(await letters(portal.ctx, add.address)).toHaveLength(1);
  });
});

describe('sessions', () => {
  test('are listed with their browsers, and each is ended', async () => {
    const { portal, person } = await setUp();
    const phone = await portal.signIn(browser(person), { browser: SAFARI });
    portal.ctx.clock.advance(3 * HOUR);
    const laptop = await portal.signIn(browser(person), { browser: FIREFOX });
    const third = await portal.signIn(browser(person), { browser: 'curl/8' });
    const other = await portal.signIn(await makePerson(portal.ctx, 'Other Person'));
    const page = await portal.get('/account/security', { as: laptop });
    expect(page.text).toContain('Firefox, Windows this one Signed in on 15 January 2027 at 13:00 UTC');
    expect(page.text).toContain('Safari, iPhone Signed in on 15 January 2027 at 10:00 UTC');
    expect(page.text).toContain('A browser that we cannot name Signed in');
    const form = page.forms().find(({ html }) => html.includes('Sign out Safari, iPhone'))!;
    // Somebody else's is not theirs to end.
    await portal.post('/account/security', form.with({ intent: 'end-session' }), { as: other });
    expect(await isIn(portal, phone)).toBe(true);
    await portal.post('/account/security', form.with({ intent: 'end-session' }), { as: laptop });
    expect([await isIn(portal, phone), await isIn(portal, third), await isIn(portal, laptop)]).toEqual([
      false,
      true,
      true,
    ]);
    await portal.post('/account/security', { intent: 'end-others' }, { as: laptop });
    expect((await portal.get('/account/security', { as: laptop })).text).toContain('Signed out on 1 other device.');
    expect([await isIn(portal, third), await isIn(portal, laptop), await isIn(portal, other)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('when one was seen last is kept to the hour', async () => {
    const { portal, person } = await setUp();
    const as = await portal.signIn(browser(person));
    const seen = async () =>
      (await portal.ctx.db.selectFrom('sessions').select('last_seen_at').executeTakeFirstOrThrow()).last_seen_at;
    const began = await seen();
    portal.ctx.clock.advance(HOUR - 1);
    await portal.get('/account', { as });
    expect(await seen()).toBe(began);
    portal.ctx.clock.advance(1);
    await portal.get('/account', { as });
    expect(await seen()).toBe(portal.ctx.clock.now().toISOString());
  });

  test('a new sign-in ends the browser’s old session, whoever’s it was', async () => {
    const { portal, person } = await setUp({ password: PASSWORD });
    const other = await makePerson(portal.ctx, 'Other Person', { password: PASSWORD });
    const as = await portal.signIn(browser(other));
    const old = new Map(as.cookies);
    await byPassword(portal, as, person.address);
    expect(await isIn(portal, { cookies: old })).toBe(false);
    const mine = new Map(as.cookies);
    await byLink(portal, as, person.address);
    expect([await isIn(portal, { cookies: mine }), await isIn(portal, as)]).toEqual([false, true]);
    expect(await portal.ctx.db.selectFrom('sessions').select('id').execute()).toHaveLength(1);
  });

  test('an open stream of a session that has ended ends', async () => {
    const { portal, person } = await setUp();
    const world = await makeConference(portal.ctx);
    const author = await makePerson(portal.ctx, 'Aigul Author');
    const paper = await makeSubmission(portal.ctx, world, author, { state: 'published' });
    const to = [paper.authors[0]!.id];
    const about = { submissionId: paper.id, versionId: paper.versionId, ref: paper.ref, title: paper.title };
    const message = { key: newKey(), to, subject: 'Sources', body: 'Which?' };
    await sendMessage(portal.ctx, world, about, await person.viewer(), message);
    const [thread] = (await threadsOf(portal.ctx.db, world.id, await person.viewer())).threads;
    const left = await portal.signIn(browser(person));
    const here = await portal.signIn(browser(person));
    const path = `/cas-2027/messages/${thread!.id}/news`;
    // Read to its end: the answer is there once the stream has ended.
    const stream = portal.get(path, { as: left, headers: { accept: 'text/event-stream' } });
    await portal.post('/account/security', { intent: 'end-others' }, { as: here });
    expect((await stream).html).toBe('retry: 5000\n\n');
    portal.app.news.close();
  });
});

describe('passkeys', () => {
  test('one is added after a link, signs in, and is managed on its page', async () => {
    const { portal, person } = await setUp();
    const as = browser(person);
    await byLink(portal, as, person.address);
    const phone = new Authenticator(ORIGIN);
    expect((await addPasskey(portal, as, phone)).location).toMatch(/^\/account\/passkeys#passkey-/);
    expect((await portal.get('/account/passkeys', { as })).text).toContain('My phone Added on 15 January 2027');
    const elsewhere = browser(person);
    const page = await portal.get('/sign-in?next=/account', { as: elsewhere });
    // Only where scripts run.
    expect(page.html).toMatch(/<form[^>]*action="\/sign-in\/passkey"[^>]*hidden=""[^>]*data-passkey="sign-in"/);
    expect(page.html).toMatch(/autocomplete="email webauthn"/i);
    expect((await byPasskey(portal, elsewhere, phone)).location).toBe('/account');
    expect(await isIn(portal, elsewhere)).toBe(true);
    // It has shown who it is: the page of passkeys asks for nothing more.
    expect((await portal.get('/account/passkeys', { as: elsewhere })).text).not.toContain('Show that it is you');
    const list = await portal.get('/account/passkeys', { as });
    const rename = list.forms().find(({ html }) => html.includes('value="rename"'))!;
    const nameless = await portal.post('/account/passkeys', rename.with({ intent: 'rename', name: ' ' }), { as });
    expect(nameless.status).toBe(422);
    await portal.post('/account/passkeys', rename.with({ intent: 'rename', name: 'Old phone' }), { as });
    expect((await portal.get('/account/passkeys', { as })).text).toContain('Old phone');
    await portal.post('/account/passkeys', rename.with({ intent: 'remove' }), { as });
    expect((await portal.get('/account/passkeys', { as })).text).toContain('You have no passkey yet.');
    const failed = await byPasskey(portal, stranger(), phone);
    expect([failed.status, failed.text.includes('That passkey did not sign you in')]).toEqual([422, true]);
  });

  test('a session that is only open changes none, until the password is typed', async () => {
    const { portal, person } = await setUp({ password: PASSWORD });
    const as = browser(person);
    await byPassword(portal, as, person.address);
    const phone = new Authenticator(ORIGIN);
    expect((await addPasskey(portal, as, phone)).location).toBe('/account/passkeys#confirm');
    expect((await portal.get('/account/passkeys', { as })).text).toContain('Nothing was changed: first show');
    const wrong = await portal.post('/account/passkeys', { intent: 'confirm', currentPassword: 'wrong' }, { as });
    expect([wrong.status, wrong.errorOf('currentPassword')]).toEqual([422, expect.stringMatching(/^This is not/)]);
    await portal.post('/account/passkeys', { intent: 'confirm', currentPassword: PASSWORD }, { as });
    expect((await addPasskey(portal, as, phone)).location).toMatch(/#passkey-/);
  });

  test('what was made for another browser, or sent twice, signs nobody in', async () => {
    const { portal, person } = await setUp();
    const as = await portal.signIn(browser(person), { proven: true });
    const phone = new Authenticator(ORIGIN);
    await addPasskey(portal, as, phone);
    const one = stranger();
    const response = phone.get((await options(portal, 'sign-in', one)).json);
    const thief = stranger();
    await options(portal, 'sign-in', thief);
    expect((await portal.post('/sign-in/passkey', { response }, { as: thief })).status).toBe(422);
    expect((await portal.post('/sign-in/passkey', { response }, { as: one })).status).toBe(422);
    const again = phone.get((await options(portal, 'sign-in', one)).json);
    expect((await portal.post('/sign-in/passkey', { response: again }, { as: one })).status).toBe(303);
    expect((await portal.post('/sign-in/passkey', { response: again }, { as: one })).status).toBe(422);
    const foreign = await portal.post(
      '/sign-in/passkey',
      { response: again },
      { as: one, origin: 'https://evil.example' },
    );
    expect(foreign.status).toBe(403);
  });

  test('asked for as a second step, neither a link nor a password is enough', async () => {
    const { portal, person } = await setUp({ password: PASSWORD });
    const other = await makePerson(portal.ctx, 'Other Person');
    const phone = new Authenticator(ORIGIN);
    const others = new Authenticator(ORIGIN);
    const as = await portal.signIn(browser(person), { proven: true });
    const theirs = await portal.signIn(browser(other), { proven: true });
    await addPasskey(portal, as, phone);
    await addPasskey(portal, theirs, others);
    await portal.post('/account/passkeys', { intent: 'ask', asks: 'on' }, { as });

    for (const way of [byPassword, byLink] as const) {
      const here = browser(person);
      const first = await way(portal, here, person.address);
      expect(first.location).toBe('/sign-in/passkey');
      expect(await isIn(portal, here)).toBe(false);
      expect((await portal.get('/sign-in/passkey', { as: here })).heading).toBe('Now your passkey');
      // Somebody else's passkey, and one that answers another challenge.
      const second = async (response: string) =>
        portal.post('/sign-in/passkey', { second: '1', response, next: '//evil.example' }, { as: here });
      expect((await second(others.get((await options(portal, 'second', here)).json))).status).toBe(422);
      expect((await second(phone.get((await options(portal, 'sign-in', here)).json))).status).toBe(422);
      expect(await isIn(portal, here)).toBe(false);
      const { json } = await options(portal, 'second', here);
      expect(json.allowCredentials).toHaveLength(1);
      expect((await second(phone.get(json))).location).toBe('/account');
      expect(await isIn(portal, here)).toBe(true);
      // Done: nothing waits there any more.
      expect((await options(portal, 'second', here)).status).toBe(404);
    }
    // A passkey by itself is both.
    const alone = browser(person);
    await byPasskey(portal, alone, phone);
    expect(await isIn(portal, alone)).toBe(true);
    // It waits for ten minutes.
    const late = browser(person);
    await byPassword(portal, late, person.address);
    portal.ctx.clock.advance(10 * MINUTE);
    expect((await options(portal, 'second', late)).status).toBe(404);
    expect((await portal.get('/sign-in/passkey', { as: late })).location).toBe('/sign-in');
  });

  test('the link that confirms a guest’s message sends it, and signs nobody in without the passkey', async () => {
    const { portal, person } = await setUp();
    const world = await makeConference(portal.ctx);
    const paper = await makeSubmission(portal.ctx, world, await makePerson(portal.ctx, 'Aigul Author'), {
      state: 'published',
    });
    const as = await portal.signIn(browser(person), { proven: true });
    await addPasskey(portal, as, new Authenticator(ORIGIN));
    await portal.post('/account/passkeys', { intent: 'ask', asks: 'on' }, { as });
    const guest = stranger();
    const message = { key: newKey(), to: paper.authors[0]!.id, subject: 'Sources', body: 'Which archive?' };
    await portal.post(
      `/cas-2027/papers/${paper.ref}/message`,
      { ...message, name: 'Dilnoza', address: person.address },
      { as: guest },
    );
    const sent = await portal.post(await newestLink(portal.ctx, person.address), { intent: 'confirm' }, { as: guest });
    expect(sent.location).toBe('/sign-in/passkey');
    expect(await isIn(portal, guest)).toBe(false);
    expect(await portal.ctx.db.selectFrom('messages').select('id').execute()).toHaveLength(1);
  });

  test('without a name of its own the portal offers none', async () => {
    const portal = await openPortal({ env: { ORIGIN: 'http://127.0.0.1:3000' } });
    const page = await portal.get('/sign-in');
    expect(page.html).not.toContain('data-passkey');
  });
});

describe('a browser that has signed in before', () => {
  const shutOut = async (portal: TestPortal, address: string, network: string) => {
    for (let tried = 0; tried < LIMITS.password.most; tried++)
      await byPassword(portal, stranger(), address, 'wrong', network);
  };

  test('is let in whatever others have tried, also after signing out; an unknown one has its link', async () => {
    const { portal, person } = await setUp({ password: PASSWORD });
    const known = browser(person);
    await byLink(portal, known, person.address);
    await portal.post('/sign-out', {}, { as: known });
    expect([...known.cookies.keys()]).toEqual(expect.arrayContaining(['__Host-colloquy-device']));
    await shutOut(portal, person.address, '192.0.2.1');
    const unknown = browser(person);
    expect((await byPassword(portal, unknown, person.address)).status).toBe(429);
    expect((await byPassword(portal, known, person.address)).status).toBe(303);
    expect((await byLink(portal, unknown, person.address)).status).toBe(303);
    // From another network it is let in too.
    expect((await byPassword(portal, browser(person), person.address, PASSWORD, '192.0.2.9')).status).toBe(303);
  });

  test('is known for several accounts, and its cookie names none of them', async () => {
    const { portal, person } = await setUp({ password: PASSWORD });
    const other = await makePerson(portal.ctx, 'Other Person', { password: PASSWORD });
    const as = browser(person);
    const answer = await byPassword(portal, as, person.address);
    const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('__Host-colloquy-device='))!;
    expect(cookie).toMatch(/; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure$/);
    await byPassword(portal, as, other.address);
    await byPassword(portal, as, person.address);
    const mark = as.cookies.get('__Host-colloquy-device')!;
    expect(mark.split('~')).toHaveLength(2);
    for (const secret of [person.accountId, other.accountId, '@', 'Dilnoza']) expect(mark).not.toContain(secret);
    for (const { address } of [person, other]) await shutOut(portal, address, '192.0.2.1');
    for (const { address } of [person, other]) expect((await byPassword(portal, as, address)).status).toBe(303);
  });
});

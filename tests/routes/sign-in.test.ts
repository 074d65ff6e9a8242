import { describe, expect, test } from 'vitest';
import { write } from '#db/write';
import { countAttempt, LIMITS } from '~/domain/account/limits.server';
import { verifyMailbox } from '~/domain/account/mailbox-owners.server';
import { mailboxFor, ownMailboxes } from '~/domain/account/mailboxes.server';
import { reviveMailbox, suppressMailbox } from '~/domain/account/suppression.server';
import { DAY, HOUR, MINUTE } from '~/domain/clock';
import { dump } from '../support/dump';
import { letters, newestLink } from '../support/inbox';
import { openPortal, type TestPortal, type Visitor } from '../support/portal';
import { makePerson, stranger } from '../support/world';

const ADDRESS = 'dilnoza@readers.example';
const PASSWORD = 'four words nobody guesses';
const COOKIE = '__Host-colloquy';

/** Asks for a link and presses its button. */
async function signInByLink(portal: TestPortal, as: Visitor, address: string, next = '/', name = 'Dilnoza') {
  await portal.post('/sign-in', { address, next }, { as });
  return portal.post(await newestLink(portal.ctx, address), { name }, { as });
}

async function isSignedIn(portal: TestPortal, as: Visitor): Promise<boolean> {
  return (await portal.get('/account', { as })).status === 200;
}

describe('by a link', () => {
  test('from the page that needs it, over the mail, and back', async () => {
    const portal = await openPortal();
    const reader = stranger();
    const away = await portal.get('/account', { as: reader });
    expect([away.status, away.location]).toEqual([302, '/sign-in?next=%2Faccount']);
    const form = (await portal.get(away.location!, { as: reader })).form('address');
    const asked = await portal.post(form.action, form.with({ address: ADDRESS }), { as: reader });
    expect([asked.status, asked.location]).toEqual([303, '/sign-in?sent=1&next=%2Faccount']);
    expect((await portal.get(asked.location!, { as: reader })).heading).toBe('Look into your mail');

    const [letter] = await letters(portal.ctx, ADDRESS);
    expect(letter).toMatchObject({ kind: 'sign-in-link', state: 'queued', from_name: 'Colloquy' });
    const link = await newestLink(portal.ctx, ADDRESS);
    const page = await portal.get(link, { as: reader });
    expect(page.heading).toBe('Welcome');
    const nameless = await portal.post(link, page.form('name').with({ name: '' }), { as: reader });
    expect([nameless.status, nameless.errorOf('name')]).toEqual([422, 'Please fill this in.']);
    const odd = await portal.post(link, { name: 'Me www.evil.example/x' }, { as: reader });
    expect([odd.status, odd.errorOf('name')]).toEqual([
      422,
      'A name holds no address and no link. Where it has a dot, put a space after it.',
    ]);
    const done = await portal.post(link, { name: 'Dilnoza Example' }, { as: reader });
    expect([done.status, done.location]).toEqual([303, '/account']);
    const account = await portal.get('/account', { as: reader });
    expect(account.text).toContain('Dilnoza Example');
    expect(account.text).toContain(ADDRESS);
  });

  test('tells the owner of an address where mail had failed, and sends there again', async () => {
    const portal = await openPortal();
    const { ctx } = portal;
    const person = await makePerson(ctx, 'Dilnoza', { address: ADDRESS });
    const second = await mailboxFor(ctx.db, ctx.clock, 'second@readers.example');
    await verifyMailbox(ctx.db, ctx.clock, second, person.accountId);
    const [first] = (await ownMailboxes(ctx.db, person.accountId)).filter((mailbox) => mailbox.id !== second);
    const noticeOf = async (reader: Visitor) => {
      await signInByLink(portal, reader, ADDRESS, '/account');
      return (await portal.get('/account', { as: reader })).text;
    };
    await suppressMailbox(ctx.db, ctx.clock, first!.id, 'bounce');
    expect(await noticeOf(stranger())).toContain('Mail to this address had failed, so nothing more was sent there.');
    await suppressMailbox(ctx.db, ctx.clock, second, 'bounce');
    expect(await noticeOf(stranger())).toContain('Mail to an address of yours fails: your account page says which');
    await reviveMailbox(ctx.db, second);
    expect(await noticeOf(stranger())).not.toMatch(/had failed|of yours fails/);
  });

  test('opening it, as scanners do, signs nobody in and uses nothing up', async () => {
    const portal = await openPortal();
    await portal.post('/sign-in', { address: ADDRESS });
    const link = await newestLink(portal.ctx, ADDRESS);
    const before = await dump(portal.ctx.db);
    const scanner = stranger();
    for (let visits = 0; visits < 3; visits++) expect((await portal.get(link, { as: scanner })).status).toBe(200);
    expect(scanner.cookies.size).toBe(0);
    expect(await dump(portal.ctx.db)).toEqual(before);
    expect((await portal.post(link, { name: 'Dilnoza' })).status).toBe(303);
  });

  test('it works once', async () => {
    const portal = await openPortal();
    await portal.post('/sign-in', { address: ADDRESS });
    const link = await newestLink(portal.ctx, ADDRESS);
    await portal.post(link, { name: 'Dilnoza' });
    const second = stranger();
    for (const answer of [
      await portal.get(link, { as: second }),
      await portal.post(link, { name: 'Eve' }, { as: second }),
    ]) {
      expect([answer.status, answer.heading]).toEqual([200, 'This link no longer works']);
      expect(answer.text).toContain('Get a new link');
    }
    expect(await isSignedIn(portal, second)).toBe(false);
  });

  test('it works for half an hour', async () => {
    const portal = await openPortal();
    await portal.post('/sign-in', { address: ADDRESS });
    const link = await newestLink(portal.ctx, ADDRESS);
    portal.ctx.clock.advance(30 * MINUTE);
    const late = stranger();
    expect((await portal.get(link, { as: late })).heading).toBe('This link no longer works');
    expect((await portal.post(link, { name: 'Dilnoza' }, { as: late })).heading).toBe('This link no longer works');
    expect(await isSignedIn(portal, late)).toBe(false);
  });

  test('known or not, an address gets the same answer', async () => {
    const portal = await openPortal();
    await makePerson(portal.ctx, 'Known Person', { address: 'known@readers.example' });
    const answers = await Promise.all(
      ['known@readers.example', 'novel@readers.example'].map((address) => portal.post('/sign-in', { address })),
    );
    const [known, novel] = answers.map(({ status, location, html }) => ({ status, location, html }));
    expect(novel).toEqual(known);
    const subjects = await portal.ctx.db.selectFrom('outbox').select(['kind', 'subject', 'state']).execute();
    expect(subjects[1]).toEqual(subjects[0]);
  });

  test.each([
    '',
    'no address',
    'a@x,b@y',
    '"a@evil x"@good.example',
    'a@good.example(x)evil.example',
    `${'x'.repeat(320)}@x.example`,
  ])('the address %j is refused beside the field, and kept there', async (address) => {
    const portal = await openPortal();
    const answer = await portal.post('/sign-in', { address, next: '/account' });
    expect(answer.status).toBe(422);
    expect(answer.errorOf('address')).toMatch(/Please (give one plain e-mail address|fill this in)|At most 320/);
    expect(answer.form('address').fields).toContainEqual(['address', address]);
    expect(answer.form('address').fields).toContainEqual(['next', '/account']);
    expect(await portal.ctx.db.selectFrom('outbox').select('id').execute()).toEqual([]);
  });

  test('beyond the limit of an address the newest link lives on and the answer is the same; of a network it is a 429', async () => {
    const portal = await openPortal();
    const ask = (address: string, network = '192.0.2.7') => portal.post('/sign-in', { address }, { network });
    for (let asked = 0; asked <= LIMITS.signInMail.most; asked++) expect((await ask(ADDRESS)).status).toBe(303);
    expect(await letters(portal.ctx, ADDRESS)).toHaveLength(LIMITS.signInMail.most);
    await write(portal.ctx.db, async (trx) => {
      for (let asked = LIMITS.signInMail.most + 1; asked < LIMITS.signInMailFrom.most; asked++)
        await countAttempt(trx, portal.ctx, 'signInMailFrom', '192.0.2.7');
    });
    const refused = await ask('other@readers.example');
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('That was too often');
    expect(refused.text).toContain('15 January 2027 at 11:00 UTC');
    expect(refused.form('address').fields).toContainEqual(['address', 'other@readers.example']);
    expect(await letters(portal.ctx, 'other@readers.example')).toEqual([]);
    expect((await ask('other@readers.example', '192.0.2.8')).status).toBe(303);
    portal.ctx.clock.advance(HOUR + 1);
    expect((await ask(ADDRESS)).status).toBe(303);
    expect(await letters(portal.ctx, ADDRESS)).toHaveLength(LIMITS.signInMail.most + 1);
  });
});

describe('by a password', () => {
  test('right, it signs in and leads on; it never comes back in a page', async () => {
    const portal = await openPortal();
    await makePerson(portal.ctx, 'Dilnoza Example', { address: ADDRESS, password: PASSWORD });
    const reader = stranger();
    const wrong = await portal.post(
      '/sign-in',
      { address: ADDRESS, password: `${PASSWORD}!`, next: '/account' },
      { as: reader },
    );
    expect(wrong.status).toBe(422);
    expect(wrong.html).not.toContain(PASSWORD);
    expect(wrong.form('address').fields).toContainEqual(['address', ADDRESS]);
    const right = await portal.post(
      '/sign-in',
      { address: 'Dilnoza@READERS.example', password: PASSWORD, next: '/account' },
      { as: reader },
    );
    expect([right.status, right.location]).toEqual([303, '/account']);
    expect(await isSignedIn(portal, reader)).toBe(true);
  });

  test('wrong, missing or of nobody: one answer, also at the limit', async () => {
    const portal = await openPortal();
    await makePerson(portal.ctx, 'With', { address: 'a@readers.example', password: PASSWORD });
    await makePerson(portal.ctx, 'Without', { address: 'b@readers.example' });
    const attempt = async (address: string, password = 'not the password', network = address) => {
      const { status, html } = await portal.post('/sign-in', { address, password }, { network });
      return { status, html: html.replaceAll(address, 'ADDRESS').replace(/nonce[-=]"?[\w-]+/g, '') };
    };
    const addresses = ['a@readers.example', 'b@readers.example', 'c@readers.example'];
    for (let tried = 0; tried < LIMITS.password.most; tried++) {
      const [known, passwordless, unknown] = await Promise.all(addresses.map((address) => attempt(address)));
      expect(known!.status).toBe(422);
      expect([passwordless, unknown]).toEqual([known, known]);
    }
    const [known, passwordless, unknown] = await Promise.all(addresses.map((address) => attempt(address, PASSWORD)));
    expect(known!.status).toBe(429);
    expect([passwordless, unknown]).toEqual([known, known]);
    portal.ctx.clock.advance(LIMITS.password.window + 1);
    expect((await attempt('a@readers.example', PASSWORD)).status).toBe(303);
  });

  test('it is set and removed on the account page, after a link', async () => {
    const portal = await openPortal();
    const person = await makePerson(portal.ctx, 'Dilnoza Example', { address: ADDRESS });
    const as = { ...person, cookies: new Map<string, string>() };
    await signInByLink(portal, as, ADDRESS);
    const short = await portal.post('/account/security', { intent: 'password', password: 'short' }, { as });
    expect([short.status, short.errorOf('password')]).toEqual([422, 'At least 10 characters are needed.']);
    expect(short.html).not.toContain('value="short"');
    const weak = await portal.post('/account/security', { intent: 'password', password: 'dilnoza2027' }, { as });
    expect([weak.status, weak.errorOf('password')]).toEqual([422, expect.stringMatching(/^This is easy to guess for/)]);
    const elsewhere = await portal.signIn({ ...person, cookies: new Map() });
    await portal.post('/account/security', { intent: 'password', password: PASSWORD }, { as });
    expect((await portal.get('/account', { as: elsewhere })).location).toBe('/sign-in?next=%2Faccount');
    expect((await portal.get('/account/security', { as })).text).toContain(
      'Your password is set, and you are signed out everywhere else.',
    );
    expect((await portal.post('/sign-in', { address: ADDRESS, password: PASSWORD })).status).toBe(303);
    const stored = (await dump(portal.ctx.db)).accounts!.join();
    expect(stored).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    expect(stored).not.toContain(PASSWORD);
    await portal.post('/account/security', { intent: 'no-password' }, { as });
    expect((await portal.post('/sign-in', { address: ADDRESS, password: PASSWORD })).status).toBe(422);
  });
});

describe('sessions', () => {
  test('the cookie is for this host, over HTTPS, and no script; the table holds only its hash', async () => {
    const portal = await openPortal();
    const reader = stranger();
    const answer = await signInByLink(portal, reader, ADDRESS);
    const [cookie] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-colloquy=[a-z0-9]{40}; HttpOnly; Max-Age=\d+; Path=\/; SameSite=Lax; Secure$/);
    const id = reader.cookies.get(COOKIE)!;
    const rows = Object.values(await dump(portal.ctx.db))
      .flat()
      .join('\n');
    expect(rows).not.toContain(id);
    expect((await dump(portal.ctx.db)).sessions).toHaveLength(1);
    // What the table holds opens nothing.
    const { id: hash } = await portal.ctx.db.selectFrom('sessions').select('id').executeTakeFirstOrThrow();
    expect(await isSignedIn(portal, { cookies: new Map([[COOKIE, hash]]) })).toBe(false);
  });

  test('without HTTPS the cookie has the plain name', async () => {
    const portal = await openPortal({ env: { ORIGIN: 'http://localhost:3000' } });
    const person = await portal.signIn(await makePerson(portal.ctx, 'Dilnoza Example'));
    expect([...person.cookies.keys()]).toEqual(['colloquy']);
  });

  test('signing in gives a new session, whatever the browser carried before', async () => {
    const portal = await openPortal();
    const planted = { cookies: new Map([[COOKIE, 'a'.repeat(40)]]) };
    await signInByLink(portal, planted, ADDRESS);
    expect(planted.cookies.get(COOKIE)).not.toBe('a'.repeat(40));
    expect(await isSignedIn(portal, planted)).toBe(true);
  });

  test('signing out ends this one; everywhere ends all', async () => {
    const portal = await openPortal();
    const person = await makePerson(portal.ctx, 'Dilnoza Example');
    const other = await portal.signIn(await makePerson(portal.ctx, 'Other Person'));
    const devices = await Promise.all([1, 2, 3].map(() => portal.signIn({ ...person, cookies: new Map() })));
    const old = new Map(devices[0]!.cookies);
    const here = await portal.post('/sign-out', {}, { as: devices[0] });
    expect([here.status, here.location]).toEqual([303, '/']);
    expect((await portal.get('/', { as: devices[0] })).text).toContain('You are signed out.');
    expect(await isSignedIn(portal, { cookies: old })).toBe(false);
    expect(await isSignedIn(portal, devices[1]!)).toBe(true);
    await portal.post('/sign-out', { everywhere: '1' }, { as: devices[1] });
    expect((await portal.get('/', { as: devices[1] })).text).toContain('signed out here and everywhere else');
    expect(await isSignedIn(portal, devices[2]!)).toBe(false);
    expect(await isSignedIn(portal, other)).toBe(true);
  });

  test('thirty days, sliding: renewed in the second half, over at the end', async () => {
    const portal = await openPortal();
    const person = await portal.signIn(await makePerson(portal.ctx, 'Dilnoza Example'));
    // Lucia goes by the machine's own clock.
    const endsIn = (milliseconds: number) =>
      portal.ctx.db
        .updateTable('sessions')
        .set({ expires_at: new Date(Date.now() + milliseconds).toISOString() as never })
        .execute();
    const daysLeft = async () => {
      const row = await portal.ctx.db.selectFrom('sessions').select('expires_at').executeTakeFirstOrThrow();
      return Math.round((Date.parse(row.expires_at) - Date.now()) / DAY);
    };
    expect(await daysLeft()).toBe(30);
    await endsIn(16 * DAY);
    expect((await portal.get('/account', { as: person })).headers.getSetCookie()).toEqual([]);
    expect(await daysLeft()).toBe(16);
    await endsIn(14 * DAY);
    const renewed = await portal.get('/account', { as: person });
    expect(renewed.headers.getSetCookie().join()).toContain(`${COOKIE}=${person.cookies.get(COOKIE)};`);
    expect(await daysLeft()).toBe(30);
    await endsIn(-1);
    const over = await portal.get('/account', { as: person });
    expect(over.location).toBe('/sign-in?next=%2Faccount');
    expect(over.headers.getSetCookie().join()).toMatch(/__Host-colloquy=;.*Max-Age=0/);
    expect((await dump(portal.ctx.db)).sessions).toEqual([]);
  });
});

import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { block } from '~/domain/account/blocks.server';
import { LINK_LIFE } from '~/domain/account/links.server';
import { dump } from '../support/dump';
import { newestLink } from '../support/inbox';
import { outboxStates, runWorker, until } from '../support/mail';
import { openPortal, type TestPortal } from '../support/portal';
import { openSmtpSink, type SunkMail } from '../support/smtp-sink';
import { makeConference, makePerson, makeSubmission, newKey } from '../support/world';

const GUEST = 'gita@guests.example';
const WRITE = '/cas-2027/papers/T0001/message';

async function setUp() {
  const portal = await openPortal();
  const world = await makeConference(portal.ctx);
  const author = await makePerson(portal.ctx, 'Aigul Author');
  const reader = await portal.signIn(await makePerson(portal.ctx, 'Rano Reader'));
  const paper = await makeSubmission(portal.ctx, world, author, { state: 'published' });
  const form = (others: Record<string, string | string[]> = {}) => ({
    key: newKey(),
    to: paper.authors[0]!.id as string,
    subject: 'Your sources',
    body: 'Which archive?',
    ...others,
  });
  // What came with submitting is not what is looked at here.
  await portal.ctx.db.deleteFrom('outbox').execute();
  return { portal, world, author, reader, paper, form };
}

/** Everything that is queued, as it went over the wire. */
async function sentMails(portal: TestPortal): Promise<SunkMail[]> {
  const sink = await openSmtpSink();
  const worker = runWorker(portal.ctx, sink);
  await until(async () => {
    const { queued = 0, sending = 0 } = await outboxStates(portal.ctx);
    return queued + sending === 0;
  });
  await worker.stop();
  return sink.mails;
}

function headerLines(raw: string, name: string): string[] {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
  return head.split(/\r\n(?![ \t])/).filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
}

/** Refused with a sentence beside the field, and nothing at all was stored or queued. */
async function expectRefused(portal: TestPortal, fields: Record<string, string | string[]>, field: string) {
  const before = await dump(portal.ctx.db);
  const answer = await portal.post(WRITE, fields);
  expect([fields[field], answer.status]).toEqual([fields[field], 422]);
  expect(answer.errorOf(field)).not.toBe('');
  expect(await dump(portal.ctx.db)).toEqual(before);
}

test('relay 1: a name with a line end and a header is refused, and adds no recipient', async () => {
  const { portal, form, author } = await setUp();
  for (const name of ['Eve\r\nBcc: v@evil.example', 'Eve\nBcc: v@evil.example', 'Eve%0d%0aBcc: v@evil.example'])
    await expectRefused(portal, form({ name, address: GUEST }), 'name');
  // Without an address it is only a name on one line.
  await portal.post(WRITE, form({ name: 'Eve\r\nBcc: victims', address: GUEST }));
  const link = await newestLink(portal.ctx, GUEST);
  const asking = await sentMails(portal);
  await portal.post(link, { intent: 'confirm' });
  const mails = [...asking, ...(await sentMails(portal))];
  expect(mails.map(({ to }) => to)).toEqual([[GUEST], [author.address]]);
  for (const { raw } of mails) {
    expect(headerLines(raw, 'Bcc')).toEqual([]);
    expect(headerLines(raw, 'From')).toHaveLength(1);
  }
});

test('relay 2: a subject with CR, LF, NUL or U+2028 becomes one header line', async () => {
  const { portal, form, reader } = await setUp();
  const subject = 'One\r\nBcc: a\nX-Evil: b\0c\u2028d\u2029e\u0085f\u000bg';
  expect((await portal.post(WRITE, form({ subject }), { as: reader })).status).toBe(303);
  const [mail] = await sentMails(portal);
  const lines = headerLines(mail!.raw, 'Subject');
  expect(lines).toHaveLength(1);
  expect((await PostalMime.parse(Buffer.from(mail!.raw, 'latin1'))).subject).toBe(
    '[T0001] One Bcc: a X-Evil: bc d e f g',
  );
  for (const name of ['Bcc', 'X-Evil']) expect(headerLines(mail!.raw, name)).toEqual([]);
});

test('relay 3: a name in HTML is text in both parts of the mail and on the page', async () => {
  const { portal, form } = await setUp();
  const name = '<img src=x onerror=alert(1)> & <b>Eve</b>';
  await portal.post(WRITE, form({ name, address: GUEST }));
  const link = await newestLink(portal.ctx, GUEST);
  const page = await portal.get(link);
  expect(page.text).toContain(name);
  expect(page.html).not.toContain('<img');
  await portal.post(link, { intent: 'confirm' });
  const mail = (await sentMails(portal)).find(({ to }) => !to.includes(GUEST))!;
  const { text, html, from } = await PostalMime.parse(Buffer.from(mail.raw, 'latin1'));
  expect(text).toContain(`${name} writes to you about your paper`);
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &lt;b&gt;Eve&lt;/b&gt; writes to you');
  expect(html).not.toContain('<img');
  expect(from).toEqual({ name: `${name} via Central Asia 2027`, address: portal.ctx.config.mailFrom });
});

test('relay 4: a name that holds a link or an @ is refused', async () => {
  const { portal, form } = await setUp();
  for (const name of [
    'Eve https://evil.example',
    'www.evil.example',
    'evil.example/login',
    'eve@evil.example',
    'eve＠evil.example',
    '@eve',
  ])
    await expectRefused(portal, form({ name, address: GUEST }), 'name');
});

test('relay 5: an author id that is tampered, hidden or foreign gets the same answer as success', async () => {
  const { portal, world, author, reader, form } = await setUp();
  const hidden = await makeSubmission(portal.ctx, world, author, {
    state: 'published',
    authors: [{ name: 'Hidden', address: 'hidden@authors.example', contactable: false }],
  });
  await portal.ctx.db.deleteFrom('outbox').execute();
  const said = ({ status, location, html, headers }: Awaited<ReturnType<typeof portal.post>>) => [
    status,
    location,
    html,
    headers.getSetCookie(),
  ];
  for (const as of [reader, undefined]) {
    const guest: Record<string, string> = as ? {} : { name: 'Gita', address: GUEST };
    const good = await portal.post(WRITE, form(guest), { as });
    const letters = await portal.ctx.db.selectFrom('outbox').select('id').execute();
    for (const to of ['0190aaaa-0000-7000-8000-000000000000', 'x', "' or 1=1 --", hidden.authors[0]!.id])
      expect(said(await portal.post(WRITE, form({ ...guest, to }), { as }))).toEqual(said(good));
    const after = await portal.ctx.db.selectFrom('outbox').select(['id', 'kind']).execute();
    // A guest is asked to confirm whatever they chose.
    if (as) expect(after).toHaveLength(letters.length);
    else expect(after.slice(letters.length).every(({ kind }) => kind === 'confirm-message')).toBe(true);
  }
  await portal.post(await newestLink(portal.ctx, GUEST), { intent: 'confirm' });
  const addressed = await portal.ctx.db.selectFrom('participants').select('name').execute();
  expect(addressed.map(({ name }) => name)).not.toContain('Hidden');
});

test('relay 6: two addresses in one field are refused', async () => {
  const { portal, form } = await setUp();
  for (const address of [
    'a@x.example,b@y.example',
    'a@x.example b@y.example',
    'a@x.example;b@y.example',
    'a@x.example\nb@y.example',
  ])
    await expectRefused(portal, form({ name: 'Eve', address }), 'address');
});

test('relay 7: an address in quotes that holds another is refused', async () => {
  const { portal, form } = await setUp();
  for (const address of [
    '"a@evil.example x"@good.example',
    '"a b"@good.example',
    'Eve <a@good.example>',
    '<a@good.example>',
  ])
    await expectRefused(portal, form({ name: 'Eve', address }), 'address');
});

test('relay 8: an address with a comment is refused', async () => {
  const { portal, form } = await setUp();
  for (const address of ['a@good.example(x)evil.example', 'a(x)@good.example', 'a@(evil.example)good.example'])
    await expectRefused(portal, form({ name: 'Eve', address }), 'address');
});

test('relay 9: a field sent as an object or twice is refused, and no file or address of the web is read', async () => {
  const { portal, form, reader } = await setUp();
  const before = await dump(portal.ctx.db);
  for (const name of ['body[path]', 'body[href]', 'text[path]', 'subject.path', 'attachments[0].path'])
    expect((await portal.post(WRITE, form({ [name]: '/etc/passwd' }), { as: reader })).status).toBe(400);
  for (const name of ['subject', 'body', 'key']) {
    const twice = form({ [name]: ['/etc/passwd', 'file:///etc/passwd'] });
    expect([name, (await portal.post(WRITE, twice, { as: reader })).status]).toEqual([name, 422]);
  }
  const guest = form({ name: ['Eve', 'Bob'], address: [GUEST, 'b@y.example'] });
  expect((await portal.post(WRITE, guest)).status).toBe(422);
  expect(await dump(portal.ctx.db)).toEqual(before);
  // As words it is only words.
  await portal.post(WRITE, form({ body: '/etc/passwd', subject: 'file:///etc/passwd' }), { as: reader });
  const [mail] = await sentMails(portal);
  const { text, attachments } = await PostalMime.parse(Buffer.from(mail!.raw, 'latin1'));
  expect(text).toContain('/etc/passwd');
  expect(text).not.toContain('root:');
  expect(attachments).toEqual([]);
});

test('relay 10: one form submitted twice is one message', async () => {
  const { portal, form, reader } = await setUp();
  const fields = form();
  const [first, second] = [
    await portal.post(WRITE, fields, { as: reader }),
    await portal.post(WRITE, fields, { as: reader }),
  ];
  expect([second.status, second.location]).toEqual([first.status, first.location]);
  const rows = await dump(portal.ctx.db);
  expect([rows.threads!.length, rows.messages!.length, rows.outbox!.length]).toEqual([1, 1, 1]);
  // Another form is another message.
  await portal.post(WRITE, form(), { as: reader });
  expect((await dump(portal.ctx.db)).outbox).toHaveLength(2);
});

test('relay 11: a used or expired confirmation sends nothing and says how to go on', async () => {
  const { portal, form } = await setUp();
  const relayed = async () =>
    (await portal.ctx.db.selectFrom('outbox').select('kind').where('kind', '=', 'relayed-message').execute()).length;
  await portal.post(WRITE, form({ name: 'Gita', address: GUEST }));
  const used = await newestLink(portal.ctx, GUEST);
  await portal.post(used, { intent: 'confirm' });
  await portal.post(WRITE, form({ name: 'Gita', address: GUEST }));
  const expired = await newestLink(portal.ctx, GUEST);
  portal.ctx.clock.advance(LINK_LIFE);
  for (const link of [used, expired, '/confirm/nonsense']) {
    for (const answer of [await portal.get(link), await portal.post(link, { intent: 'confirm' })]) {
      expect([link, answer.heading]).toEqual([link, 'This link no longer works']);
      expect(answer.text).toContain('please write it again from the paper’s page');
      expect(answer.headers.getSetCookie().join()).not.toContain('__Host-colloquy=');
    }
  }
  expect(await relayed()).toBe(1);
});

test('relay 12: opening the confirmation link confirms nothing; its button does', async () => {
  const { portal, form } = await setUp();
  await portal.post(WRITE, form({ name: 'Gita', address: GUEST }));
  const link = await newestLink(portal.ctx, GUEST);
  const before = await dump(portal.ctx.db);
  for (let visits = 0; visits < 3; visits++) {
    expect((await portal.get(link)).heading).toBe('Send this message?');
    await portal.request(new Request(`https://portal.example${link}`, { method: 'HEAD' }));
  }
  expect(await dump(portal.ctx.db)).toEqual(before);
  expect((await portal.post(link, { intent: 'confirm' })).status).toBe(303);
  expect((await dump(portal.ctx.db)).messages).toHaveLength(1);
});

// relay 13 is in requests.test.ts: it holds for every form.

test('relay 14: of who has not said yes nobody can tell whether the address is known; the organiser is told', async () => {
  const { portal, world, author, reader, form } = await setUp();
  // Unknown, with an account, one who takes no messages, one whose mail fails, one who has blocked the writer.
  const known = await makePerson(portal.ctx, 'Known Elsewhere');
  const quiet = await portal.signIn(await makePerson(portal.ctx, 'Quiet Person'));
  const failing = await makePerson(portal.ctx, 'Failing Person');
  await portal.post('/account/letters', { lettersFrom: 'nobody' }, { as: quiet });
  await portal.ctx.db
    .updateTable('mailboxes')
    .set({ suppressed_at: '2027-01-01T00:00:00.000Z' as never })
    .where('address_key', '=', failing.address)
    .execute();
  const blocking = await makePerson(portal.ctx, 'Blocking Person');
  const [blocker, blocked] = await Promise.all([blocking.viewer(), reader.viewer()]);
  await block(portal.ctx, blocker.mailboxIds[0]!, { mailboxId: blocked.mailboxIds[0]!, name: reader.name });
  const plain = (html: string) =>
    html
      .replaceAll(/nonce="([^"]+)"/.exec(html)?.[1] ?? 'no nonce', '…')
      .replaceAll(/[\w]{8}-[\w]{4}-[\w-]{22,27}|T000\d/g, '…')
      .replaceAll(/datePublished":"[^"]*|key" value="[^"]*/g, '');
  const pages: string[][] = [];
  const refs: string[] = [];
  for (const address of ['new@authors.example', known.address, quiet.address, failing.address, blocking.address]) {
    const { ref, authors } = await makeSubmission(portal.ctx, world, author, {
      state: 'published',
      authors: [{ name: 'Somebody Named', address, contactable: true, silent: true }],
    });
    refs.push(ref);
    const paper = await portal.get(`/cas-2027/papers/${ref}`, { as: reader });
    const path = `/cas-2027/papers/${ref}/message`;
    const form_ = await portal.get(path, { as: reader });
    const sent = await portal.post(path, form({ to: authors[0]!.id }), { as: reader });
    const list = await portal.get(sent.location!, { as: reader });
    const thread = /\/cas-2027\/messages\/[\w-]{36}/.exec(list.html)![0];
    const state = await portal.get(thread, { as: reader });
    pages.push([paper.html, form_.html, String(sent.status), sent.location!, state.html].map(plain));
    expect(state.text).toContain('Somebody Named: waits for Somebody Named to confirm that they are an author');
    portal.ctx.clock.advance(1);
  }
  for (const others of pages.slice(1)) expect(others).toEqual(pages[0]);
  // Of all of it nothing has gone to anybody.
  const kinds = await portal.ctx.db.selectFrom('outbox').select('kind').where('kind', 'like', 'relayed%').execute();
  expect(kinds).toEqual([]);
  const organiser = await portal.signIn(await makePerson(portal.ctx, 'Olga', { roles: [[world, 'organiser']] }));
  const { text } = await portal.get('/cas-2027/organise', { as: organiser });
  for (const ref of refs) expect(text).toContain(`${ref} Somebody Named: 1 message`);

  // Who has said yes and who has not get one answer to the form; how it fares is told apart.
  const answers: [number, string | null][] = [];
  for (const [path, to] of [
    [WRITE, form().to],
    [`/cas-2027/papers/${refs[0]}/message`, null],
  ] as const) {
    const page = (await portal.get(path, { as: reader })).form('to');
    const chosen = to ?? page.fields.find(([name]) => name === 'to')![1];
    const sent = await portal.post(path, form({ to: chosen, subject: `At ${path}` }), { as: reader });
    answers.push([sent.status, sent.location]);
    const said = await portal.get(sent.location!, { as: reader });
    expect(said.text).toContain('Your message goes to those of the authors you chose who take messages now.');
  }
  expect(answers[1]).toEqual(answers[0]);
  expect(await outboxStates(portal.ctx)).toMatchObject({ queued: expect.any(Number) });
  const relayed = await portal.ctx.db
    .selectFrom('outbox')
    .select(['kind', 'state'])
    .where('kind', 'like', 'relayed%')
    .execute();
  expect(relayed).toEqual([{ kind: 'relayed-message', state: 'queued' }]);
});

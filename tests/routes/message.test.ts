import { describe, expect, test } from 'vitest';
import { newId } from '#db/ids';
import type { OutboxState } from '#db/schema';
import { write } from '#db/write';
import { countAttempt, LIMITS, MAX_UNANSWERED } from '~/domain/account/limits.server';
import { addressKey } from '~/domain/account/schema';
import { DAY } from '~/domain/clock';
import { askedToken, yesFrom } from '../support/authorship';
import { engines } from '../support/database';
import { dump } from '../support/dump';
import { letters, newestLink } from '../support/inbox';
import { openPortal, type TestPortal, type Visitor } from '../support/portal';
import { arrive, replyTo } from '../support/relay';
import {
  makeConference,
  makePerson,
  makeSubmission,
  newKey,
  type Paper,
  proofOfWork,
  stranger,
} from '../support/world';

const GUEST = 'gita@guests.example';
const UNVERIFIED = 'una@authors.example';
const BODY = 'Dear all,\n\nwhich archive holds the letters?';

async function setUp(options: Parameters<typeof openPortal>[0] = {}) {
  const portal = await openPortal(options);
  const { ctx } = portal;
  const world = await makeConference(ctx);
  const author = await portal.signIn(await makePerson(ctx, 'Aigul Author'));
  const coauthor = await portal.signIn(await makePerson(ctx, 'Cem Coauthor'));
  const reader = await portal.signIn(await makePerson(ctx, 'Rano Reader'));
  const paper = await makeSubmission(ctx, world, author, {
    state: 'published',
    title: 'Water & Trust',
    authors: [
      { name: 'Aigul Author', address: author.address, contactable: true },
      { name: 'Cem Coauthor', address: coauthor.address, contactable: true },
      { name: 'Una Unverified', address: UNVERIFIED, contactable: true },
      { name: 'Nadir Not', address: 'nadir@authors.example' },
      { name: 'Addressless' },
    ],
  });
  return { portal, world, author, coauthor, reader, paper };
}

const pathOf = (paper: Paper) => `/cas-2027/papers/${paper.ref}/message`;

function message(paper: Paper, to: string[], others: Record<string, string> = {}) {
  const ids = to.map((name) => paper.authors.find((author) => author.name === name)!.id as string);
  return { key: newKey(), to: ids, subject: 'Your sources', body: BODY, ...others };
}

function outbox({ ctx }: TestPortal, kind = 'relayed-message') {
  return ctx.db
    .selectFrom('outbox')
    .innerJoin('mailboxes', 'mailboxes.id', 'outbox.mailbox_id')
    .select(['address', 'state', 'subject', 'text', 'html', 'from_name'])
    .where('kind', '=', kind)
    .orderBy('outbox.id')
    .execute();
}

async function threadPath(portal: TestPortal, as: Visitor): Promise<string> {
  const { html } = await portal.get('/cas-2027/messages', { as });
  return /\/cas-2027\/messages\/[\w-]{36}/.exec(html)![0];
}

describe.each(engines)('a message on %s', (engine) => {
  test('goes to the chosen authors, by name only, and its writer sees how it fares', async () => {
    const { portal, reader, author, coauthor, paper } = await setUp({ engine });
    const page = await portal.get(pathOf(paper), { as: reader });
    // Whoever can be written to, chosen at first; nobody else.
    expect(page.form('to').fields.filter(([name]) => name === 'to')).toHaveLength(3);
    expect(page.text).toContain('Una Unverified');
    expect(page.text).not.toContain('Nadir Not');
    expect(page.text).not.toContain('Addressless');
    const fields = page.form('to').with({ subject: 'Your sources', body: BODY });
    const sent = await portal.post(pathOf(paper), fields, { as: reader });
    expect([sent.status, sent.location]).toEqual([303, '/cas-2027/messages']);
    expect((await portal.get(sent.location!, { as: reader })).text).toContain(
      'Your message goes to those of the authors you chose',
    );

    const path = await threadPath(portal, reader);
    const fares = async () => (await portal.get(path, { as: reader })).text;
    const addressed = async () => (await outbox(portal)).map(({ address, state }) => [address, state]);
    // Who has not said that the paper is theirs is not written to: the words wait for that.
    expect(await addressed()).toEqual([
      [author.address, 'queued'],
      [coauthor.address, 'queued'],
    ]);
    expect(await fares()).toContain('Una Unverified: waits for Una Unverified to confirm that they are an author');
    expect(await fares()).not.toContain('Una Unverified: queued');
    await yesFrom(portal.ctx, UNVERIFIED);
    expect(await addressed()).toEqual([
      [author.address, 'queued'],
      [coauthor.address, 'queued'],
      [UNVERIFIED, 'queued'],
    ]);
    for (const mail of await outbox(portal)) {
      expect(mail.subject).toBe('[T0001] Your sources');
      expect(mail.from_name).toBe('Rano Reader via Central Asia 2027');
      expect(mail.text).toContain('Rano Reader writes to you about your paper T0001, “Water & Trust”');
      // Each line of it behind a bar, so that none passes for the portal's.
      expect(mail.text).toContain(BODY.replace(/^/gm, '| ').replaceAll('| \n', '|\n'));
      expect(mail.text).toMatch(/https:\/\/portal\.example\/cas-2027\/messages\/[\w-]{36}/);
      expect(mail.text + mail.html).not.toContain(reader.address);
    }
    const thread = await portal.get(path, { as: reader });
    expect(thread.heading).toBe('Your sources');
    expect(thread.text).toContain(BODY);
    for (const name of ['Aigul Author', 'Cem Coauthor', 'Una Unverified'])
      expect(thread.text).toContain(`${name}: queued`);
  });

  test('from a guest waits for the link in their mail, which carries none of their words', async () => {
    const { portal, author, paper } = await setUp({ engine });
    const guest = stranger();
    const form = (await portal.get(pathOf(paper), { as: guest })).form('address');
    const typed = form.with({
      ...message(paper, ['Aigul Author'], { subject: 'Subjectword', body: 'Bodyword' }),
      name: 'Gita Guestname',
      address: GUEST,
    });
    const asked = await portal.post(pathOf(paper), typed, { as: guest });
    expect([asked.status, asked.location]).toEqual([303, `${pathOf(paper)}?sent=1`]);
    expect((await portal.get(asked.location!, { as: guest })).text).toContain(
      'Nothing is sent to the authors before you follow it.',
    );
    expect(await outbox(portal)).toEqual([]);
    const [confirmation, ...others] = await letters(portal.ctx, GUEST);
    expect(others).toEqual([]);
    const said = [confirmation!.subject, confirmation!.text, confirmation!.html, confirmation!.from_name].join('\n');
    for (const word of ['Subjectword', 'Bodyword', 'Gita', 'Guestname', 'Water', 'T0001', 'Aigul'])
      expect(said).not.toContain(word);

    const link = await newestLink(portal.ctx, GUEST);
    const page = await portal.get(link, { as: guest });
    expect(page.heading).toBe('Send this message?');
    for (const word of ['Gita Guestname', 'Subjectword', 'Bodyword', 'Water & Trust'])
      expect(page.text).toContain(word);
    const confirmed = await portal.post(link, { intent: 'confirm' }, { as: guest });
    expect([confirmed.status, confirmed.location]).toEqual([303, '/cas-2027/messages']);
    const [mail] = await outbox(portal);
    expect(mail).toMatchObject({ address: author.address, from_name: 'Gita Guestname via Central Asia 2027' });
    // Signed in on this device, they see it and can read the answer.
    expect((await portal.get(await threadPath(portal, guest), { as: guest })).text).toContain('Bodyword');
    expect((await dump(portal.ctx.db)).message_requests).toEqual([]);
  });

  test('that somebody else wrote in one’s name is thrown away', async () => {
    const { portal, paper } = await setUp({ engine });
    await portal.post(pathOf(paper), { ...message(paper, ['Aigul Author']), name: 'Gita', address: GUEST });
    const link = await newestLink(portal.ctx, GUEST);
    const thrown = await portal.post(link, { intent: 'discard' });
    expect([thrown.status, thrown.location]).toEqual([303, '/']);
    expect((await portal.post(link, { intent: 'confirm' })).heading).toBe('This link no longer works');
    expect(await outbox(portal)).toEqual([]);
    const rows = await dump(portal.ctx.db);
    expect([rows.message_requests, rows.threads, rows.messages]).toEqual([[], [], []]);
    expect(rows.accounts!.join()).not.toContain('Gita');
  });

  test('is answered on its page, and the answer goes to the others, by name only', async () => {
    const { portal, reader, author, coauthor, paper } = await setUp({ engine });
    await portal.post(pathOf(paper), message(paper, ['Aigul Author', 'Cem Coauthor']), { as: reader });
    const path = await threadPath(portal, author);
    const page = await portal.get(path, { as: author });
    // How somebody else's letter fares is not the author's to see.
    expect(page.text).not.toContain('queued');
    portal.ctx.clock.advance(DAY);
    const key = page.form('body').fields.find(([name]) => name === 'key')![1];
    const answered = await portal.post(path, { key, body: 'In Almaty.' }, { as: author });
    expect([answered.status, answered.location]).toEqual([303, `${path}#sent`]);
    const mails = (await outbox(portal)).slice(2);
    expect(mails.map(({ address, subject, from_name }) => [address, subject, from_name])).toEqual([
      [reader.address, 'Re: [T0001] Your sources', 'Aigul Author via Central Asia 2027'],
      [coauthor.address, 'Re: [T0001] Your sources', 'Aigul Author via Central Asia 2027'],
    ]);
    for (const mail of mails) expect(mail.text + mail.html).not.toContain(author.address);
    expect(mails[0]!.text).toContain('In Almaty.');
    expect((await portal.get(path, { as: reader })).text).toMatch(/which archive.*Aigul Author.*In Almaty\./s);
    // The same form again is the same answer.
    expect((await portal.post(path, { key, body: 'In Almaty.' }, { as: author })).status).toBe(303);
    expect(await outbox(portal)).toHaveLength(4);
  });

  test('to an author who has not said yes waits, also when they sign in, and goes with their yes', async () => {
    const { portal, world, reader, paper } = await setUp({ engine });
    const organiser = await portal.signIn(
      await makePerson(portal.ctx, 'Olga Organiser', { roles: [[world, 'organiser']] }),
    );
    await portal.post(pathOf(paper), message(paper, ['Una Unverified']), { as: reader });
    await portal.post(pathOf(paper), message(paper, ['Una Unverified'], { subject: 'More' }), { as: reader });
    const waiting = await portal.get('/cas-2027/organise', { as: organiser });
    expect(waiting.text).toContain('T0001 Una Unverified: 2 messages');
    expect(waiting.html).not.toContain(UNVERIFIED);
    expect(await outbox(portal)).toEqual([]);

    // Whoever signs in there has not said yet that the paper is theirs.
    const una = stranger();
    await portal.post('/sign-in', { address: UNVERIFIED }, { as: una });
    await portal.post(await newestLink(portal.ctx, UNVERIFIED), { name: 'Una' }, { as: una });
    expect(await outbox(portal)).toEqual([]);
    expect((await portal.get('/cas-2027/organise', { as: organiser })).text).toContain(
      'T0001 Una Unverified: 2 messages',
    );
    const { html: before } = await portal.get('/cas-2027/messages', { as: una });
    expect(before).not.toContain('Your sources');
    expect(before).not.toMatch(/\/cas-2027\/messages\/[\w-]{36}/);
    const path = await threadPath(portal, reader);
    expect((await portal.get(path, { as: una })).status).toBe(404);

    const asked = `/authorship/${await askedToken(portal.ctx, UNVERIFIED)}`;
    expect((await portal.post(asked, { intent: 'yes' }, { as: una })).status).toBe(303);
    expect((await outbox(portal)).map(({ address, state, subject }) => [address, state, subject])).toEqual([
      [UNVERIFIED, 'queued', '[T0001] Your sources'],
      [UNVERIFIED, 'queued', '[T0001] More'],
    ]);
    expect((await portal.get('/cas-2027/organise', { as: organiser })).text).not.toContain('Una Unverified');
    expect((await portal.get(await threadPath(portal, una), { as: una })).status).toBe(200);
    expect((await portal.get(path, { as: una })).status).toBe(200);
    // Once more is no more.
    await portal.post(asked, { intent: 'yes' }, { as: una });
    expect(await outbox(portal)).toHaveLength(2);
  });

  test('to an author who says that the paper is not theirs reaches nobody, and is not told apart', async () => {
    const { portal, world, reader, paper } = await setUp({ engine });
    const organiser = await portal.signIn(
      await makePerson(portal.ctx, 'Olga Organiser', { roles: [[world, 'organiser']] }),
    );
    await portal.post(pathOf(paper), message(paper, ['Una Unverified']), { as: reader });
    const path = await threadPath(portal, reader);
    await portal.post(`/authorship/${await askedToken(portal.ctx, UNVERIFIED)}`, { intent: 'no' });
    expect(await outbox(portal)).toEqual([]);
    expect((await portal.get('/cas-2027/organise', { as: organiser })).text).not.toContain('Una Unverified: ');
    expect((await portal.get(path, { as: reader })).text).not.toContain('Una Unverified: queued');
    expect((await portal.get(pathOf(paper), { as: reader })).form('to').html).not.toContain('Una Unverified');
    const sent = await portal.post(pathOf(paper), message(paper, ['Una Unverified']), { as: reader });
    expect([sent.status, sent.location]).toEqual([303, '/cas-2027/messages']);
    expect(await outbox(portal)).toEqual([]);
  });

  test('sent twice at the same moment is one message', async () => {
    const { portal, reader, paper } = await setUp({ engine });
    const fields = message(paper, ['Aigul Author']);
    const answers = await Promise.all([1, 2, 3].map(() => portal.post(pathOf(paper), fields, { as: reader })));
    expect(answers.map(({ status, location }) => [status, location])).toEqual(
      answers.map(() => [303, '/cas-2027/messages']),
    );
    expect(await outbox(portal)).toHaveLength(1);
    expect((await dump(portal.ctx.db)).threads).toHaveLength(1);
  });
});

test('an address in a message goes out with its writer’s word alone, whosever it is', async () => {
  const { portal, reader, author, paper } = await setUp();
  for (const address of [reader.address, author.address, 'anybody@elsewhere.example']) {
    const form = message(paper, ['Aigul Author'], { body: `Please write to ${address}.` });
    const refused = await portal.post(pathOf(paper), form, { as: reader });
    expect([refused.status, refused.errorOf('consent')]).toEqual([
      422,
      'Your message holds an e-mail address. Please take it out, or say that you mean to give it away.',
    ]);
    expect(refused.html).toContain(`Please write to ${address}.`);
    expect((await portal.post(pathOf(paper), { ...form, consent: 'on' }, { as: reader })).status).toBe(303);
  }
  expect(await outbox(portal)).toHaveLength(3);
});

test('an answer by mail that was held is read, put right, sent or thrown away on the thread’s page', async () => {
  const { portal, reader, author, paper } = await setUp({ env: { INBOUND_LISTEN: 'lmtp://127.0.0.1:0' } });
  await portal.post(pathOf(paper), message(paper, ['Aigul Author']), { as: reader });
  const path = await threadPath(portal, author);
  for (const body of [`It is in Tashkent. ${author.address}`, 'Not from me.'])
    await arrive(portal.ctx, { from: 'other@programs.example', to: await replyTo(portal.ctx, author.address), body });
  expect((await portal.get(path, { as: reader })).html).not.toContain('Not from me.');
  const page = await portal.get(path, { as: author });
  expect(page.text).toContain('It was sent from an address that is not the one we know you by.');
  const [first, second] = page.forms().filter(({ html }) => html.includes('value="release"'));

  const refused = await portal.post(path, first!.with({ intent: 'release' }), { as: author });
  expect([refused.status, refused.text.includes('Your message holds an e-mail address.')]).toEqual([422, true]);
  await portal.post(path, first!.with({ intent: 'release', body: 'It is in Tashkent.' }), { as: author });
  await portal.post(path, second!.with({ intent: 'discard' }), { as: author });
  expect((await portal.get(path, { as: reader })).text).toContain('It is in Tashkent.');
  expect((await portal.get(path, { as: author })).html).not.toContain('value="release"');
  const rows = await portal.ctx.db.selectFrom('replies').select(['outcome', 'body']).orderBy('id').execute();
  expect(rows).toEqual([
    { outcome: 'relayed', body: '' },
    { outcome: 'discarded', body: '' },
  ]);
  for (const as of [reader, stranger()])
    expect((await portal.post(path, second!.with({ intent: 'release' }), { as })).status).not.toBe(200);
});

test('of a long thread the page shows the end and says so; what one saves is whole', async () => {
  const { portal, reader, paper } = await setUp();
  await portal.post(pathOf(paper), message(paper, ['Aigul Author']), { as: reader });
  const path = await threadPath(portal, reader);
  const [first] = await portal.ctx.db.selectFrom('messages').selectAll().execute();
  const more = Array.from({ length: 200 }, (_, number) => {
    const id = newId<'message'>();
    return { ...first!, id, idempotency_key: id, body: `Answer ${number}.` };
  });
  expect((await portal.get(path, { as: reader })).text).not.toContain('Only the newest messages are shown.');
  for (let from = 0; from < 200; from += 50)
    await portal.ctx.db
      .insertInto('messages')
      .values(more.slice(from, from + 50))
      .execute();
  const page = await portal.get(path, { as: reader });
  expect([page.text.includes('Only the newest messages'), page.text.includes(first!.body)]).toEqual([true, false]);
  const saved = (await portal.get(`${path}/export`, { as: reader })).html;
  for (const body of [first!.body, 'Answer 0.', 'Answer 199.']) expect(saved).toContain(body);
});

test('participants read a thread; for everybody else there is none', async () => {
  const { portal, world, reader, author, coauthor, paper } = await setUp();
  const organiser = await portal.signIn(await makePerson(portal.ctx, 'Olga', { roles: [[world, 'organiser']] }));
  const other = await makeConference(portal.ctx, { slug: 'other-2027', name: 'Other' });
  await portal.post(pathOf(paper), message(paper, ['Aigul Author']), { as: reader });
  const path = await threadPath(portal, reader);
  for (const as of [reader, author]) expect((await portal.get(path, { as })).status).toBe(200);
  for (const as of [coauthor, organiser]) {
    expect((await portal.get(path, { as })).status).toBe(404);
    expect((await portal.post(path, { key: newKey(), body: 'B' }, { as })).status).toBe(404);
    expect((await portal.get('/cas-2027/messages', { as })).text).toContain('There are no messages.');
  }
  // Nor under another conference.
  expect((await portal.get(path.replace('cas-2027', other.slug), { as: reader })).status).toBe(404);
  expect(await outbox(portal)).toHaveLength(1);
});

test('the states of a letter, as its writer is told them', async () => {
  const { portal, reader, paper } = await setUp();
  await portal.post(pathOf(paper), message(paper, ['Aigul Author']), { as: reader });
  const path = await threadPath(portal, reader);
  const told: Record<OutboxState, string> = {
    held: 'queued',
    queued: 'queued',
    sending: 'queued',
    sent: 'handed to the recipient’s mail server',
    unknown: 'handed to the recipient’s mail server',
    failed: 'could not be delivered',
    cancelled: 'could not be delivered',
  };
  for (const [state, words] of Object.entries(told)) {
    await portal.ctx.db
      .updateTable('outbox')
      .set({ state: state as OutboxState })
      .execute();
    expect((await portal.get(path, { as: reader })).text).toContain(`Aigul Author: ${words}`);
  }
});

test.each([[[0, 1]], [[1, 0]]])(
  'an author who stands in a byline twice, once unconfirmed, is written to all the same: lines %j',
  async (order) => {
    const { portal, world, reader, author } = await setUp();
    const twice = await makePerson(portal.ctx, 'Cora Coauthor', { address: 'cora@authors.example' });
    const lines = [
      { name: 'Cora Coauthor', address: 'cora@work.example', contactable: true },
      { name: 'C. Coauthor', address: twice.address, contactable: true, silent: true },
    ];
    const paper = await makeSubmission(portal.ctx, world, author, {
      state: 'published',
      authors: order.map((index) => lines[index]!),
    });
    // She says yes to the one, signed in: her mail goes to the address of the other.
    await yesFrom(portal.ctx, 'cora@work.example', await twice.viewer());
    const sent = await portal.post(pathOf(paper), message(paper, ['Cora Coauthor', 'C. Coauthor']), { as: reader });
    expect(sent.status).toBe(303);
    expect((await outbox(portal)).map(({ address, state }) => [address, state])).toEqual([[twice.address, 'queued']]);
  },
);

describe('who does not want letters', () => {
  test('is offered to nobody, and a form from before reaches nobody', async () => {
    const { portal, reader, author, paper } = await setUp();
    const before = await portal.get(pathOf(paper), { as: reader });
    await portal.post('/account/letters', { lettersFrom: 'nobody' }, { as: author });
    const after = await portal.get(pathOf(paper), { as: reader });
    expect([before.text.includes('Aigul Author'), after.text.includes('Aigul Author')]).toEqual([true, false]);
    const sent = await portal.post(pathOf(paper), message(paper, ['Aigul Author']), { as: reader });
    expect([sent.status, sent.location]).toEqual([303, '/cas-2027/messages']);
    expect(await outbox(portal)).toEqual([]);
    await portal.post('/account/letters', { lettersFrom: 'anyone' }, { as: author });
    expect((await portal.get(pathOf(paper), { as: reader })).text).toContain('Aigul Author');
  });

  test('leaves a page that says so, where nobody can be written to', async () => {
    const { portal, world, author, reader } = await setUp();
    const closed = await makeSubmission(portal.ctx, world, author, {
      state: 'published',
      authors: [{ name: 'Quiet', address: author.address, contactable: false }],
    });
    expect((await portal.get(`/cas-2027/papers/${closed.ref}`)).text).not.toContain('Send message');
    const page = await portal.get(pathOf(closed), { as: reader });
    expect(page.text).toContain('The authors of this paper take no messages through the portal.');
    const sent = await portal.post(pathOf(closed), message(closed, ['Quiet']), { as: reader });
    expect(sent.status).toBe(303);
    expect(await outbox(portal)).toEqual([]);
  });
});

test('nobody is written to about a paper that is not in the programme', async () => {
  const { portal, world, author, reader } = await setUp();
  for (const state of ['draft', 'submitted', 'accepted', 'withdrawn'] as const) {
    const paper = await makeSubmission(portal.ctx, world, author, { state });
    expect((await portal.get(pathOf(paper), { as: reader })).status).toBe(404);
    expect((await portal.post(pathOf(paper), message(paper, ['Aigul Author']), { as: reader })).status).toBe(404);
  }
});

describe('limits', () => {
  async function use(portal: TestPortal, what: keyof typeof LIMITS, who: string, times: number) {
    await write(portal.ctx.db, async (trx) => {
      for (let used = 0; used < times; used++) await countAttempt(trx, portal.ctx, what, who);
    });
  }

  async function mailboxAt({ ctx }: TestPortal, address: string): Promise<string> {
    return (
      await ctx.db
        .selectFrom('mailboxes')
        .select('id')
        .where('address_key', '=', addressKey(address))
        .executeTakeFirstOrThrow()
    ).id;
  }

  test('relay 80: of a writer: a 429 that says when again, keeps the words and sends nothing', async () => {
    const { portal, reader, author, paper } = await setUp();
    await use(portal, 'message', reader.accountId, LIMITS.message.most - 1);
    expect((await portal.post(pathOf(paper), message(paper, ['Aigul Author']), { as: reader })).status).toBe(303);
    const refused = await portal.post(pathOf(paper), message(paper, ['Aigul Author']), { as: reader });
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('you have begun many conversations within a day.');
    expect(refused.text).toContain('you can try again after 16 January 2027 at 15:00 GMT+5');
    expect(refused.form('body').fields).toEqual(
      expect.arrayContaining([
        ['subject', 'Your sources'],
        ['body', BODY],
      ]),
    );
    const path = await threadPath(portal, reader);
    const answer = await portal.post(path, { key: newKey(), body: 'More' }, { as: reader });
    expect(answer.status).toBe(429);
    expect(answer.form('body').fields).toContainEqual(['body', 'More']);
    expect(await outbox(portal)).toHaveLength(1);
    expect((await portal.post(path, { key: newKey(), body: 'Other' }, { as: author })).status).toBe(303);
    // From now on they are in conversation: that has a limit of its own.
    expect((await portal.post(path, { key: newKey(), body: 'More' }, { as: reader })).status).toBe(303);
    portal.ctx.clock.advance(DAY + 1);
    expect((await portal.post(pathOf(paper), message(paper, ['Aigul Author']), { as: reader })).status).toBe(303);
  });

  test('relay 81: of an author, whoever writes', async () => {
    const { portal, reader, author, paper } = await setUp();
    await use(portal, 'messageTo', await mailboxAt(portal, author.address), LIMITS.messageTo.most);
    await portal.ctx.db.updateTable('accounts').set({ quiet_zone: 'America/New_York' }).execute();
    const refused = await portal.post(pathOf(paper), message(paper, ['Aigul Author']), { as: reader });
    expect(refused.status).toBe(429);
    // On the clock that the writer has chosen in their account.
    expect(refused.text).toContain('One of those whom you chose has had a great many messages within a day.');
    expect(refused.text).toContain('you can try again after 16 January 2027 at 05:00 GMT-5');
    expect((await portal.post(pathOf(paper), message(paper, ['Cem Coauthor']), { as: reader })).status).toBe(303);
  });

  test('of an author who has not said yes: counted apart from what else goes to that address', async () => {
    const { portal, reader, paper } = await setUp();
    await use(portal, 'messageTo', await mailboxAt(portal, UNVERIFIED), LIMITS.messageTo.most);
    expect((await portal.post(pathOf(paper), message(paper, ['Una Unverified']), { as: reader })).status).toBe(303);
    const una = paper.authors.find(({ name }) => name === 'Una Unverified')!;
    await use(portal, 'messageTo', una.id, LIMITS.messageTo.most);
    expect((await portal.post(pathOf(paper), message(paper, ['Una Unverified']), { as: reader })).status).toBe(429);
    expect((await portal.post(pathOf(paper), message(paper, ['Cem Coauthor']), { as: reader })).status).toBe(303);
  });

  test('met at the confirmation: the link stays good', async () => {
    const { portal, author, paper } = await setUp();
    await portal.post(pathOf(paper), { ...message(paper, ['Aigul Author']), name: 'Gita', address: GUEST });
    const link = await newestLink(portal.ctx, GUEST);
    await use(portal, 'messageTo', await mailboxAt(portal, author.address), LIMITS.messageTo.most);
    // Almost over when the link was sent.
    await portal.ctx.db
      .updateTable('attempts')
      .set({ since: '2027-01-14T10:10:00.000Z' as never })
      .execute();
    const refused = await portal.post(link, { intent: 'confirm' });
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('you can try again after 15 January 2027 at 15:10 GMT+5');
    expect(refused.text).toContain(BODY);
    portal.ctx.clock.set('2027-01-15T10:11:00.000Z');
    expect((await portal.post(link, { intent: 'confirm' })).status).toBe(303);
    expect(await outbox(portal)).toHaveLength(1);
  });

  test('of messages that wait for an answer: a sentence that says whose, and the words are kept', async () => {
    const { portal, reader, paper } = await setUp();
    const send = () => portal.post(pathOf(paper), message(paper, ['Aigul Author']), { as: reader });
    for (let sent = 0; sent < MAX_UNANSWERED; sent++) expect((await send()).status).toBe(303);
    const refused = await send();
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Aigul Author has not answered any of the 3 messages that you have sent them.');
    expect(refused.form('body').fields).toContainEqual(['body', BODY]);
    const others = message(paper, ['Cem Coauthor']);
    expect((await portal.post(pathOf(paper), others, { as: reader })).status).toBe(303);
  });

  test('of links in a first message', async () => {
    const { portal, paper, reader } = await setUp();
    const send = (body: string) =>
      portal.post(pathOf(paper), message(paper, ['Aigul Author'], { body }), { as: reader });
    expect((await send('https://a.example b.example.org/x www.c.org')).html).toContain('at most two links');
    expect((await send('See https://a.example and d.example.org, both of 2027.')).status).toBe(303);
  });

  test('of proofs of work: without one a guest signs in first, with a spent one they send again', async () => {
    const { portal, paper } = await setUp();
    const fields = { ...message(paper, ['Aigul Author']), name: 'Gita', address: GUEST };
    const without = await portal.post(pathOf(paper), fields, { script: false });
    expect(without.location).toMatch(/^\/sign-in\?next=.*kept/);
    const proof = await proofOfWork(portal.ctx);
    expect((await portal.post(pathOf(paper), { ...fields, proof })).status).toBe(303);
    // The same once more, as where its answer was lost, has been done.
    expect((await portal.post(pathOf(paper), { ...fields, proof })).status).toBe(303);
    const again = await portal.post(pathOf(paper), { ...fields, subject: 'Another', proof });
    expect([again.status, again.html.includes('Please send it again.')]).toEqual([422, true]);
    expect(again.form('body').fields).toEqual(expect.arrayContaining([['body', BODY]]));
    expect(await letters(portal.ctx, GUEST)).toHaveLength(1);
  });

  test('of messages from one network, at one conference, and anywhere', async () => {
    const { portal, paper, reader } = await setUp();
    const send = () => portal.post(pathOf(paper), message(paper, ['Aigul Author']), { as: reader });
    const { id } = await portal.ctx.db.selectFrom('conferences').select('id').executeTakeFirstOrThrow();
    for (const [what, who] of [
      ['messageFrom', '192.0.2.1'],
      ['messageAt', id],
      ['messageAnywhere', ''],
    ] as const) {
      await use(portal, what, who, LIMITS[what].most);
      expect((await send()).status).toBe(429);
      portal.ctx.clock.advance(2 * DAY);
      expect((await send()).status).toBe(303);
    }
  });

  test('of asking for confirmations from one network, and to one address', async () => {
    const { portal, paper } = await setUp();
    const ask = () => portal.post(pathOf(paper), { ...message(paper, ['Aigul Author']), name: 'Gita', address: GUEST });
    for (let asked = 0; asked <= LIMITS.signInMail.most; asked++) expect((await ask()).status).toBe(303);
    expect(await letters(portal.ctx, GUEST)).toHaveLength(LIMITS.signInMail.most);
    await use(portal, 'signInMailFrom', '192.0.2.1', LIMITS.signInMailFrom.most);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.form('body').fields).toEqual(
      expect.arrayContaining([
        ['body', BODY],
        ['name', 'Gita'],
        ['address', GUEST],
      ]),
    );
  });
});

test('each error stands beside its field, and nothing typed is lost', async () => {
  const { portal, reader, paper } = await setUp();
  const guest = { name: 'Gita', address: GUEST };
  const wrong: [Record<string, string | string[]>, string, RegExp][] = [
    [{ subject: ' ' }, 'subject', /fill this in/],
    [{ subject: 'x'.repeat(201) }, 'subject', /At most 200/],
    [{ body: '\n' }, 'body', /fill this in/],
    [{ body: 'x'.repeat(10_001) }, 'body', /At most 10,000/],
    [{ name: '' }, 'name', /fill this in/],
    [{ name: 'x'.repeat(121) }, 'name', /At most 120/],
    [{ address: 'nobody' }, 'address', /one plain e-mail address/],
  ];
  for (const [others, field, sentence] of wrong) {
    const sent = { ...message(paper, ['Aigul Author']), ...guest, ...others };
    const answer = await portal.post(pathOf(paper), sent);
    expect([field, answer.status, answer.errorOf(field)]).toEqual([field, 422, expect.stringMatching(sentence)]);
    // A browser takes one line end away at the beginning of a text.
    for (const name of ['subject', 'body', 'name', 'address', 'key'] as const)
      if (name !== field || name !== 'body') expect(answer.form('body').fields).toContainEqual([name, sent[name]]);
    expect(answer.form('body').fields.filter(([name]) => name === 'to')).toEqual([['to', paper.authors[0]!.id]]);
  }
  const nobody = await portal.post(pathOf(paper), { ...message(paper, []), to: [] }, { as: reader });
  expect(nobody.status).toBe(422);
  expect(nobody.text).toContain('Please choose at least one.');
  expect(
    (await portal.post(pathOf(paper), message(paper, ['Aigul Author'], { key: 'x' }), { as: reader })).status,
  ).toBe(422);
  expect([...(await outbox(portal)), ...(await outbox(portal, 'confirm-message'))]).toEqual([]);
  expect((await dump(portal.ctx.db)).message_requests).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { threadsOf } from '~/domain/message/thread-list.server';
import { openPortal } from '../support/portal';
import { sentLetters } from '../support/relay';
import { makeConference, makePerson, makeSubmission, newKey } from '../support/world';

const ORIGIN = 'https://portal.example';

/** A reader has written to an author: the author's letter, and the portal. */
async function setUp() {
  const portal = await openPortal({ env: { INBOUND_LISTEN: 'lmtp://127.0.0.1:0' } });
  const { ctx } = portal;
  const world = await makeConference(ctx);
  const author = await portal.signIn(await makePerson(ctx, 'Aigul Author'));
  const reader = await portal.signIn(await makePerson(ctx, 'Rano Reader'));
  const paper = await makeSubmission(ctx, world, author, { state: 'published' });
  const write = (others: Record<string, string> = {}) =>
    portal.post(
      `/cas-2027/papers/${paper.ref}/message`,
      { key: newKey(), to: paper.authors[0]!.id, subject: 'Your sources', body: 'Which archive?', ...others },
      { as: reader },
    );
  await write();
  const letter = (await sentLetters(ctx)).find((one) => one.kind === 'relayed-message')!;
  const path = JSON.parse(letter.headers)['List-Unsubscribe'].replace(/^<https:\/\/[^/]+|>$/g, '') as string;
  const [thread] = (await threadsOf(ctx.db, world.id, await author.viewer())).threads;
  return { portal, ctx, world, author, reader, paper, letter, path, thread: `/cas-2027/messages/${thread!.id}`, write };
}

async function leftAt({ ctx }: Awaited<ReturnType<typeof setUp>>) {
  const rows = await ctx.db.selectFrom('participants').select(['name', 'left_at']).orderBy('id').execute();
  return rows.filter((row) => row.left_at).map((row) => row.name);
}

describe('from a letter, without signing in', () => {
  test('relay 84: unsubscribing by GET changes nothing; by POST, as mail programs send it, it is done', async () => {
    const world = await setUp();
    const { portal, path, letter } = world;
    expect(JSON.parse(letter.headers)['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    expect(letter.text).toContain(path);
    for (const method of ['GET', 'HEAD'])
      expect((await portal.request(new Request(ORIGIN + path, { method }))).status).toBe(200);
    expect(await leftAt(world)).toEqual([]);
    // RFC 8058, 3.2 and 3.3: no cookies, no Origin, either kind of form.
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    const answer = await portal.request(new Request(ORIGIN + path, { method: 'POST', body: form }));
    expect([answer.status, answer.location]).toEqual([200, null]);
    expect(await leftAt(world)).toEqual(['Aigul Author']);
    const again = await portal.request(
      new Request(ORIGIN + path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'List-Unsubscribe=One-Click',
      }),
    );
    expect(again.status).toBe(200);
  });

  test('a changed or guessed link is none', async () => {
    const world = await setUp();
    const { portal, path } = world;
    const [participant = '', message = '', signature = ''] = path.slice('/letters/'.length).split('.');
    const others = await world.ctx.db.selectFrom('participants').select('id').execute();
    const other = others.find(({ id }) => id !== participant)!.id;
    for (const token of [
      `${other}.${message}.${signature}`,
      `${participant}.${participant}.${signature}`,
      `${participant}.${message}.${signature.slice(0, -1)}`,
      `${participant}.${message}.`,
      `${participant}.${message}`,
      'x',
    ]) {
      expect((await portal.get(`/letters/${token}`)).status).toBe(404);
      const posted = await portal.post(`/letters/${token}`, { 'List-Unsubscribe': 'One-Click' }, { origin: null });
      expect(posted.status).toBe(404);
    }
    expect(await leftAt(world)).toEqual([]);
  });

  test('relay 85: a guessed or foreign report link is refused; one’s own reports', async () => {
    const world = await setUp();
    const { portal, ctx, path, thread, author, reader } = world;
    const reports = () => ctx.db.selectFrom('reports').select(['reason', 'note']).execute();
    const { id: message } = await ctx.db.selectFrom('messages').select('id').executeTakeFirstOrThrow();
    const fields = { intent: 'report', reason: 'spam', note: 'Sent to all of us.' };
    // A mail is forwarded: its link alone accuses nobody.
    expect((await portal.post(path, fields)).status).toBe(400);
    const link = `${thread}/report/${message}`;
    expect((await portal.get(path)).html).toContain(`href="${link}"`);
    expect((await portal.get(link)).location).toMatch(/^\/sign-in\?/);
    const stranger = await portal.signIn(await makePerson(ctx, 'Sten Stranger'));
    for (const [who, at] of [
      [stranger, `${thread}/report/${message}`],
      [reader, `${thread}/report/${message}`],
      [author, `${thread}/report/${newKey()}`],
    ] as const)
      expect((await portal.post(at, fields, { as: who })).status).toBe(404);
    expect(await reports()).toEqual([]);

    const as = author;
    const wrong = await portal.post(link, { ...fields, reason: 'x', note: 'Kept.' }, { as });
    expect([wrong.status, wrong.html.includes('Kept.')]).toEqual([422, true]);
    // Nothing is chosen beforehand: who just presses the button accuses nobody.
    expect((await portal.get(link, { as })).form('reason').fields).toContainEqual(['reason', '']);
    expect((await portal.post(link, { ...fields, reason: '' }, { as })).status).toBe(422);
    expect((await portal.post(link, fields, { as })).location).toBe(`${thread}#${message}`);
    expect(await reports()).toEqual([{ reason: 'spam', note: 'Sent to all of us.' }]);
  });

  test('relay 114: one can leave and mute that conversation, undo both, and nothing else; the link ends with it', async () => {
    const world = await setUp();
    const { portal, ctx, path } = world;
    const page = await portal.get(path);
    expect(page.html).toContain('Rano Reader');
    expect(page.html).not.toContain('Which archive');
    const muted = async () =>
      (await ctx.db.selectFrom('participants').select('id').where('muted_at', 'is not', null).execute()).length;
    expect((await portal.post(path, { intent: 'mute' })).location).toBe(`${path}#mute`);
    expect(await muted()).toBe(1);
    await portal.post(path, { intent: 'unmute' });
    expect(await muted()).toBe(0);
    expect((await portal.post(path, { intent: 'leave' })).location).toBe(`${path}#leave`);
    expect(await leftAt(world)).toEqual(['Aigul Author']);
    await portal.post(path, { intent: 'come-back' });
    expect(await leftAt(world)).toEqual([]);
    // Whoever was forwarded the mail speaks for nobody.
    for (const intent of ['block', 'nobody', 'report', 'nothing'])
      expect([intent, (await portal.post(path, { intent })).status]).toEqual([intent, 400]);
    for (const table of ['blocks', 'reports'] as const)
      expect(await ctx.db.selectFrom(table).select('created_at').execute()).toEqual([]);
    await ctx.db
      .updateTable('threads')
      .set({ closed_at: ctx.clock.now().toISOString() as never })
      .execute();
    expect((await portal.get(path)).status).toBe(404);
  });
});

test('one says who may write, and when; what is wrong is told beside it', async () => {
  const { portal, author, paper } = await setUp();
  const as = author;
  const post = (fields: Record<string, string>) => portal.post('/account/letters', fields, { as });
  const wrong = await post({ lettersFrom: 'asked', quietFrom: '22:00', quietUntil: '7', quietZone: 'Nowhere' });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('A time of day looks like 22:00.');
  expect(wrong.html).toContain('Please choose a time zone from the list.');
  expect(wrong.html).toContain('value="Nowhere"');
  expect((await post({ lettersFrom: 'asked', quietFrom: '22:00' })).html).toContain('a beginning and an end');
  expect(
    (await post({ lettersFrom: 'asked', quietFrom: '22:00', quietUntil: '07:00', quietZone: 'Asia/Tashkent' })).status,
  ).toBe(303);
  const page = await portal.get('/account/letters', { as });
  expect(page.html).toMatch(/checked=""[^>]*value="asked"/);
  expect(page.html).toContain('value="Asia/Tashkent"');
  expect(page.html).toContain(paper.ref);
  expect((await post({ intent: 'paper', paper: paper.id, lettersFrom: 'nobody' })).status).toBe(303);
  expect((await post({ intent: 'paper', paper: newKey(), lettersFrom: 'nobody' })).status).toBe(404);
  expect((await portal.get(`/cas-2027/papers/${paper.ref}/message`)).html).toContain('take no messages');
});

test('in a thread one sees who reads it, mutes, leaves, comes back, blocks and unblocks', async () => {
  const { portal, author, reader, thread } = await setUp();
  const act = async (fields: Record<string, string>) => {
    expect((await portal.post(`${thread}/part`, fields, { as: author })).location).toMatch(
      new RegExp(`^${thread}#(yes|answer-body)$`),
    );
    return (await portal.get(thread, { as: author })).html;
  };
  const first = (await portal.get(thread, { as: author })).html;
  expect(first).toContain('Who can read this');
  expect(first).toContain('Aigul Author (you)');
  const person = /name="person" value="([^"]+)"/.exec(first)![1]!;
  expect(await act({ intent: 'mute' })).toContain('You get no mail of this conversation.');
  const left = await act({ intent: 'leave' });
  expect(left).toContain('To write in it, come back first.');
  // At hand beside the sentence, and among the rules below.
  expect(left.match(/value="come-back"/g)).toHaveLength(2);
  expect((await portal.get(thread, { as: reader })).html).toContain('has left');
  expect(await act({ intent: 'come-back' })).toContain('Your answer');
  const blocked = await act({ intent: 'block', person });
  expect(blocked).toContain('blocked by you');
  // Kept as evidence, folded, and with the way to report it.
  const [open, folded] = blocked.split('1 message from people whom you have blocked');
  expect(open).not.toContain('Which archive?');
  expect(folded).toContain('Which archive?');
  const report = /\/report\/[\w-]{36}/.exec(folded!)![0];
  expect((await portal.get(thread + report, { as: author })).text).toContain('Which archive?');
  const list = (await portal.get('/cas-2027/messages', { as: author })).html;
  expect(list).not.toContain('Which archive?');
  expect(list).toContain('1 conversation with people whom you have blocked');
  expect((await portal.get('/account/letters', { as: author })).html).toContain('Unblock Rano Reader');
  expect(await act({ intent: 'unblock', person })).toContain('Which archive?');
  expect((await portal.post(`${thread}/part`, { intent: 'block', person: newKey() }, { as: author })).status).toBe(404);
  expect((await portal.post(`${thread}/part`, { intent: 'x' }, { as: author })).status).toBe(400);
});

test('the zone of quiet hours is a list, the conferences’ first, and an old name stays chosen', async () => {
  const { portal, ctx, author } = await setUp();
  const select = async () =>
    /<select[^>]*name="quietZone".*?<\/select>/s.exec((await portal.get('/account/letters', { as: author })).html)![0];
  const first = await select();
  expect(first).toContain(
    '<optgroup label="Likely"><option value="Asia/Almaty">Almaty (UTC+05:00)</option></optgroup>',
  );
  expect(first).toContain('<option value="Asia/Kolkata" data-also="Asia/Calcutta">Kolkata (UTC+05:30)</option>');
  expect(first).not.toContain('selected');
  await ctx.db
    .updateTable('accounts')
    .set({ quiet_from: '22:00', quiet_until: '07:00', quiet_zone: 'Asia/Calcutta' })
    .where('id', '=', author.accountId)
    .execute();
  expect(await select()).toContain('<option value="Asia/Calcutta" selected="">Calcutta (UTC+05:30)</option>');
});

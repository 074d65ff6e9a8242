import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/open';
import { dump } from '../support/dump';
import { openPortal } from '../support/portal';
import { makeConference, makePerson, makeSubmission, newKey, proofOfWork } from '../support/world';

test('while another process holds the database, pages are read and forms can be sent again, losing nothing', async () => {
  const portal = await openPortal();
  const world = await makeConference(portal.ctx);
  const author = await portal.signIn(await makePerson(portal.ctx, 'Aigul Author'));
  const paper = await makeSubmission(portal.ctx, world, author, { state: 'published' });
  const other = openDatabase(portal.ctx.databaseUrl);
  await sql`begin immediate`.execute(other);
  const before = await dump(portal.ctx.db);

  expect((await portal.get(`/cas-2027/papers/${paper.ref}`, { as: author })).status).toBe(200);
  const draft = {
    intent: 'draft',
    title: 'Title & <more>',
    abstract: 'First line\n\n  “Second” line',
    formatId: world.formats[0]!.id,
    themeId: world.themes[0]!.id,
    'authors[0].name': '王小明',
    'authors[0].address': 'xiaoming@authors.example',
    'authors[0].contactable': 'on',
  };
  const message = { key: newKey(), to: paper.authors[0]!.id as string, subject: 'S', body: 'B\nC' };
  const write = `/cas-2027/papers/${paper.ref}/message`;
  const star = `/cas-2027/papers/${paper.ref}/star`;
  const forms: [string, Record<string, string>, typeof author?][] = [
    ['/cas-2027/submit', draft, author],
    [`${write}?from=page`, message, author],
    [write, { ...message, name: 'Gita', address: 'gita@guests.example', proof: await proofOfWork(portal.ctx) }],
    [star, { starred: '1', back: '/cas-2027/programme' }, author],
    // Kept for after signing in, if it could be.
    ['/cas-2027/submit', draft],
    ['/sign-in', { address: author.address, next: '/account' }],
  ];
  const answers = await Promise.all(forms.map(([path, fields, as]) => portal.post(path, fields, { as })));
  for (const [index, answer] of answers.entries()) {
    const [path, fields] = forms[index]!;
    expect([path, answer.status, answer.heading]).toEqual([path, 503, 'The portal cannot save anything right now']);
    expect(answer.headers.get('retry-after')).toBe('5');
    const [retry] = answer.forms().filter((form) => form.html.includes('Try again'));
    expect(retry!.action).toBe(path);
    expect(retry!.fields).toEqual(Object.entries(fields));
  }
  const password = await portal.post('/sign-in', { address: author.address, password: 'a password that is secret' });
  expect(password.status).toBe(503);
  expect(password.html).not.toContain('a password that is secret');
  expect(await dump(portal.ctx.db)).toEqual(before);
  expect(portal.ctx.logged.join('')).not.toContain('"level":50');

  await sql`rollback`.execute(other);
  await other.destroy();
  const [first] = answers;
  const retry = first!.forms().find((form) => form.html.includes('Try again'))!;
  const saved = await portal.post(retry.action, retry.fields, { as: author });
  expect([saved.status, saved.location]).toEqual([303, '/cas-2027/submissions/T0002']);
  const form = (await portal.get(saved.location!, { as: author })).form('title');
  expect(form.fields).toEqual(
    expect.arrayContaining([
      ['title', draft.title],
      ['abstract', draft.abstract],
    ]),
  );
}, 60_000);

test('a database that is gone is a 503 in the look of the site, and the log says so', async () => {
  const portal = await openPortal({ engine: 'postgres' });
  await makeConference(portal.ctx);
  const gone = openDatabase('postgres://nobody:nothing@127.0.0.1:9/none');
  // As when the server is stopped: connections are refused.
  Object.assign(portal.app, { db: gone });
  for (const answer of [
    await portal.get('/cas-2027/programme'),
    await portal.post('/sign-in', { address: 'a@b.example' }),
  ]) {
    expect([answer.status, answer.heading]).toEqual([503, 'The portal cannot save anything right now']);
    expect(answer.headers.get('retry-after')).toBe('5');
  }
  expect(portal.ctx.logged.join('')).toContain('database not available');
  await gone.destroy();
});

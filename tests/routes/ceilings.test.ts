import { expect, test } from 'vitest';
import { newId } from '#db/ids';
import { write } from '#db/write';
import { countAttempt, LIMITS } from '~/domain/account/limits.server';
import { sendMessage } from '~/domain/message/commands.server';
import { MAX_SUBMISSIONS } from '~/domain/submission/commands.server';
import { openPortal } from '../support/portal';
import { scripts } from '../support/scripts';
import { makeConference, makePerson, makeSubmission, newKey } from '../support/world';

async function setUp() {
  const portal = await openPortal();
  const world = await makeConference(portal.ctx);
  const author = await portal.signIn(await makePerson(portal.ctx, 'Aigul Author'));
  const draft = {
    title: 'Канал',
    abstract: 'Words that must not be lost',
    formatId: world.formats[0]!.id,
    themeId: world.themes[0]!.id,
    'authors[0].name': 'Aigul Author',
    'authors[0].me': 'on',
    intent: 'draft',
  };
  return { portal, ctx: portal.ctx, world, author, draft };
}

test('whoever has entered as many submissions as one may is told so, with what they typed', async () => {
  const { portal, ctx, world, author, draft } = await setUp();
  await makeSubmission(ctx, world, author, { state: 'draft' });
  const [first] = await ctx.db.selectFrom('submissions').selectAll().execute();
  for (let seq = 10; seq < MAX_SUBMISSIONS + 9; seq++)
    await ctx.db
      .insertInto('submissions')
      .values({ ...first!, id: newId(), seq, ref: `X${seq}`, form_key: null })
      .execute();
  const refused = await portal.post('/cas-2027/submit', { ...draft, key: newKey() }, { as: author });
  expect(refused.status).toBe(429);
  expect(refused.text).toContain('You have entered 100 submissions here already');
  expect(refused.form('title').fields).toContainEqual(['abstract', draft.abstract]);
});

test('whoever types too many addresses into a byline is told so and until when, with what they typed', async () => {
  const { portal, ctx, world, author, draft } = await setUp();
  const paper = await makeSubmission(ctx, world, author, { state: 'draft' });
  await write(ctx.db, async (trx) => {
    for (let used = 0; used < LIMITS.bylineAddress.most; used++)
      await countAttempt(trx, ctx, 'bylineAddress', paper.id);
  });
  const fields = {
    ...draft,
    baseVersion: paper.versionId,
    'authors[0].id': paper.authors[0]!.id,
    'authors[1].name': 'Cem Coauthor',
    'authors[1].address': 'cem@there.example',
  };
  const path = `/cas-2027/submissions/${paper.ref}`;
  const refused = await portal.post(path, fields, { as: author });
  expect(refused.status).toBe(429);
  expect(refused.text).toContain('A great many addresses have been typed into this byline within a day.');
  expect(refused.text).toContain('16 January 2027 at 15:00 GMT+5');
  expect(refused.form('title').fields).toContainEqual(['authors[1].name', 'Cem Coauthor']);
  const { 'authors[1].address': _, ...without } = fields;
  expect((await portal.post(path, without, { as: author })).status).toBe(303);
});

test.each(Object.entries(scripts))('a conversation in %s is on its page byte for byte', async (_script, letters) => {
  const { portal, ctx, world, author } = await setUp();
  const reader = await portal.signIn(await makePerson(ctx, 'Rano Reader'));
  const paper = await makeSubmission(ctx, world, author, { state: 'published' });
  const about = { submissionId: paper.id, versionId: paper.versionId, ref: paper.ref, title: paper.title };
  const to = [paper.authors[0]!.id as string];
  await sendMessage(ctx, world, about, await reader.viewer(), { key: newKey(), to, subject: 'S', body: 'B' });
  const { id } = await ctx.db.selectFrom('threads').select('id').executeTakeFirstOrThrow();
  for (let lead = 0; lead < 24; lead++) {
    const body = 'x'.repeat(lead) + letters.repeat(600 / letters.length).trim();
    await ctx.db.updateTable('messages').set({ body }).execute();
    const { html } = await portal.get(`/cas-2027/messages/${id}`, { as: reader });
    expect(html).toContain(body);
    expect(html).not.toMatch(/[\0\uFFFD]/);
  }
});

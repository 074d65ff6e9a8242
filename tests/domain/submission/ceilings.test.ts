import { describe, expect, test } from 'vitest';
import { newId } from '#db/ids';
import { LIMITS } from '~/domain/account/limits.server';
import { DAY } from '~/domain/clock';
import { createSubmission, editSubmission, MAX_SUBMISSIONS } from '~/domain/submission/commands.server';
import { submissionByRef } from '~/domain/submission/queries.server';
import { submissionSchema } from '~/domain/submission/schema';
import { testContext } from '../../support/context';
import { type Engine, engines } from '../../support/database';
import { makeConference, makePerson, makeSubmission, newKey } from '../../support/world';

async function setUp(engine: Engine) {
  const ctx = await testContext({ engine });
  const world = await makeConference(ctx);
  const author = await makePerson(ctx, 'Aigul Author');
  const input = (fields: object) =>
    submissionSchema(world).parse({
      intent: 'draft',
      title: 'Water',
      abstract: 'Who shares it?',
      formatId: world.formats[0]!.id,
      themeId: world.themes[0]!.id,
      authors: [{ name: author.name, me: true }],
      ...fields,
    });
  return { ctx, world, author, input };
}

describe.each(engines)('ceilings on %s', (engine) => {
  test('one person enters so many submissions at one conference, and no more; one sent again is none', async () => {
    const { ctx, world, author, input } = await setUp(engine);
    const viewer = await author.viewer();
    const key = newKey();
    expect(await createSubmission(ctx, world, viewer, input({ key }))).toMatchObject({ ok: true });
    const [first] = await ctx.db.selectFrom('submissions').selectAll().execute();
    for (let seq = 10; seq < MAX_SUBMISSIONS + 9; seq++)
      await ctx.db
        .insertInto('submissions')
        .values({ ...first!, id: newId(), seq, ref: `X${seq}`, form_key: null })
        .execute();
    const before = await ctx.db.selectFrom('conferences').select('next_ref').execute();
    expect(await createSubmission(ctx, world, viewer, input({}))).toEqual({ ok: false, reason: 'enough' });
    // Nothing was used up, what is there can be edited, and others go on.
    expect(await ctx.db.selectFrom('conferences').select('next_ref').execute()).toEqual(before);
    expect(await createSubmission(ctx, world, viewer, input({ key, title: 'Trust' }))).toMatchObject({ ok: true });
    const other = await makePerson(ctx, 'Other Author');
    expect(await createSubmission(ctx, world, await other.viewer(), input({}))).toMatchObject({ ok: true });
  });

  test('a byline takes so many new addresses a day; what it has already counts no more', async () => {
    const { ctx, world, author, input } = await setUp(engine);
    const paper = await makeSubmission(ctx, world, author, { state: 'draft' });
    const viewer = await author.viewer();
    const save = async (round: number, count: number) => {
      const { version } = (await submissionByRef(ctx.db, world.id, paper.ref))!;
      const authors = [
        { name: author.name, me: true, id: paper.authors[0]!.id },
        ...Array.from({ length: count }, (_, n) => ({ name: `Author ${n}`, address: `a${round}.${n}@there.example` })),
      ];
      return editSubmission(ctx, world, viewer, paper.ref, input({ authors, baseVersion: version.id }));
    };
    const half = Math.floor(LIMITS.bylineAddress.most / 4);
    for (const round of [1, 2, 3, 4]) expect(await save(round, half)).toMatchObject({ ok: true });
    expect(await save(4, half)).toMatchObject({ ok: true });
    const mailboxes = async () => (await ctx.db.selectFrom('mailboxes').select('id').execute()).length;
    const before = await mailboxes();
    expect(await save(5, 1)).toEqual({
      ok: false,
      reason: 'limit',
      limit: 'bylineAddress',
      retryAt: new Date(ctx.clock.now().getTime() + DAY),
    });
    expect(await mailboxes()).toBe(before);
    ctx.clock.advance(DAY + 1);
    expect(await save(5, 1)).toMatchObject({ ok: true });
  });
});

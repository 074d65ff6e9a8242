import { describe, expect, test } from 'vitest';
import { sayYes } from '~/domain/authorship/commands.server';
import { createSubmission, editSubmission } from '~/domain/submission/commands.server';
import { submissionByRef } from '~/domain/submission/queries.server';
import { submissionSchema } from '~/domain/submission/schema';
import { askedToken, type Line } from '../../support/authorship';
import { testContext } from '../../support/context';
import { type Engine, engines } from '../../support/database';
import { makeConference, makePerson, makeSubmission } from '../../support/world';

const TIMUR = 'timur@authors.example';

/** A paper whose co-author has corrected their line after its submitter has opened the form. */
async function corrected(engine: Engine) {
  const ctx = await testContext({ engine });
  const world = await makeConference(ctx);
  const aigul = await makePerson(ctx, 'Aigul Author');
  const { ref, versionId, authors } = await makeSubmission(ctx, world, aigul, {
    authors: [{ name: aigul.name, me: true }, { name: 'Timur', address: TIMUR, contactable: true }, { name: 'Third' }],
  });
  const read: Line[] = authors.map(({ id, name, accountId }) => ({ id, name, me: accountId !== null }));
  read[1] = { ...read[1]!, contactable: true };
  const line = { name: 'Timur', affiliation: 'Nine Institute', contactable: true, base: versionId as string };
  expect(await sayYes(ctx, await askedToken(ctx, TIMUR), null, line)).toMatchObject({ ok: true });
  const save = async (lines: Line[]) => {
    const { version } = (await submissionByRef(ctx.db, world.id, ref))!;
    const { title, abstract, formatId, themeId } = version;
    const text = { intent: 'save', title, abstract, formatId, themeId, baseVersion: versionId };
    const input = submissionSchema(world).parse({ ...text, authors: lines });
    return editSubmission(ctx, world, await aigul.viewer(), ref, input);
  };
  const byline = async () =>
    (await submissionByRef(ctx.db, world.id, ref))!.authors.map(({ name, affiliation, state }) => [
      name,
      affiliation,
      state,
    ]);
  return { read, save, byline };
}

describe.each(engines)('two at one byline, on %s', (engine) => {
  test('who has touched other lines keeps theirs, and a new author comes with them', async () => {
    const { read, save, byline } = await corrected(engine);
    const mine = [read[0]!, read[1]!, { ...read[2]!, name: 'Third Author' }, { name: 'Fourth' }];
    expect(await save(mine)).toMatchObject({ ok: true, taken: ['authors'] });
    expect(await byline()).toEqual([
      ['Aigul Author', '', 'confirmed'],
      ['Timur', 'Nine Institute', 'confirmed'],
      ['Third Author', '', 'listed'],
      ['Fourth', '', 'listed'],
    ]);
  });

  test('who has touched the same line is shown both', async () => {
    const { read, save, byline } = await corrected(engine);
    const mine = [read[0]!, { ...read[1]!, affiliation: 'Ten Institute' }, read[2]!];
    expect(await save(mine)).toMatchObject({ ok: false, reason: 'stale', conflicts: ['authors'] });
    expect((await byline())[1]).toEqual(['Timur', 'Nine Institute', 'confirmed']);
  });

  test('one’s own address is nobody else’s: that is told beside it, and nothing is saved', async () => {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const aigul = await makePerson(ctx, 'Aigul Author');
    const input = submissionSchema(world).parse({
      intent: 'submit',
      title: 'Water',
      abstract: 'Who shares it?',
      formatId: world.formats[0]!.id,
      themeId: world.themes[0]!.id,
      authors: [
        { name: aigul.name, me: true },
        { name: 'Prof.dr.sc. Ivan Horvat', address: aigul.address },
      ],
    });
    expect(await createSubmission(ctx, world, await aigul.viewer(), input)).toEqual({
      ok: false,
      reason: 'own-address',
      author: 1,
    });
    expect(await ctx.db.selectFrom('submissions').select('id').execute()).toEqual([]);
  });
});

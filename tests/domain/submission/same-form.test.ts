import { describe, expect, test } from 'vitest';
import type { Viewer } from '~/domain/account/viewer';
import { createSubmission, editSubmission } from '~/domain/submission/commands.server';
import { submissionByRef } from '~/domain/submission/queries.server';
import { submissionSchema } from '~/domain/submission/schema';
import { type Line, yesFrom } from '../../support/authorship';
import { testContext } from '../../support/context';
import { engines } from '../../support/database';
import { letters } from '../../support/inbox';
import { makeConference, makePerson, newKey } from '../../support/world';

const TIMUR = 'timur@authors.example';
const me: Line = { name: 'Aigul Author', me: true, contactable: true };
const timur: Line = { name: 'Timur Coauthor', address: TIMUR, contactable: true };

describe.each(engines)('the same form, on %s', (engine) => {
  async function setUp() {
    const ctx = await testContext({ engine });
    const world = await makeConference(ctx);
    const person = await makePerson(ctx, 'Aigul Author');
    const viewer = await person.viewer();
    const form = (fields: object) =>
      submissionSchema(world).parse({
        intent: 'submit',
        title: 'Snow and paper',
        abstract: 'Words.',
        formatId: world.formats[0]!.id,
        themeId: world.themes[0]!.id,
        ...fields,
      });
    const current = async () => (await submissionByRef(ctx.db, world.id, 'T0001'))!;
    const edit = (fields: object, by: Viewer = viewer) =>
      editSubmission(ctx, world, by, 'T0001', form({ intent: 'save', ...fields }));
    return { ctx, world, viewer, form, current, edit };
  }

  test.each([
    ['its submitter', [me]],
    ['somebody who enters it for others', [timur]],
  ])('pressed twice at the same moment by %s, it makes one submission', async (_, authors: Line[]) => {
    const { ctx, world, viewer, form } = await setUp();
    const key = newKey();
    await Promise.all([1, 2, 3].map(() => createSubmission(ctx, world, viewer, form({ key, authors }))));
    expect(await ctx.db.selectFrom('submissions').select('ref').execute()).toEqual([{ ref: 'T0001' }]);
  });

  test('sent again after Back, its lines are the people whom it has named, who are not asked twice', async () => {
    const { ctx, world, viewer, form, current } = await setUp();
    const key = newKey();
    const send = (authors: Line[]) => createSubmission(ctx, world, viewer, form({ key, authors }));
    await send([me, timur]);
    const before = (await current()).authors;
    await yesFrom(ctx, TIMUR);
    // Once more the same, then with somebody between, and that too once more.
    for (const authors of [
      [me, timur],
      [me, { name: 'Dana Third', contactable: true }, timur],
      [me, { name: 'Dana Third', contactable: true }, timur],
    ])
      expect(await send(authors)).toMatchObject({ ok: true, ref: 'T0001' });
    const { authors, version } = await current();
    expect(version.number).toBe(2);
    expect(authors.map(({ name, state }) => [name, state])).toEqual([
      ['Aigul Author', 'confirmed'],
      ['Dana Third', 'listed'],
      ['Timur Coauthor', 'confirmed'],
    ]);
    expect([authors[0]!.id, authors[2]!.id]).toEqual(before.map(({ id }) => id));
    expect(await letters(ctx, TIMUR)).toHaveLength(1);
  });

  test('an author who is added is added once, also where the answer was lost', async () => {
    const { ctx, world, viewer, form, current, edit } = await setUp();
    await createSubmission(ctx, world, viewer, form({ authors: [me] }));
    const { version, authors } = await current();
    const added = { baseVersion: version.id, authors: [{ ...me, id: authors[0]!.id }, timur] };
    for (let sent = 0; sent < 2; sent++) expect(await edit(added)).toMatchObject({ ok: true });
    expect((await current()).version.number).toBe(2);
    expect(await letters(ctx, TIMUR)).toHaveLength(1);
  });

  test('whether readers may write is not silently set back by a form that others have overtaken', async () => {
    const { ctx, world, viewer, form, current, edit } = await setUp();
    await createSubmission(ctx, world, viewer, form({ authors: [me, timur] }));
    const { version, authors } = await current();
    const [first, second] = authors.map(({ id }) => id);
    const byline = (contactable: boolean) => [
      { ...me, id: first },
      { name: timur.name, id: second, contactable },
    ];
    expect(await edit({ baseVersion: version.id, authors: byline(false) })).toMatchObject({ ok: true });
    const old = { baseVersion: version.id, title: 'Another title', authors: byline(true) };
    expect(await edit(old)).toMatchObject({ ok: false, reason: 'stale', conflicts: ['authors'] });
    // Once he has said yes it is his to say, and no form's.
    await yesFrom(ctx, TIMUR);
    expect(await edit(old)).toMatchObject({ ok: true });
    expect((await current()).authors[1]).toMatchObject({ state: 'confirmed', contactable: false });
  });
});

import { expect, test } from 'vitest';
import { migrate } from '#db/migrate';
import { engines } from '../support/database';
import { day, openOldPortal } from '../support/old-portal';

test.each(engines)('0008 on %s: conversations of a portal of before keep to what was published', async (engine) => {
  const { db, insert } = await openOldPortal(engine, '0006-disclosure');
  await insert('accounts', { id: 'a', name: 'Aigul Author', created_at: day(1) });
  await insert('conferences', {
    id: 'c',
    number: 1,
    slug: 'c',
    name: 'C',
    time_zone: 'UTC',
    ref_prefix: 'T',
    created_at: day(1),
  });
  await insert('formats', { id: 'f', conference_id: 'c', name: 'Talk', word_limit: 100, position: 1 });
  await insert('themes', { id: 't', conference_id: 'c', name: 'Water', position: 1 });
  const paper = async (id: string, seq: number, state: string, versions: [string, number][], published?: string) => {
    await insert('submissions', {
      id,
      conference_id: 'c',
      ref: `T${seq}`,
      seq,
      state,
      current_version_id: versions.at(-1)![0],
      submitter_id: id === 'imported' ? null : 'a',
      created_at: day(1),
      updated_at: day(9),
    });
    for (const [index, [version, saved]] of versions.entries())
      await insert('submission_versions', {
        id: version,
        submission_id: id,
        number: index + 1,
        title: version,
        abstract: '',
        markup: 'plain',
        format_id: 'f',
        theme_id: 't',
        keywords: '[]',
        language: '',
        saved_at: day(saved),
      });
    if (published)
      await insert('papers', {
        submission_id: id,
        conference_id: 'c',
        version_id: published,
        position: seq,
        format_id: 'f',
        theme_id: 't',
        published_at: day(2),
      });
  };
  const thread = (id: string, submission: string, began: number) =>
    insert('threads', { id, conference_id: 'c', submission_id: submission, subject: id, created_at: day(began) });
  await paper('public', 1, 'accepted', [['p1', 1], ['p2', 4]], 'p2'); // biome-ignore format: one paper a line
  await thread('of what is public', 'public', 3);
  // Published as d2, talked about, withdrawn, made a draft again and written anew.
  await paper('draft', 2, 'draft', [['d1', 1], ['d2', 2], ['d3', 8]]); // biome-ignore format: one paper a line
  await thread('of what is a draft again', 'draft', 5);
  await paper('gone', 3, 'withdrawn', [['g1', 1]]);
  await paper('imported', 4, 'withdrawn', [['i1', 6]]);
  // Clocks go back at times.
  await thread('before its paper', 'imported', 5);

  expect(await migrate(db)).toContain('0008-thread-titles');
  const shown = await db.selectFrom('threads').select(['id', 'version_id']).orderBy('id').execute();
  expect(Object.fromEntries(shown.map((row) => [row.id, row.version_id]))).toEqual({
    'of what is public': 'p2',
    'of what is a draft again': 'd2',
    'before its paper': 'i1',
  });
  const withdrawn = await db.selectFrom('submissions').select(['id', 'withdrawn_by']).execute();
  expect(Object.fromEntries(withdrawn.map((row) => [row.id, row.withdrawn_by]))).toEqual({
    public: null,
    draft: null,
    gone: 'a',
    imported: null,
  });
});

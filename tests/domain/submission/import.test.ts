import { beforeEach, describe, expect, it } from 'vitest';
import { createConference } from '~/domain/conference/commands.server';
import { type Conference, conferenceBySlug, formatsOf, themesOf } from '~/domain/conference/queries.server';
import { paperByRef, programmePage } from '~/domain/programme/queries.server';
import { parseProgrammeQuery } from '~/domain/programme/schema';
import { importPapers } from '~/domain/submission/import.server';
import { type TestContext, testContext } from '../../support/context';
import { engines } from '../../support/database';

type Fields = Record<string, unknown>;

const paper = (fields: Fields = {}) =>
  JSON.stringify({
    ref: 'A1',
    title: 'A title',
    format: 'Paper',
    theme: 'Rivers',
    authors: [],
    abstract: 'Words.',
    ...fields,
  });

describe.each(engines)('import on %s', (engine) => {
  let ctx: TestContext;
  let conference: Conference;

  beforeEach(async () => {
    ctx = await testContext({ engine });
    await createConference(ctx, { slug: 'conf', name: 'Conf', timeZone: 'UTC', refPrefix: 'T' });
    conference = await reread();
  });

  async function reread(): Promise<Conference> {
    return (await conferenceBySlug(ctx.db, 'conf'))!;
  }

  const add = (...lines: (string | Uint8Array)[]) => importPapers(ctx, conference, lines);
  const read = async (ref = 'A1') => (await paperByRef(ctx.db, conference.id, ref, null))!;

  it('publishes papers with the formats and themes that they name', async () => {
    const result = await add(
      paper({
        authors: [{ name: 'Ann Example', affiliation: 'U', presenter: true, orcid: '0000-0002-1825-0097' }],
        keywords: ['x', 'y', 'x', ' '],
        language: 'en',
      }),
      '',
      paper({ ref: 'A2', format: '', theme: '' }),
    );
    expect(result).toEqual({ added: 2, unchanged: 0, rejected: [], warnings: [] });
    expect(await read()).toMatchObject({
      title: 'A title',
      format: 'Paper',
      theme: 'Rivers',
      keywords: ['x', 'y'],
      language: 'en',
      markup: 'plain',
      contactable: false,
      authors: [{ name: 'Ann Example', affiliation: 'U', presenter: true, orcid: '0000-0002-1825-0097' }],
    });
    expect((await formatsOf(ctx.db, conference.id)).map((format) => format.name)).toEqual(['Paper', 'Unspecified']);
    expect((await themesOf(ctx.db, conference.id)).map((theme) => theme.name)).toEqual(['Rivers', 'Unspecified']);
    const found = await programmePage(
      ctx.db,
      conference,
      parseProgrammeQuery(new URLSearchParams({ q: 'example rivers words' })),
      null,
    );
    expect(found.papers).toEqual([]);
    const byAuthor = await programmePage(
      ctx.db,
      conference,
      parseProgrammeQuery(new URLSearchParams({ q: 'ann words' })),
      null,
    );
    expect(byAuthor.papers.map((line) => line.ref)).toEqual(['A1']);
  });

  it('changes nothing the second time, not even the version of the content', async () => {
    const lines = Array.from({ length: 450 }, (_, index) =>
      paper({ ref: `A${index}`, authors: [{ name: `Author ${index}`, email: `a${index}@example.org` }] }),
    );
    expect((await add(...lines)).added).toBe(450);
    const before = await everything();
    ctx.clock.advance(1_000);
    expect(await add(...lines)).toEqual({ added: 0, unchanged: 450, rejected: [], warnings: [] });
    expect(await everything()).toEqual(before);
  });

  async function everything() {
    const tables = [
      'conferences',
      'formats',
      'themes',
      'submissions',
      'submission_versions',
      'version_authors',
      'papers',
      'mailboxes',
    ] as const;
    return Promise.all(tables.map((table) => ctx.db.selectFrom(table).selectAll().execute()));
  }

  it('keeps the text as it was found, but for what could hide or reorder it', async () => {
    const decomposed = 'Cafe\u0301 \u0627\u0644\u0639';
    await add(
      paper({
        title: `One\rtwo\n${decomposed} <b>bold</b> &amp;amp; $x^2$\u202E`,
        abstract:
          'First\r\nsecond\rthird\fpage\u0000\u0007 <script>alert(1)</script>\u2066x\u2069 𝒳 \uFFFD می\u200Cخواهم',
        authors: [
          { name: 'Ze\u0308 \u200BTest\u00AD-\u202Ename', affiliation: 'A\tB' },
          { name: ' ', affiliation: '' },
          { name: '', affiliation: 'Only a place' },
        ],
      }),
    );
    expect(await read()).toMatchObject({
      title: `One two ${decomposed} <b>bold</b> &amp;amp; $x^2$`,
      abstract: 'First\nsecond\nthird\npage <script>alert(1)</script>x 𝒳 \uFFFD می\u200Cخواهم',
      authors: [
        { name: 'Ze\u0308 Test-name', affiliation: 'A B' },
        { name: '', affiliation: 'Only a place' },
      ],
    });
  });

  it('takes what a form would not', async () => {
    const result = await add(
      paper({
        title: '',
        abstract: '',
        theme: 'ж'.repeat(2_000),
        authors: Array.from({ length: 200 }, (_, index) => ({
          name: `${index} ${'n'.repeat(400)}`,
          email: `n${index}@example.org`,
        })),
      }),
      paper({
        ref: 'A/2 ?#',
        title: 't'.repeat(2_000),
        abstract: 'word '.repeat(39_999),
        keywords: null,
        authors: null,
      }),
    );
    expect(result).toMatchObject({
      added: 2,
      rejected: [],
      warnings: [{ line: 1, reason: 'theme: longer than a name can be; shortened' }],
    });
    expect((await read()).authors).toHaveLength(200);
    expect((await read()).theme).toMatch(/^ж{1000,}…$/);
    expect((await read('A/2 ?#')).title).toHaveLength(2_000);
  });

  it('reports each bad line with its number and a reason, and takes the rest', async () => {
    const result = await add(
      paper(),
      '{"ref": "secret@example.org", ',
      '[]',
      paper({ ref: '' }),
      paper({ ref: undefined }),
      paper({ ref: 7 }),
      paper({ ref: '..' }),
      paper({ title: 'again' }),
      paper({ ref: 'B', authors: [{ name: 3 }] }),
      paper({ ref: 'C', abstract: 'x'.repeat(200_001) }),
      paper({ ref: 'D', session: { notes: 'x'.repeat(5_000_000) } }),
      new Uint8Array([0x7b, 0xff, 0x7d]),
      paper({ ref: 'E', markup: 'html' }),
      new TextEncoder().encode(`\uFEFF${paper({ ref: 'F' })}\r`),
    );
    expect(result.added).toBe(2);
    expect(result.rejected.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    const reasons = Object.fromEntries(result.rejected.map(({ line, reason }) => [line, reason]));
    expect(reasons).toMatchObject({
      2: 'not valid JSON',
      4: 'ref: must not be empty',
      7: 'ref: cannot stand in a web address',
      8: 'has the same ref as line 1',
      11: 'longer than 5 MB',
      12: 'not UTF-8',
    });
    expect(reasons[6]).toMatch(/^ref: .*string/);
    expect(reasons[9]).toMatch(/^authors\[0\]\.name: .*string/);
    expect(reasons[10]).toMatch(/^abstract: .*200000/);
  });

  it('makes authors with an address reachable, on the word of the conference', async () => {
    const result = await add(
      paper({
        authors: [
          { name: 'Known', email: 'Known@Example.org' },
          { name: 'Same person', email: 'known@example.org' },
          { name: 'Wrong', email: 'not an address', orcid: '0000-0002-1825-0098' },
          { name: 'Stray <stray@example.org>', affiliation: 'Dept., stray@example.org' },
        ],
      }),
    );
    expect(result.warnings.map(({ reason }) => reason)).toEqual([
      'authors[2].orcid: not an ORCID iD (its check digit is wrong); left out',
      'authors[2].email: not a mail address that the portal can write to; left out',
      'authors[3].name: held a mail address, which was taken out',
      'authors[3].affiliation: held a mail address, which was taken out',
    ]);
    expect(JSON.stringify(result) + ctx.logged.join('')).not.toMatch(/known@example|stray@|not an address/i);
    const rows = await ctx.db
      .selectFrom('version_authors')
      .innerJoin('authors', 'authors.id', 'version_authors.author_id')
      .select(['name', 'affiliation', 'contactable', 'mailbox_id', 'orcid', 'state'])
      .orderBy('position')
      .execute();
    expect(rows.map(({ name, contactable }) => [name, contactable])).toEqual([
      ['Known', 1],
      ['Same person', 1],
      ['Wrong', 0],
      ['Stray', 0],
    ]);
    expect(rows[0]!.mailbox_id).toBe(rows[1]!.mailbox_id);
    expect(rows.map(({ state }) => state)).toEqual(['confirmed', 'confirmed', 'listed', 'listed']);
    expect(rows[2]).toMatchObject({ mailbox_id: null, orcid: null });
    expect(rows[3]!.affiliation).toBe('Dept.');
    const boxes = await ctx.db.selectFrom('mailboxes').select(['address_key', 'verified_at']).execute();
    expect(boxes).toEqual([{ address_key: 'known@example.org', verified_at: '2027-01-15T10:00:00.000Z' }]);
    expect((await read()).contactable).toBe(true);
  });

  it('numbers on behind references of its own form, and never past them twice', async () => {
    await add(paper({ ref: 'T0002' }), paper({ ref: 'T0120' }), paper({ ref: 'X9' }));
    const row = await ctx.db.selectFrom('conferences').select('next_ref').executeTakeFirstOrThrow();
    expect(row.next_ref).toBe(121);
    await add(paper({ ref: 'Y1' }));
    const seqs = await ctx.db.selectFrom('submissions').select(['ref', 'seq']).orderBy('seq').execute();
    expect(seqs.map(({ ref, seq }) => [ref, seq])).toEqual([
      ['T0002', 1],
      ['T0120', 2],
      ['X9', 3],
      ['Y1', 121],
    ]);
  });

  it('lets two imports of the same papers run at once', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => paper({ ref: `A${index}` }));
    const results = await Promise.all([add(...lines), add(...lines)]);
    expect(results.map((result) => result.added + result.unchanged)).toEqual([300, 300]);
    expect(results[0]!.added + results[1]!.added).toBe(300);
  });

  it('hands on what came before the lines broke off', async () => {
    async function* broken() {
      yield paper();
      throw new Error('cut');
    }
    await expect(importPapers(ctx, conference, broken())).rejects.toThrow('cut');
    expect(await read()).toBeTruthy();
  });

  it('says how far it is', async () => {
    const seen: number[] = [];
    const lines = Array.from({ length: 401 }, (_, index) => paper({ ref: `A${index}` }));
    await importPapers(ctx, conference, lines, { onProgress: ({ added }) => seen.push(added) });
    expect(seen).toEqual([200, 400, 401]);
  });
});

it('keeps all but one paper where PostgreSQL cannot index that one', async () => {
  const ctx = await testContext({ engine: 'postgres' });
  await createConference(ctx, { slug: 'conf', name: 'Conf', timeZone: 'UTC', refPrefix: 'T' });
  const conference = (await conferenceBySlug(ctx.db, 'conf'))!;
  // Letters of four bytes in words that all differ: more than the megabyte that a tsvector holds.
  const word = (index: number) =>
    [1, 40, 1_600, 64_000].map((place) => String.fromCodePoint(0x10428 + (Math.floor(index / place) % 40))).join('');
  const words = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => word(from + index)).join(' ');
  const authors = Array.from({ length: 200 }, (_, index) => ({
    name: 'Ann',
    affiliation: words(22_000 + index * 220, 220),
  }));
  const lines = [paper(), paper({ ref: 'big', abstract: words(0, 22_000), authors }), paper({ ref: 'A3' })];
  const result = await importPapers(ctx, conference, lines);
  expect(result).toMatchObject({
    added: 2,
    rejected: [{ line: 2, reason: 'has more different words than PostgreSQL can search' }],
  });
});

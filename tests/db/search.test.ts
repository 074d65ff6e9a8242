import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { indexPapers, type MatchOptions, paperMatch, unindexPapers } from '#db/search/papers';
import { type TestContext, testContext } from '../support/context';
import { engines } from '../support/database';

const PAPERS: Record<number, string> = {
  1: 'Müller’s Größe und die Brücken von São Paulo',
  2: 'Migration, trust and the borders of the Fergana Valley',
  3: 'Migrants trust borders',
  4: '東京の水道と都市計画',
  5: 'كِتَابٌ عن المـــياه في آسيا',
  6: 'می‌خواهم دربارهٔ آب بنویسم',
  7: 'Вода и границы в Ферганской долине: чёрный ёж',
  8: 'हिन्दी में जल और सीमाएँ',
  9: "O'Brien reads Oʻzbekiston’s archives",
  10: 'İstanbul ve ılık sular',
  11: 'น้ำและพรมแดน',
  12: 'C++ and R&D at 50% — a state-of-the-art “survey”',
};

describe.each(engines)('search on %s', (engine) => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = await testContext({ engine });
    await indexPapers(
      ctx.db,
      Object.entries(PAPERS).map(([position, text]) => ({ position: Number(position), text: [text] })),
    );
  });
  afterAll(() => ctx.close());

  async function found(typed: string, options: Partial<MatchOptions> = {}): Promise<number[] | null> {
    const match = paperMatch(ctx.db, typed, { beginnings: false, after: 0, before: 1000, ...options });
    if (!match) return null;
    const { rows } = await match.execute(ctx.db);
    return (rows as unknown as { position: number }[]).map((row) => Number(row.position)).sort((a, b) => a - b);
  }

  test.each<[string, number[]]>([
    // Accents and case
    ['muller', [1]],
    ['Müller’s', [1]],
    ['muller*', [1]],
    ['MÜLLER', [1]],
    ['brucken', [1]],
    ['SAO paulo', [1]],
    ['Größe', [1]],
    ['chernyi', []],
    ['ЧЕРНЫЙ', [7]],
    ['чёрный', [7]],
    ['вода', [7]],
    // Words that must all occur, wherever
    ['borders trust', [2, 3]],
    ['trust fergana', [2]],
    ['migration archives', []],
    // Phrases
    ['"trust borders"', [3]],
    ['"the borders"', [2]],
    // Beginnings
    ['migra*', [2, 3]],
    ['migrat*', [2]],
    ['migra', []],
    ['фер*', [7]],
    // No spaces between words
    ['東京', [4]],
    ['水道', [4]],
    ['都市計画', [4]],
    ['京水', []],
    ['พรมแดน', [11]],
    // Arabic with and without points and stretching; Persian with and without the joiner
    ['كتاب', [5]],
    ['كِتَابٌ', [5]],
    ['المياه', [5]],
    ['می‌خواهم', [6]],
    ['میخواهم', [6]],
    // Devanagari: the vowel signs belong to the word
    ['हिन्दी', [8]],
    ['सीमाएँ', [8]],
    ['हन्द', []],
    // Apostrophes of all kinds
    ["o'brien", [9]],
    ['O’Brien', [9]],
    ['obrien', [9]],
    ["o'zbekiston", [9]],
    ['Oʻzbekiston*', [9]],
    ['istanbul', [10]],
    // Marks between words
    ['state-of-the-art', [12]],
    ['r&d', [12]],
    ['50%', [12]],
    ['“survey”', [12]],
  ])('%s finds %j', async (typed, positions) => {
    expect(await found(typed)).toEqual(positions);
  });

  test.each(['', '   ', '""', '*', '" "', '- — …', '()', "'", '\u200d'])('%j is no search', async (typed) => {
    expect(await found(typed)).toBeNull();
  });

  const HOSTILE = [
    '" OR * NEAR( : \' \\ & | !',
    'AND',
    'OR',
    'NOT',
    'NEAR',
    'NEAR(a b, 2)',
    'a AND',
    '"unfinished',
    'words:trust',
    '^trust',
    'trust!',
    'a & !b',
    "'; drop table papers; --",
    'trust:*',
    '<->',
    'a <-> b',
    '\\',
    '\u0000',
    '\ud800',
    '%_%',
    '{words}: x',
    '-trust',
    '+trust',
    'x'.repeat(10_000),
    'a '.repeat(5_000),
    '"'.repeat(999),
    '((((',
    '*'.repeat(300),
    '💧',
    '\u202Etrust',
  ];
  test.each(HOSTILE.map((typed) => [typed.slice(0, 40), typed]))('%j is searched for, not obeyed', async (_, typed) => {
    const positions = await found(typed);
    expect(positions === null || Array.isArray(positions)).toBe(true);
    await found(typed, { beginnings: true });
  });

  test('words that mean something to an engine are words', async () => {
    await indexPapers(ctx.db, [{ position: 50, text: ['near and or not'] }]);
    for (const word of ['near', 'NEAR', 'AND', 'OR', 'not']) expect(await found(word)).toContain(50);
    await unindexPapers(ctx.db, [50]);
    expect(await found('near')).toEqual([]);
  });

  test('no typed text makes it throw', async () => {
    const hostile = fc.string({
      unit: fc.constantFrom(...'"\'*:()&|!<>-^\\{}%_ aAоف水\u0000\u200c\ud800'),
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(hostile, fc.string({ unit: 'binary' })), fc.boolean(), async (typed, beginnings) => {
        await found(typed, { beginnings });
      }),
      { numRuns: 300 },
    );
  });

  test('a paper is found by each of its own words', async () => {
    for (const [position, text] of Object.entries(PAPERS)) {
      for (const word of text.split(/\s+/)) {
        const positions = await found(word);
        if (positions) expect(positions, word).toContain(Number(position));
      }
    }
  });

  test('keeps to its range of positions', async () => {
    expect(await found('trust', { after: 2 })).toEqual([3]);
    expect(await found('trust', { before: 3 })).toEqual([2]);
  });

  test('gives the first ones where only so many are wanted', async () => {
    expect(await found('trust', { most: 1 })).toEqual([2]);
    expect(await found('trust', { most: 1, after: 2 })).toEqual([3]);
    expect(await found('b*', { most: 2 })).toEqual([1, 2]);
    expect(await found('trust', { most: 5 })).toEqual([2, 3]);
  });

  test('what is indexed again is replaced', async () => {
    await indexPapers(ctx.db, [{ position: 60, text: ['before'] }]);
    await indexPapers(ctx.db, [{ position: 60, text: ['afterwards'] }]);
    expect(await found('before')).toEqual([]);
    expect(await found('afterwards')).toEqual([60]);
    await unindexPapers(ctx.db, [60]);
  });

  test('many papers are indexed at once', async () => {
    const papers = Array.from({ length: 500 }, (_, number) => ({
      position: 100 + number,
      text: ['bulk', `word${number}`],
    }));
    await indexPapers(ctx.db, papers);
    expect(await found('bulk')).toHaveLength(500);
    expect(await found('word77')).toEqual([177]);
    await unindexPapers(
      ctx.db,
      papers.map((paper) => paper.position),
    );
    expect(await found('bulk')).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { createConference } from '~/domain/conference/commands.server';
import { conferenceBySlug } from '~/domain/conference/queries.server';
import { programmePage } from '~/domain/programme/queries.server';
import { PAGE_SIZE, parseProgrammeQuery } from '~/domain/programme/schema';
import { importPapers } from '~/domain/submission/import.server';
import { testContext } from '../../support/context';
import { engines } from '../../support/database';

describe.each(engines)('pages of a search on %s', (engine) => {
  test('a search that was widened to beginnings goes on to its last page', async () => {
    const { page } = await conferenceOf(PAGE_SIZE + 2, 'Migration');
    const first = await page('migr');
    expect([first.papers.length, first.beginnings]).toEqual([PAGE_SIZE, true]);
    const second = await page('migr', first.next!);
    expect([second.papers.map((paper) => paper.ref), second.next]).toEqual([['P31', 'P32'], null]);
  });

  test('behind the end of an exact search there is nothing', async () => {
    const { page } = await conferenceOf(3, 'Migration');
    const beyond = await page('migration', Number.MAX_SAFE_INTEGER);
    expect([beyond.papers, beyond.beginnings]).toEqual([[], false]);
  });

  async function conferenceOf(papers: number, title: string) {
    const ctx = await testContext({ engine });
    await createConference(ctx, { slug: 'cas', name: 'CAS', timeZone: 'UTC', refPrefix: 'T' });
    const conference = (await conferenceBySlug(ctx.db, 'cas'))!;
    const lines = Array.from({ length: papers }, (_, index) => JSON.stringify({ ref: `P${index + 1}`, title }));
    await importPapers(ctx, conference, lines);
    return {
      page: (q: string, after = 0) =>
        programmePage(ctx.db, conference, parseProgrammeQuery(new URLSearchParams({ q, after: String(after) })), null),
    };
  }
});

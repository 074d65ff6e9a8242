import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConference } from '~/domain/conference/commands.server';
import { type Conference, conferenceBySlug } from '~/domain/conference/queries.server';
import { bylines } from '~/domain/submission/byline/authors.server';
import { importPapers } from '~/domain/submission/import.server';
import { cleanLine, cleanName, cleanText } from '~/domain/text';
import { type TestContext, testContext } from '../../support/context';
import { engines } from '../../support/database';

const DATA = new URL('../../../../shared/data/', import.meta.url);
const FILES = ['epsa', 'openreview', 'multilingual', 'edge_cases'];
const isThere = existsSync(new URL('README.md', DATA));
if (!isThere) console.log('skipped: ../shared/data, the real records, are not here');

interface RealPaper {
  ref: string;
  title: string;
  abstract: string;
  keywords: string[];
  authors: { name: string; affiliation: string }[];
}

/** What a reader sees: neither control, invisible nor space characters. An oracle that shares nothing with the code. */
const visible = (text: string) => text.toWellFormed().replace(/[\p{Cc}\p{Cf}\s]/gu, '');

describe.skipIf(!isThere).each(engines)('real records on %s', (engine) => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = await testContext({ engine });
  });
  afterAll(() => ctx.close());

  it.each(FILES)(
    '%s goes in, comes back the same, and a second time changes nothing',
    { timeout: 120_000 },
    async (file) => {
      const slug = file.replace('_', '-');
      await createConference(ctx, { slug, name: file, timeZone: 'UTC', refPrefix: 'T' });
      const conference = (await conferenceBySlug(ctx.db, slug))!;
      const lines = gunzipSync(readFileSync(new URL(`${file}.jsonl.gz`, DATA)))
        .toString()
        .trimEnd()
        .split('\n');

      const began = performance.now();
      const result = await importPapers(ctx, conference, lines);
      console.log(`${file} on ${engine}: ${lines.length} papers in ${Math.round(performance.now() - began)} ms`);
      expect(result).toEqual({ added: lines.length, unchanged: 0, rejected: [], warnings: [] });

      const stored = await storedPapers(conference);
      expect(stored.size).toBe(lines.length);
      for (const line of lines) expectSame(JSON.parse(line), stored.get(JSON.parse(line).ref)!);

      const version = await contentVersion(slug);
      expect(await importPapers(ctx, conference, lines)).toEqual({
        added: 0,
        unchanged: lines.length,
        rejected: [],
        warnings: [],
      });
      expect(await contentVersion(slug)).toBe(version);
      expect(await storedPapers(conference)).toEqual(stored);
    },
  );

  function expectSame(real: RealPaper, paper: RealPaper): void {
    expect(paper.title).toBe(cleanLine(real.title));
    expect(paper.abstract).toBe(cleanText(real.abstract));
    expect(visible(paper.title)).toBe(visible(real.title));
    expect(visible(paper.abstract)).toBe(visible(real.abstract));
    const authors = real.authors.filter((author) => visible(author.name + author.affiliation));
    expect(paper.authors.map(({ name }) => name)).toEqual(authors.map(({ name }) => cleanName(name)));
    expect(paper.authors.map(({ name }) => visible(name))).toEqual(authors.map(({ name }) => visible(name)));
    expect(paper.authors.map(({ affiliation }) => visible(affiliation))).toEqual(
      authors.map(({ affiliation }) => visible(affiliation)),
    );
    expect(new Set(paper.keywords.map(visible))).toEqual(new Set(real.keywords.map(visible).filter(Boolean)));
  }

  async function storedPapers(conference: Conference): Promise<Map<string, RealPaper>> {
    const rows = await ctx.db
      .selectFrom('papers')
      .innerJoin('submissions', 'submissions.id', 'papers.submission_id')
      .innerJoin('submission_versions', 'submission_versions.id', 'papers.version_id')
      .select(['ref', 'title', 'abstract', 'keywords', 'version_id'])
      .where('papers.conference_id', '=', conference.id)
      .execute();
    const authors = await bylines(
      ctx.db,
      rows.map((row) => row.version_id),
    );
    return new Map(
      rows.map((row) => [
        row.ref,
        { ...row, keywords: JSON.parse(row.keywords), authors: authors.get(row.version_id) ?? [] },
      ]),
    );
  }

  async function contentVersion(slug: string): Promise<number> {
    return (await conferenceBySlug(ctx.db, slug))!.contentVersion;
  }
});

import { sql } from 'kysely';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { POSITIONS, paperMatch } from '#db/search/papers';
import type { Viewer } from '../account/viewer';
import { type BylineAuthor, bylines, hasReachableAuthor } from '../submission/byline/authors.server';
import { parseKeywords } from '../submission/queries.server';
import type { Paper, PaperLine, PublicAuthor } from './paper';
import { PAGE_SIZE, type ProgrammeQuery } from './schema';

export interface ProgrammePage {
  papers: PaperLine[];
  /** For the next page's `after`; null on the last page. */
  next: number | null;
  /** Nothing had all the words; these papers have words that begin so. */
  beginnings: boolean;
}

type Scope = { id: Id<'conference'>; number: number };

/** One page of the programme in its own order: a handful of queries, whatever the conference's size. */
export async function programmePage(
  db: Database,
  conference: Scope,
  query: ProgrammeQuery,
  viewer: Viewer | null,
): Promise<ProgrammePage> {
  const exact = await matching(db, conference, query, false);
  // Later pages of a widened search stay widened; the end of an exact one does not become one.
  const widened =
    exact.length === 0 &&
    query.q !== '' &&
    (query.after === 0 || (await matching(db, conference, { ...query, after: 0 }, false)).length === 0);
  const rows = widened ? await matching(db, conference, query, true) : exact;
  const page = rows.slice(0, PAGE_SIZE);
  return {
    papers: await withAuthors(db, page, viewer),
    next: rows.length > PAGE_SIZE ? (page.at(-1)?.position ?? null) : null,
    beginnings: widened && rows.length > 0,
  };
}

async function matching(db: Database, conference: Scope, query: ProgrammeQuery, beginnings: boolean) {
  const first = conference.number * POSITIONS;
  const after = Math.max(query.after, first);
  // With a further condition the first matches need not be the ones that are shown.
  const most = query.format === '' && query.theme === '' ? PAGE_SIZE + 1 : undefined;
  const match = paperMatch(db, query.q, { beginnings, after, before: first + POSITIONS, most });
  if (query.q !== '' && match === null) return [];
  return paperLines(db)
    .where('papers.conference_id', '=', conference.id)
    .where('papers.position', '>', after)
    .$if(query.format !== '', (eb) => eb.where('papers.format_id', '=', query.format as Id<'format'>))
    .$if(query.theme !== '', (eb) => eb.where('papers.theme_id', '=', query.theme as Id<'theme'>))
    .$if(match !== null, (eb) => eb.where(sql<boolean>`papers.position in (${match})`))
    .orderBy('papers.position')
    .limit(PAGE_SIZE + 1)
    .execute();
}

/** What a person has starred at a conference, in the programme's order. Papers taken out since are not in it. */
export async function schedule(db: Database, conference: Scope, viewer: Viewer, limit = 500): Promise<PaperLine[]> {
  const rows = await paperLines(db)
    .innerJoin('stars', 'stars.submission_id', 'papers.submission_id')
    .where('stars.account_id', '=', viewer.accountId)
    .where('papers.conference_id', '=', conference.id)
    .orderBy('papers.position')
    .limit(limit)
    .execute();
  return withAuthors(db, rows, viewer);
}

/** One published paper. */
export async function paperByRef(
  db: Database,
  conferenceId: Id<'conference'>,
  ref: string,
  viewer: Viewer | null,
): Promise<Paper | null> {
  const row = await paperLines(db)
    .select(['abstract', 'markup', 'html', 'keywords', 'language', 'papers.published_at as publishedAt'])
    .select((eb) => hasReachableAuthor(eb).as('contactable'))
    .where('submissions.conference_id', '=', conferenceId)
    .where('submissions.ref', '=', ref)
    .executeTakeFirst();
  if (!row) return null;
  const [authors, starred] = await Promise.all([
    bylines(db, [row.versionId]),
    starredAmong(db, [row.submissionId], viewer),
  ]);
  const byline = authors.get(row.versionId) ?? [];
  return {
    ...row,
    keywords: parseKeywords(row.keywords),
    authors: byline.map(publicAuthor),
    contactable: Boolean(row.contactable),
    starred: starred.has(row.submissionId),
  };
}

function paperLines(db: Database) {
  return db
    .selectFrom('papers')
    .innerJoin('submissions', 'submissions.id', 'papers.submission_id')
    .innerJoin('submission_versions', 'submission_versions.id', 'papers.version_id')
    .innerJoin('formats', 'formats.id', 'papers.format_id')
    .innerJoin('themes', 'themes.id', 'papers.theme_id')
    .select([
      'papers.submission_id as submissionId',
      'papers.version_id as versionId',
      'papers.position as position',
      'submissions.ref as ref',
      'submission_versions.title as title',
      'formats.name as format',
      'themes.name as theme',
    ]);
}

type Row = Awaited<ReturnType<typeof matching>>[number];

async function withAuthors(db: Database, rows: Row[], viewer: Viewer | null): Promise<PaperLine[]> {
  const [authors, starred] = await Promise.all([
    bylines(
      db,
      rows.map((row) => row.versionId),
    ),
    starredAmong(
      db,
      rows.map((row) => row.submissionId),
      viewer,
    ),
  ]);
  return rows.map(({ ref, title, format, theme, submissionId, versionId }) => ({
    ref,
    title,
    format,
    theme,
    authors: (authors.get(versionId) ?? []).map(publicAuthor),
    starred: starred.has(submissionId),
  }));
}

async function starredAmong(
  db: Database,
  ids: Id<'submission'>[],
  viewer: Viewer | null,
): Promise<Set<Id<'submission'>>> {
  if (!viewer || ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('stars')
    .select('submission_id')
    .where('account_id', '=', viewer.accountId)
    .where('submission_id', 'in', ids)
    .execute();
  return new Set(rows.map((row) => row.submission_id));
}

function publicAuthor({ name, affiliation, orcid, presenter }: BylineAuthor): PublicAuthor {
  return { name, affiliation, orcid, presenter };
}

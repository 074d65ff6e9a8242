import { type RawBuilder, sql } from 'kysely';
import { type Database, isPostgres } from '../open';
import { foldWords, parseQuery, type Term } from './words';

/** Room for the papers of one conference in the index's key. */
export const POSITIONS = 10_000_000;

export interface PaperWords {
  position: number;
  /** Everything that a search should find the paper by. */
  text: string[];
}

/** Puts papers into the index, replacing what it held for them. */
export async function indexPapers(db: Database, papers: PaperWords[]): Promise<void> {
  await unindexPapers(
    db,
    papers.map((paper) => paper.position),
  );
  if (papers.length === 0) return;
  const words = papers.map((paper) => ({ position: paper.position, words: foldWords(paper.text.join(' \n ')) }));
  if (isPostgres(db)) {
    const rows = words.map((row) => sql`(${row.position}::bigint, to_tsvector('simple', ${row.words}))`);
    await sql`insert into paper_search (position, words) values ${sql.join(rows)}`.execute(db);
  } else {
    for (const row of words)
      await sql`insert into paper_search (rowid, words) values (${row.position}, ${row.words})`.execute(db);
  }
}

export async function unindexPapers(db: Database, positions: number[]): Promise<void> {
  if (positions.length === 0) return;
  const key = isPostgres(db) ? sql.ref('position') : sql.ref('rowid');
  await sql`delete from paper_search where ${key} in (${sql.join(positions)})`.execute(db);
}

export interface MatchOptions {
  /** Whether words that only begin like those typed will do. */
  beginnings: boolean;
  /** Positions between these two. */
  after: number;
  before: number;
  /** Only the first so many. SQLite's index yields positions in order and stops there, however many hits there are. */
  most?: number;
}

/** The positions of papers with all that was typed, as a subquery; null where nothing was typed. */
export function paperMatch(db: Database, typed: string, options: MatchOptions): RawBuilder<number> | null {
  const terms = parseQuery(typed).map((term) => (options.beginnings ? { ...term, prefix: true } : term));
  if (terms.length === 0) return null;
  const first = options.most === undefined ? sql`` : sql`order by position limit ${options.most}`;
  if (isPostgres(db)) {
    return sql<number>`select position from paper_search
      where words @@ to_tsquery('simple', ${terms.map(postgresTerm).join(' & ')}) and position > ${options.after} and position < ${options.before} ${first}`;
  }
  return sql<number>`select rowid as position from paper_search
    where paper_search match ${terms.map(sqliteTerm).join(' AND ')} and rowid > ${options.after} and rowid < ${options.before} ${first}`;
}

function sqliteTerm(term: Term): string {
  return `"${term.words.join(' ')}"${term.prefix ? '*' : ''}`;
}

function postgresTerm(term: Term): string {
  const quoted = term.words.map((word) => `'${word}'`);
  return `(${quoted.join(' <-> ')}${term.prefix ? ':*' : ''})`;
}

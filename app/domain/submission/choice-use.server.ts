import type { Database } from '#db/open';
import type { Id, SubmissionState } from '#db/schema';
import { countWords } from '../word-count';

export interface PaperLine {
  ref: string;
  title: string;
  state: SubmissionState;
  published: boolean;
}

/** Which submissions have a format or theme, as an organiser may know it: of drafts no more than their number. */
export interface ChoiceUse {
  /** The first of what has been handed in. */
  papers: PaperLine[];
  count: number;
  drafts: number;
}

/** At most so many are named. */
const MAX_NAMED = 200;
const BATCH = 200;

/** The submissions whose present text has that format or theme. Withdrawn ones are among them. */
export async function choiceUse(db: Database, table: 'formats' | 'themes', id: string): Promise<ChoiceUse> {
  const use: ChoiceUse = { papers: [], count: 0, drafts: 0 };
  for await (const row of inUse(db, table, id)) add(use, row, {});
  return use;
}

export interface PapersBeyond extends ChoiceUse {
  papers: (PaperLine & { words: number })[];
}

/** The submissions of a format whose abstracts have more words than that; not those that are withdrawn. */
export async function papersBeyond(db: Database, formatId: Id<'format'>, limit: number): Promise<PapersBeyond> {
  const beyond: PapersBeyond = { papers: [], count: 0, drafts: 0 };
  for await (const row of inUse(db, 'formats', formatId, limit)) {
    if (row.state === 'withdrawn') continue;
    const words = countWords(row.abstract);
    if (words > limit) add(beyond, row, { words });
  }
  return beyond;
}

type Row = PaperLine & { seq: number; abstract: string; submittedAt: string | null };

function add<Extra extends object>(
  use: { papers: (PaperLine & Extra)[]; count: number; drafts: number },
  { ref, title, state, published, submittedAt }: Row,
  extra: Extra,
): void {
  // Withdrawn as a draft it is a draft still.
  if (submittedAt === null) {
    use.drafts++;
    return;
  }
  use.count++;
  if (use.papers.length < MAX_NAMED) use.papers.push({ ref, title, state, published, ...extra });
}

/** In batches, between which others have their turn. No word is shorter than a character. */
async function* inUse(db: Database, table: 'formats' | 'themes', id: string, longer = 0): AsyncGenerator<Row> {
  const column = table === 'formats' ? 'version.format_id' : 'version.theme_id';
  for (let after = -1; ; ) {
    const rows = await db
      .selectFrom('submissions')
      .innerJoin('submission_versions as version', 'version.id', 'submissions.current_version_id')
      .leftJoin('papers', 'papers.submission_id', 'submissions.id')
      .select([
        'papers.submission_id as paperId',
        'submissions.ref',
        'submissions.seq',
        'submissions.state',
        'submissions.submitted_at as submittedAt',
        'version.title',
        'version.abstract',
      ])
      .where(column, '=', id as never)
      .where('submissions.seq', '>', after)
      .$if(longer > 0, (query) => query.where((eb) => eb.fn<number>('length', ['version.abstract']), '>', longer))
      .orderBy('submissions.seq')
      .limit(BATCH)
      .execute();
    for (const { paperId, ...row } of rows) yield { ...row, published: paperId !== null };
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.seq;
  }
}

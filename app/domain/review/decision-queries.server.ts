import type { Database } from '#db/open';
import type { DecisionState, Id, Instant, Outcome } from '#db/schema';

export interface Decided {
  id: Id<'decision'>;
  outcome: Outcome;
  note: string;
  state: DecisionState;
  /** Who decided, by name. */
  by: string;
  byId: Id<'account'>;
  versionId: Id<'version'> | null;
  decidedAt: Instant;
}

/** All decisions on a submission, the newest first. Whoever calls it has checked `mayReadReviews`. */
export async function decisionsOn(db: Database, submissionId: Id<'submission'>): Promise<Decided[]> {
  return db
    .selectFrom('decisions')
    .innerJoin('accounts', 'accounts.id', 'decisions.decided_by')
    .select(['decisions.id', 'outcome', 'note', 'state', 'accounts.name as by', 'decided_by as byId'])
    .select(['version_id as versionId', 'decided_at as decidedAt'])
    .where('submission_id', '=', submissionId)
    .orderBy('decisions.id', 'desc')
    .limit(50)
    .execute();
}

/** What is undone yet: nobody has been told. */
export function pendingOf(decisions: Decided[]): Decided | null {
  return decisions.find((decision) => decision.state === 'pending') ?? null;
}

/** What holds, and the authors are told of. */
export function inForce(decisions: Decided[]): Decided | null {
  return decisions.find((decision) => decision.state === 'applied') ?? null;
}

/** What the next form is made of: the newest that has not been superseded. */
export function newestOf(decisions: Decided[]): Decided | null {
  return pendingOf(decisions) ?? inForce(decisions);
}

/** How the mail about a decision fares, in numbers: `waiting` are authors who have not said yes to the paper. */
export interface Told {
  sent: number;
  underway: number;
  waiting: number;
  failed: number;
}

export async function toldOf(db: Database, decisionId: Id<'decision'>): Promise<Told> {
  const rows = await db
    .selectFrom('outbox')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .where('kind', '=', 'decision')
    .where('decision_id', '=', decisionId)
    .groupBy('state')
    .execute();
  const waiting = await db
    .selectFrom('decisions')
    .innerJoin('submissions', 'submissions.id', 'decisions.submission_id')
    .innerJoin('version_authors', 'version_authors.version_id', 'submissions.current_version_id')
    .innerJoin('authors', 'authors.id', 'version_authors.author_id')
    .select((eb) => eb.fn.count<number>('authors.mailbox_id').distinct().as('count'))
    .where('decisions.id', '=', decisionId)
    .where('decisions.state', '=', 'applied')
    .where('authors.state', 'in', ['listed', 'asked'])
    .executeTakeFirstOrThrow();
  const count = (...states: string[]) =>
    rows.filter((row) => states.includes(row.state)).reduce((sum, row) => sum + Number(row.count), 0);
  return {
    sent: count('sent', 'unknown'),
    underway: count('queued', 'sending'),
    waiting: Number(waiting.count),
    failed: count('failed'),
  };
}

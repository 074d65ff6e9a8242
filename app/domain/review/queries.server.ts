import type { ExpressionBuilder } from 'kysely';
import type { Database } from '#db/open';
import type { Id, Instant, SubmissionState, Tables } from '#db/schema';
import type { Viewer } from '../account/viewer';
import { authorsOfVersions } from '../submission/byline/authors.server';
import { isParty } from '../submission/policy';
import { type Submission, submissionByRef } from '../submission/queries.server';
import { REVIEW_PAGE_SIZE, REVIEW_STATES, type ReviewQuery } from './schema';

export interface ReviewLine {
  ref: string;
  title: string;
  authors: { name: string; affiliation: string }[];
  state: SubmissionState;
  published: boolean;
  format: string;
  theme: string;
  /** This viewer's own score. */
  ownScore: number | null;
  /** Of all reviews; present only where the viewer may see it. */
  reviews?: { count: number; mean: number | null };
}

export interface ReviewPage {
  submissions: ReviewLine[];
  next: number | null;
}

/** One page of what was submitted, in the order of references. Whoever calls it has checked `mayReadSubmissions`. */
export async function submissionsAwaiting(
  db: Database,
  conferenceId: Id<'conference'>,
  query: ReviewQuery,
  viewer: Viewer,
  seesScores: boolean,
): Promise<ReviewPage> {
  const rows = await db
    .selectFrom('submissions')
    .innerJoin('submission_versions as version', 'version.id', 'submissions.current_version_id')
    .innerJoin('formats', 'formats.id', 'version.format_id')
    .innerJoin('themes', 'themes.id', 'version.theme_id')
    .leftJoin('papers', 'papers.submission_id', 'submissions.id')
    .select([
      'submissions.id',
      'submissions.ref',
      'submissions.seq',
      'submissions.state',
      'submissions.submitter_id as submitterId',
      'version.id as versionId',
      'version.title',
      'formats.name as format',
      'themes.name as theme',
      'papers.submission_id as paperId',
    ])
    .where('submissions.conference_id', '=', conferenceId)
    .where('submissions.state', 'in', query.state === 'all' ? [...REVIEW_STATES] : [query.state])
    .where('submissions.submitted_at', 'is not', null)
    .where('submissions.seq', '>', query.after)
    .$if(query.format !== '', (eb) => eb.where('version.format_id', '=', query.format as Id<'format'>))
    .$if(query.theme !== '', (eb) => eb.where('version.theme_id', '=', query.theme as Id<'theme'>))
    .orderBy('submissions.seq')
    .limit(REVIEW_PAGE_SIZE + 1)
    .execute();
  const page = rows.slice(0, REVIEW_PAGE_SIZE);
  const ids = page.map((row) => row.id);
  const [authors, own, all] = await Promise.all([
    authorsOfVersions(
      db,
      page.map((row) => row.versionId),
    ),
    ownScores(db, ids, viewer),
    seesScores ? scoreSummaries(db, ids) : null,
  ]);
  return {
    submissions: page.map((row) => {
      const byline = authors.get(row.versionId) ?? [];
      return {
        ref: row.ref,
        title: row.title,
        authors: byline.map(({ name, affiliation }) => ({ name, affiliation })),
        state: row.state,
        published: row.paperId !== null,
        format: row.format,
        theme: row.theme,
        ownScore: own.get(row.id) ?? null,
        ...(all &&
          !isParty(viewer, { submitterId: row.submitterId, authors: byline }) && {
            reviews: all.get(row.id) ?? { count: 0, mean: null },
          }),
      };
    }),
    next: rows.length > REVIEW_PAGE_SIZE ? (page.at(-1)?.seq ?? null) : null,
  };
}

/** A submission as reviewers and organisers may read it; null where it is a draft or does not exist. */
export async function submissionUnderReview(
  db: Database,
  conferenceId: Id<'conference'>,
  ref: string,
): Promise<Submission | null> {
  const submission = await submissionByRef(db, conferenceId, ref);
  // What was withdrawn as a draft has never been handed in: it is still its author's own.
  const handedIn = submission !== null && submission.submittedAt !== null;
  return handedIn && (REVIEW_STATES as readonly string[]).includes(submission.state) ? submission : null;
}

export interface Review {
  reviewer: string;
  score: number;
  note: string;
  updatedAt: Instant;
}

/** All reviews of a submission. Whoever calls it has checked `mayReadReviews`. */
export async function reviewsOf(db: Database, submissionId: Id<'submission'>): Promise<Review[]> {
  return (await reviewsRead(db, submissionId)).reviews;
}

/** The same, and how many are left out of them, since their writers are authors of the paper by now. */
export async function reviewsRead(
  db: Database,
  submissionId: Id<'submission'>,
): Promise<{ reviews: Review[]; leftOut: number }> {
  const rows = await db
    .selectFrom('reviews')
    .innerJoin('accounts', 'accounts.id', 'reviews.reviewer_id')
    .select(['accounts.name as reviewer', 'score', 'note', 'updated_at as updatedAt'])
    .select((eb) => isImpartial(eb).as('counts'))
    .where('submission_id', '=', submissionId)
    .orderBy('reviews.created_at')
    .limit(100)
    .execute();
  const reviews = rows.filter(({ counts }) => counts).map(({ counts: _, ...review }) => review);
  return { reviews, leftOut: rows.length - reviews.length };
}

/** A review does not count for as long as its writer is an author of the paper, whenever they have become one. */
function isImpartial(eb: ExpressionBuilder<Tables, 'reviews'>) {
  return eb.not(
    eb.exists(
      eb
        .selectFrom('authors')
        .innerJoin('submissions as paper', 'paper.id', 'authors.submission_id')
        .innerJoin('version_authors', (join) =>
          join
            .onRef('version_authors.version_id', '=', 'paper.current_version_id')
            .onRef('version_authors.author_id', '=', 'authors.id'),
        )
        .select('authors.id')
        .whereRef('authors.submission_id', '=', 'reviews.submission_id')
        .whereRef('authors.account_id', '=', 'reviews.reviewer_id')
        .where('authors.state', '=', 'confirmed'),
    ),
  );
}

/** Who has typed a submission in, by name, where that is none of its authors. */
export async function enteredBy(db: Database, submissionId: Id<'submission'>): Promise<string | null> {
  const row = await db
    .selectFrom('submissions')
    .innerJoin('accounts', 'accounts.id', 'submissions.entered_by_id')
    .select('accounts.name')
    .where('submissions.id', '=', submissionId)
    .where((eb) =>
      eb.or([
        eb('submissions.submitter_id', 'is', null),
        eb('submissions.submitter_id', '!=', eb.ref('submissions.entered_by_id')),
      ]),
    )
    .executeTakeFirst();
  return row?.name ?? null;
}

export interface OwnReview {
  score: number;
  note: string;
  /** Grows with each save; what a form was read from. */
  revision: number;
}

export async function ownReview(
  db: Database,
  submissionId: Id<'submission'>,
  viewer: Viewer,
): Promise<OwnReview | null> {
  const row = await db
    .selectFrom('reviews')
    .select(['score', 'note', 'revision'])
    .where('submission_id', '=', submissionId)
    .where('reviewer_id', '=', viewer.accountId)
    .executeTakeFirst();
  return row ?? null;
}

/** How many submissions there are in each state, and how many accepted ones are not in the programme yet. */
export async function submissionCounts(
  db: Database,
  conferenceId: Id<'conference'>,
): Promise<{ states: Partial<Record<SubmissionState, number>>; unpublished: number }> {
  const rows = await db
    .selectFrom('submissions')
    .leftJoin('papers', 'papers.submission_id', 'submissions.id')
    .select((eb) => [
      'submissions.state',
      eb.fn.countAll<number>().as('count'),
      eb.fn.count<number>('papers.submission_id').as('published'),
    ])
    .where('submissions.conference_id', '=', conferenceId)
    .groupBy('submissions.state')
    .execute();
  const accepted = rows.find((row) => row.state === 'accepted');
  return {
    states: Object.fromEntries(rows.map((row) => [row.state, Number(row.count)])),
    unpublished: accepted ? Number(accepted.count) - Number(accepted.published) : 0,
  };
}

async function ownScores(
  db: Database,
  ids: Id<'submission'>[],
  viewer: Viewer,
): Promise<Map<Id<'submission'>, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('reviews')
    .select(['submission_id', 'score'])
    .where('reviewer_id', '=', viewer.accountId)
    .where('submission_id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.submission_id, row.score]));
}

async function scoreSummaries(
  db: Database,
  ids: Id<'submission'>[],
): Promise<Map<Id<'submission'>, { count: number; mean: number | null }>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('reviews')
    .select((eb) => ['submission_id', eb.fn.countAll<number>().as('count'), eb.fn.avg<number>('score').as('mean')])
    .where('submission_id', 'in', ids)
    .where(isImpartial)
    .groupBy('submission_id')
    .execute();
  return new Map(
    rows.map((row) => [
      row.submission_id,
      { count: Number(row.count), mean: row.mean === null ? null : Number(row.mean) },
    ]),
  );
}

/** How much somebody has judged at a conference: it stays when they no longer have the role. */
export async function judgedBy(
  db: Database,
  conferenceId: Id<'conference'>,
  accountId: Id<'account'>,
): Promise<{ reviews: number; decisions: number }> {
  const [reviews, decisions] = await Promise.all([
    db
      .selectFrom('reviews')
      .innerJoin('submissions', 'submissions.id', 'reviews.submission_id')
      .select((eb) => eb.fn.countAll().as('count'))
      .where('submissions.conference_id', '=', conferenceId)
      .where('reviews.reviewer_id', '=', accountId)
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('decisions')
      .innerJoin('submissions', 'submissions.id', 'decisions.submission_id')
      .select((eb) => eb.fn.countAll().as('count'))
      .where('submissions.conference_id', '=', conferenceId)
      .where('decisions.decided_by', '=', accountId)
      .executeTakeFirstOrThrow(),
  ]);
  return { reviews: Number(reviews.count), decisions: Number(decisions.count) };
}

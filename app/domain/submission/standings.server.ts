import type { Database } from '#db/open';
import type { Id, Instant } from '#db/schema';
import type { Viewer } from '../account/viewer';
import type { Conference } from '../conference/queries.server';
import { windowState } from '../conference/state';
import type { DomainContext } from '../context';
import { timed } from '../zoned-time';
import { type Ownership, whoIs } from './policy';
import type { Situation } from './standing';

export interface ToldDecision {
  outcome: 'accepted' | 'rejected';
  note: string;
  decidedAt: Instant;
}

export interface Stands {
  situation: Situation;
  /** The decision in force, for those whose submission it is. */
  decision: ToldDecision | null;
}

/** How each of these submissions stands for this viewer, who may see them. */
export async function standingsFor(
  ctx: Pick<DomainContext, 'db' | 'clock'>,
  conference: Conference,
  viewer: Viewer,
  submissions: readonly (Ownership & { id: Id<'submission'>; published: boolean })[],
): Promise<Map<Id<'submission'>, Stands>> {
  const ids = submissions.map((submission) => submission.id);
  if (ids.length === 0) return new Map();
  const zoned = (at: Instant | null) => at && timed(at, conference.timeZone);
  const window = {
    state: windowState(conference, ctx.clock.now()),
    opens: zoned(conference.opensAt),
    closes: zoned(conference.closesAt),
  };
  const facts = await factsOf(ctx.db, ids);
  const decisions = await toldDecisions(ctx.db, ids);
  return new Map(
    submissions.map((submission): [Id<'submission'>, Stands] => {
      const fact = facts.get(submission.id)!;
      const who = whoIs(viewer, submission) ?? 'named';
      // What was decided of an earlier hand-in is nobody's concern any more.
      const newest = decisions.get(submission.id);
      const current = newest && fact.submittedAt && newest.decidedAt >= fact.submittedAt ? newest : null;
      const decision = who !== 'named' && current?.outcome === submission.state ? current : null;
      const situation: Situation = {
        who,
        state: submission.state,
        published: submission.published,
        decided: decision !== null,
        handedIn: fact.submittedAt !== null,
        reviewBegun: Boolean(fact.submittedAt && fact.reviewedAt && fact.reviewedAt >= fact.submittedAt),
        owner: fact.owner ?? '',
        withdrawn:
          submission.state === 'withdrawn'
            ? {
                by: byWhom(fact, viewer),
                at: timed(fact.updatedAt, conference.timeZone),
                accepted: current?.outcome === 'accepted',
              }
            : null,
        window,
      };
      return [submission.id, { situation, decision }];
    }),
  );
}

function byWhom(
  { withdrawnBy, withdrawer }: { withdrawnBy: Id<'account'> | null; withdrawer: string | null },
  viewer: Viewer,
): 'you' | { name: string } | null {
  if (withdrawnBy === viewer.accountId) return 'you';
  return withdrawer ? { name: withdrawer } : null;
}

async function factsOf(db: Database, ids: Id<'submission'>[]) {
  const rows = await db
    .selectFrom('submissions')
    .leftJoin('accounts as owner', (join) =>
      join.on((eb) => eb('owner.id', '=', eb.fn.coalesce('submissions.submitter_id', 'submissions.entered_by_id'))),
    )
    .leftJoin('accounts as withdrawer', 'withdrawer.id', 'submissions.withdrawn_by')
    .select([
      'submissions.id',
      'submissions.submitted_at as submittedAt',
      'submissions.updated_at as updatedAt',
      'submissions.withdrawn_by as withdrawnBy',
      'owner.name as owner',
      'withdrawer.name as withdrawer',
    ])
    .select((eb) =>
      eb
        .selectFrom('reviews')
        .select(({ fn }) => fn.max('reviews.updated_at').as('at'))
        .whereRef('reviews.submission_id', '=', 'submissions.id')
        .as('reviewedAt'),
    )
    .where('submissions.id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** The decision in force on each of these submissions, and since when it is: while it was pending nobody was told. */
async function toldDecisions(db: Database, ids: Id<'submission'>[]): Promise<Map<Id<'submission'>, ToldDecision>> {
  const rows = await db
    .selectFrom('decisions')
    .select(['submission_id', 'outcome', 'note'])
    .select((eb) => eb.fn.coalesce('applied_at', 'decided_at').as('decidedAt'))
    .where('submission_id', 'in', ids)
    .where('state', '=', 'applied')
    .orderBy('id')
    .execute();
  return new Map(rows.map(({ submission_id, ...decision }) => [submission_id, decision]));
}

import { instant, newId } from '#db/ids';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import type { Viewer } from '../account/viewer';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import { publishSubmissions, unpublishSubmission } from '../submission/publication.server';
import { mayPublish, mayReview } from './policy';
import { submissionUnderReview } from './queries.server';

/** Sets this reviewer's score and note; a second time replaces the first. False where they may not. */
export async function saveReview(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  review: { score: number; note: string },
): Promise<boolean> {
  return write(ctx.db, async (trx) => {
    const submission = await submissionUnderReview(trx, conference.id, ref);
    if (!submission || !mayReview(viewer, conference, submission)) return false;
    const now = instant(ctx.clock.now());
    await trx
      .insertInto('reviews')
      .values({
        id: newId(),
        submission_id: submission.id,
        reviewer_id: viewer.accountId,
        ...review,
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) =>
        conflict.columns(['submission_id', 'reviewer_id']).doUpdateSet({ ...review, updated_at: now }),
      )
      .execute();
    return true;
  });
}

/** Takes back this reviewer's review. `none`: there was none. */
export async function removeReview(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
): Promise<'removed' | 'none' | 'refused'> {
  return write(ctx.db, async (trx) => {
    const submission = await submissionUnderReview(trx, conference.id, ref);
    if (!submission || !mayReview(viewer, conference, submission)) return 'refused';
    const gone = await trx
      .deleteFrom('reviews')
      .where('submission_id', '=', submission.id)
      .where('reviewer_id', '=', viewer.accountId)
      .executeTakeFirst();
    return gone.numDeletedRows > 0n ? 'removed' : 'none';
  });
}

/** Puts an accepted submission into the programme, or takes it out. False where this viewer may not. */
export async function setPublished(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  published: boolean,
): Promise<boolean> {
  return write(ctx.db, async (trx) => {
    const submission = await submissionUnderReview(trx, conference.id, ref);
    if (!submission || !mayPublish(viewer, conference, submission)) return false;
    if (published) return (await publishSubmissions(trx, ctx, conference, [submission.id])) > 0;
    await unpublishSubmission(trx, conference.id, submission.id);
    return true;
  });
}

/** Publishes all that is accepted and not in the programme yet, some hundred in a transaction. Returns how many. */
export async function publishAccepted(ctx: DomainContext, conference: Conference): Promise<number> {
  const batch = 200;
  for (let total = 0; ; ) {
    const published = await write(ctx.db, async (trx) => {
      const rows = await trx
        .selectFrom('submissions')
        .leftJoin('papers', 'papers.submission_id', 'submissions.id')
        .select('submissions.id')
        .where('submissions.conference_id', '=', conference.id)
        .where('submissions.state', '=', 'accepted')
        .where('papers.submission_id', 'is', null)
        .limit(batch)
        .execute();
      return publishSubmissions(
        trx,
        ctx,
        conference,
        rows.map((row) => row.id as Id<'submission'>),
      );
    });
    total += published;
    if (published < batch) return total;
  }
}

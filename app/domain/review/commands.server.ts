import { randomInt } from 'node:crypto';
import { instant, newId } from '#db/ids';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import type { Viewer } from '../account/viewer';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import { publishSubmissions, unpublishSubmission } from '../submission/publication.server';
import { mayPublish, mayReview } from './policy';
import { type OwnReview, ownReview, submissionUnderReview } from './queries.server';

export type ReviewInput = {
  score: number;
  note: string;
  /** Of the review that the form was read from; 0: there was none. */
  revision: number;
};

export type ReviewSaved =
  | { ok: true }
  /** There is no such submission, or it is under review no longer, or not by this viewer. */
  | { ok: false; reason: 'refused' }
  /** They have saved another since the form was read, elsewhere; null: they have taken it back. */
  | { ok: false; reason: 'stale'; theirs: OwnReview | null };

/** Sets this reviewer's score and note; a second time replaces the first, if that is what the form was read from. */
export async function saveReview(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  { revision, ...review }: ReviewInput,
): Promise<ReviewSaved> {
  return write(ctx.db, async (trx) => {
    const submission = await submissionUnderReview(trx, conference.id, ref);
    if (!submission) return { ok: false, reason: 'refused' };
    const before = await ownReview(trx, submission.id, viewer);
    // Sent once more since its answer was lost.
    if (before && before.score === review.score && before.note === review.note) return { ok: true };
    if (!mayReview(viewer, conference, submission)) return { ok: false, reason: 'refused' };
    if ((before?.revision ?? 0) !== revision) return { ok: false, reason: 'stale', theirs: before };
    const now = instant(ctx.clock.now());
    const saved = before
      ? await trx
          .updateTable('reviews')
          .set({ ...review, revision: revision + 1, updated_at: now })
          .where('submission_id', '=', submission.id)
          .where('reviewer_id', '=', viewer.accountId)
          .where('revision', '=', revision)
          .executeTakeFirst()
          .then((result) => result.numUpdatedRows)
      : await trx
          .insertInto('reviews')
          .values({
            id: newId(),
            submission_id: submission.id,
            reviewer_id: viewer.accountId,
            ...review,
            // One that was taken back and written anew is not the one that another tab has read.
            revision: randomInt(1, 2 ** 30),
            created_at: now,
            updated_at: now,
          })
          .onConflict((conflict) => conflict.columns(['submission_id', 'reviewer_id']).doNothing())
          .executeTakeFirst()
          .then((result) => result.numInsertedOrUpdatedRows ?? 0n);
    // At the same moment another tab was faster.
    return saved === 1n
      ? { ok: true }
      : { ok: false, reason: 'stale', theirs: await ownReview(trx, submission.id, viewer) };
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

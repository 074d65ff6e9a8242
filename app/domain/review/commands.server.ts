import { instant, newId } from '#db/ids';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import { decision } from '#emails/decision';
import { type RenderedMail, renderMail } from '#emails/mail';
import { primaryMailbox, unverifiedAmong } from '../account/mailbox-owners.server';
import type { Viewer } from '../account/viewer';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import { enqueue } from '../mail/outbox.server';
import { move } from '../submission/commands.server';
import { publishSubmissions, unpublishSubmission } from '../submission/publication.server';
import type { Submission } from '../submission/queries.server';
import { mayDecide, mayPublish, mayReview } from './policy';
import { decisionRecipients, submissionUnderReview } from './queries.server';

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

/** Takes back this reviewer's review. */
export async function removeReview(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
): Promise<boolean> {
  return write(ctx.db, async (trx) => {
    const submission = await submissionUnderReview(trx, conference.id, ref);
    if (!submission || !mayReview(viewer, conference, submission)) return false;
    await trx
      .deleteFrom('reviews')
      .where('submission_id', '=', submission.id)
      .where('reviewer_id', '=', viewer.accountId)
      .execute();
    return true;
  });
}

export type DecisionInput = { outcome: 'accepted' | 'rejected'; note: string };

/** Decides, and writes to the authors, in one transaction. `moved`: the state was no longer what the organiser saw. */
export async function decide(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  input: DecisionInput,
): Promise<'decided' | 'moved' | 'refused'> {
  return write(ctx.db, async (trx) => {
    const submission = await submissionUnderReview(trx, conference.id, ref);
    if (!submission) return 'refused';
    if (!mayDecide(viewer, conference, submission, input.outcome))
      return submission.state === input.outcome ? 'moved' : 'refused';
    if (!(await move(trx, ctx, submission, input.outcome === 'accepted' ? 'accept' : 'reject'))) return 'moved';
    if (input.outcome === 'rejected') await unpublishSubmission(trx, conference.id, submission.id);
    const id = newId<'decision'>();
    await trx
      .insertInto('decisions')
      .values({
        id,
        submission_id: submission.id,
        ...input,
        decided_by: viewer.accountId,
        decided_at: instant(ctx.clock.now()),
      })
      .execute();
    const to = decisionRecipients(
      submission.authors,
      submission.submitterId && (await primaryMailbox(trx, submission.submitterId)),
    );
    const unverified = await unverifiedAmong(trx, to);
    const mail = decisionMail(ctx, conference, submission, input);
    await enqueue(
      trx,
      ctx,
      to.map((mailboxId) => ({
        to: mailboxId,
        mail,
        fromName: conference.name,
        conferenceId: conference.id,
        dedupeKey: `decision:${id}:${mailboxId}`,
        hold: unverified.has(mailboxId),
      })),
    );
    return 'decided';
  });
}

/** The mail that a decision sends, as it will go: shown before it goes. */
export function decisionMail(
  ctx: DomainContext,
  conference: Conference,
  submission: Submission,
  input: DecisionInput,
): RenderedMail {
  return renderMail(decision, {
    ...input,
    paper: { ref: submission.ref, title: submission.version.title },
    conference: conference.name,
    url: `${ctx.config.origin}/${conference.slug}/submissions/${encodeURIComponent(submission.ref)}`,
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
    if (published) await publishSubmissions(trx, ctx, conference, [submission.id]);
    else await unpublishSubmission(trx, conference.id, submission.id);
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

import { instant, newId } from '#db/ids';
import type { Id, Outcome } from '#db/schema';
import { type Write, write } from '#db/write';
import type { Viewer } from '../account/viewer';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import { remindAuthors } from '../submission/byline/ask.server';
import { move } from '../submission/commands.server';
import { lockSubmission } from '../submission/lock.server';
import { unpublishSubmission } from '../submission/publication.server';
import type { Submission } from '../submission/queries.server';
import { cancelMailAbout, tellAuthors, tellTakenBack } from './decision-mail.server';
import { type Decided, decisionsOn, inForce, newestOf, pendingOf, type Told, toldOf } from './decision-queries.server';
import { mayDecide, mayReadReviews, mayReopen } from './policy';
import { submissionUnderReview } from './queries.server';

export interface DecisionInput {
  outcome: Outcome;
  note: string;
  /** The newest decision that the form was made of, pending or in force; empty where there was none. */
  base: string;
  baseVersion: string;
  intent: 'keep' | 'apply';
}

export type DecisionResult =
  /** `told`: how the mail about it stands right after; all zero while it is pending. */
  | { ok: true; told: Told }
  /** No such submission, or not this viewer's to decide. */
  | { ok: false; reason: 'missing' | 'forbidden' }
  /** Somebody has decided, withdrawn or changed the paper since the form was read. */
  | { ok: false; reason: 'stale'; theirs: Decided | null };

/**
 * Decides on what the form was made of, and on nothing else: what another organiser has decided meanwhile, or the
 * authors have changed, is shown first. Pending, nobody is told; applied, the authors are written to in the same
 * transaction. The same form again changes nothing.
 */
export async function decide(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  input: DecisionInput,
): Promise<DecisionResult> {
  return atSubmission(ctx, conference, viewer, ref, async (trx, submission, decisions) => {
    const newest = newestOf(decisions);
    const state = input.intent === 'apply' ? 'applied' : 'pending';
    if (newest && newest.id !== input.base && isSame(newest, viewer, { ...input, state }))
      return { ok: true, told: await toldOf(trx, newest.id) };
    const isStale = (newest?.id ?? '') !== input.base || submission.version.id !== input.baseVersion;
    if (isStale || !mayDecide(viewer, conference, submission, input.outcome))
      return { ok: false, reason: 'stale', theirs: newest };
    const pending = pendingOf(decisions);
    if (pending) await supersede(trx, ctx, pending.id);
    const decision = { id: newId<'decision'>(), outcome: input.outcome, note: input.note };
    await trx
      .insertInto('decisions')
      .values({
        ...decision,
        submission_id: submission.id,
        decided_by: viewer.accountId,
        decided_at: instant(ctx.clock.now()),
        state: 'pending',
        version_id: submission.version.id,
        applied_at: null,
        superseded_at: null,
      })
      .execute();
    if (input.intent === 'apply') await apply(trx, ctx, conference, submission, decision, inForce(decisions));
    return { ok: true, told: await toldOf(trx, decision.id) };
  });
}

/** Makes a pending decision hold, and writes to the authors. */
export async function applyDecision(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  id: string,
): Promise<DecisionResult> {
  return atSubmission(ctx, conference, viewer, ref, async (trx, submission, decisions) => {
    const pending = pendingOf(decisions);
    const holds = inForce(decisions);
    if (holds?.id === id) return { ok: true, told: await toldOf(trx, holds.id) };
    if (pending?.id !== id || !mayDecide(viewer, conference, submission, pending.outcome))
      return { ok: false, reason: 'stale', theirs: newestOf(decisions) };
    await apply(trx, ctx, conference, submission, pending, holds);
    return { ok: true, told: await toldOf(trx, pending.id) };
  });
}

/** Throws a pending decision away: nobody has heard of it. */
export async function discardDecision(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  id: string,
): Promise<DecisionResult> {
  return atSubmission(ctx, conference, viewer, ref, async (trx, _, decisions) => {
    if (pendingOf(decisions)?.id !== id) return { ok: false, reason: 'stale', theirs: newestOf(decisions) };
    await supersede(trx, ctx, id as Id<'decision'>);
    return { ok: true, told: NOBODY };
  });
}

/**
 * Takes back the decision in force: the paper is considered again, and leaves the programme. Whoever has been told of it
 * is told so; mail that has not gone out does not go. `told.underway`: how many are written to.
 */
export async function takeBackDecision(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  id: string,
): Promise<DecisionResult> {
  return atSubmission(ctx, conference, viewer, ref, async (trx, submission, decisions) => {
    const holds = inForce(decisions);
    if (holds?.id !== id || !mayReopen(viewer, conference, submission))
      return { ok: false, reason: 'stale', theirs: newestOf(decisions) };
    await move(trx, ctx, submission, 'reopen');
    await unpublishSubmission(trx, conference.id, submission.id);
    await cancelMailAbout(trx, holds.id);
    await supersede(trx, ctx, holds.id);
    const underway = await tellTakenBack(trx, ctx, conference, submission, holds);
    return { ok: true, told: { ...NOBODY, underway } };
  });
}

const NOBODY: Told = { sent: 0, underway: 0, waiting: 0, failed: 0 };

/** One after the other: of two organisers at one submission the second finds what the first has done. */
async function atSubmission(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  work: (trx: Write, submission: Submission, decisions: Decided[]) => Promise<DecisionResult>,
): Promise<DecisionResult> {
  return write(ctx.db, async (trx) => {
    await lockSubmission(trx, { conferenceId: conference.id, ref });
    const submission = await submissionUnderReview(trx, conference.id, ref);
    if (!submission) return { ok: false, reason: 'missing' };
    if (!mayReadReviews(viewer, conference, submission)) return { ok: false, reason: 'forbidden' };
    return work(trx, submission, await decisionsOn(trx, submission.id));
  });
}

async function apply(
  trx: Write,
  ctx: DomainContext,
  conference: Conference,
  submission: Submission,
  decision: { id: Id<'decision'>; outcome: Outcome; note: string },
  before: Decided | null,
): Promise<void> {
  await move(trx, ctx, submission, decision.outcome === 'accepted' ? 'accept' : 'reject');
  if (decision.outcome === 'rejected') await unpublishSubmission(trx, conference.id, submission.id);
  if (before) {
    await cancelMailAbout(trx, before.id);
    await supersede(trx, ctx, before.id);
  }
  await trx
    .updateTable('decisions')
    .set({ state: 'applied', applied_at: instant(ctx.clock.now()) })
    .where('id', '=', decision.id)
    .execute();
  const { id, version, authors } = submission;
  await remindAuthors(trx, ctx, conference, { id, title: version.title, authors });
  await tellAuthors(trx, ctx, conference, submission, decision);
}

async function supersede(trx: Write, ctx: DomainContext, id: Id<'decision'>): Promise<void> {
  await trx
    .updateTable('decisions')
    .set({ state: 'superseded', superseded_at: instant(ctx.clock.now()) })
    .where('id', '=', id)
    .execute();
}

function isSame(
  newest: Decided,
  viewer: Viewer,
  input: { outcome: Outcome; note: string; state: Decided['state'] },
): boolean {
  return (
    newest.byId === viewer.accountId &&
    newest.outcome === input.outcome &&
    newest.note === input.note &&
    newest.state === input.state
  );
}

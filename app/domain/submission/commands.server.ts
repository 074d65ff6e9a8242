import { instant, newId } from '#db/ids';
import type { Id, SubmissionState } from '#db/schema';
import { isDuplicate, type Write, write } from '#db/write';
import { grantRole } from '../account/commands.server';
import type { Reached } from '../account/limits.server';
import type { Viewer } from '../account/viewer';
import type { Conference } from '../conference/queries.server';
import { windowState } from '../conference/state';
import type { DomainContext } from '../context';
import { askAuthors } from './byline/ask.server';
import { isSameByline, withIds } from './byline/same';
import { copyByline, countAddresses, mailboxesGiven, saveByline, secondSelf } from './byline/save.server';
import { handIn, hasMailbox, type Origin } from './hand-in.server';
import { lockSubmission } from './lock.server';
import { type FieldName, isSame, mergeAuthors, mergeText, takeFrom } from './merge-text';
import { isInCharge, mayEdit, mayEditByline, mayReinstate, mayWithdraw } from './policy';
import { unpublishSubmission } from './publication.server';
import { ownSubmission, refOfForm, type Submission, versionRead } from './queries.server';
import type { SubmissionInput } from './schema';
import { after, type SubmissionAct } from './state';
import { insertVersion, nextVersion, type Text } from './versions.server';

export type Saved =
  /**
   * `receipt`: whether a mail that confirms it is queued; there is none where no address is known. `taken`: fields that
   * this form had not touched and somebody else had: they stay as that person has put them.
   */
  | { ok: true; ref: string; submitted: boolean; receipt: boolean; taken: FieldName[] }
  /** Outside the submission window. */
  | { ok: false; reason: 'window' }
  /** Not this viewer's, or no such thing. */
  | { ok: false; reason: 'missing' }
  /** This person has entered as many submissions at this conference as one may. */
  | { ok: false; reason: 'enough' }
  /** Too many addresses have been typed into this byline within a day. */
  | ({ ok: false; reason: 'limit' } & Reached)
  /** Decided or withdrawn: the text is locked. */
  | { ok: false; reason: 'locked' }
  /** Review has begun: the organisers alone change the byline. Nothing of the form is saved. */
  | { ok: false; reason: 'byline' }
  /** The address of the entry with that number is this viewer's own, who stands in the byline already. */
  | { ok: false; reason: 'own-address'; author: number }
  /** Both have changed the `conflicts` since the form was read; `theirs` is what somebody else has saved. */
  | { ok: false; reason: 'stale'; theirs: Submission; taken: FieldName[]; conflicts: FieldName[] };

/**
 * Makes a submission: a draft, or handed in at once where the input says so. A form that is sent a second time (two
 * presses, or back and once more) edits what its first time made.
 */
export async function createSubmission(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  input: SubmissionInput,
  origin: Origin = { network: null },
): Promise<Saved> {
  const { key } = input;
  const again = key && (await editFirst(ctx, conference, viewer, { ...input, key }, origin));
  if (again) return again;
  if (windowState(conference, ctx.clock.now()) !== 'open') return { ok: false, reason: 'window' };
  if (!key) return insertSubmission(ctx, conference, viewer, input, origin);
  try {
    return await insertSubmission(ctx, conference, viewer, input, origin);
  } catch (error) {
    // Of two presses at the same moment, this was the slower.
    const first = isDuplicate(error) && (await editFirst(ctx, conference, viewer, { ...input, key }, origin));
    if (first) return first;
    throw error;
  }
}

/** Null: this form has not been sent before. */
async function editFirst(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  input: SubmissionInput & { key: string },
  origin: Origin,
): Promise<Saved | null> {
  const ref = await refOfForm(ctx.db, conference.id, viewer.accountId, input.key);
  return ref === null ? null : editSubmission(ctx, conference, viewer, ref, input, origin);
}

async function insertSubmission(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  input: SubmissionInput,
  origin: Origin,
): Promise<Saved> {
  return write(ctx.db, async (trx) => {
    if (await hasEnough(trx, conference, viewer)) return { ok: false, reason: 'enough' };
    const id = newId<'submission'>();
    const tooMany = await countAddresses(trx, ctx, id, input.authors);
    if (tooMany) return { ok: false, reason: 'limit', ...tooMany };
    const { authors } = input;
    const mailboxes = await mailboxesGiven(trx, ctx, authors);
    const twice = secondSelf(authors, viewer, mailboxes);
    if (twice !== null) return { ok: false, reason: 'own-address', author: twice };
    const { ref, seq } = await takeRef(trx, conference);
    const versionId = newId<'version'>();
    const submitted = input.intent === 'submit';
    const now = instant(ctx.clock.now());
    await trx
      .insertInto('submissions')
      .values({
        id,
        conference_id: conference.id,
        ref,
        seq,
        state: submitted ? 'submitted' : 'draft',
        current_version_id: versionId,
        submitter_id: null,
        entered_by_id: viewer.accountId,
        form_key: input.key ?? null,
        submitted_at: submitted ? now : null,
        created_at: now,
        updated_at: now,
      })
      .execute();
    await insertVersion(trx, ctx, {
      id: versionId,
      submissionId: id,
      number: 1,
      savedBy: viewer.accountId,
      text: textOf(input),
    });
    await saveByline(trx, { submissionId: id, versionId, authors, mailboxes, before: [], viewer, now });
    await settleSubmitter(trx, id, viewer);
    await grantRole(trx, ctx, viewer.accountId, conference.id, 'author');
    const paper = { id, ref, title: input.title, versionId };
    const receipt = submitted && (await handIn(trx, ctx, conference, viewer, paper, origin));
    return { ok: true, ref, submitted, receipt, taken: [] };
  });
}

/**
 * Saves a new version of a submission and, where the input says so, hands it in. What somebody else has saved since the
 * form was read stays where this form has not touched it.
 */
export async function editSubmission(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  form: SubmissionInput,
  origin: Origin = { network: null },
): Promise<Saved> {
  return write(ctx.db, async (trx) => {
    await lockSubmission(trx, { conferenceId: conference.id, ref });
    const submission = await ownSubmission(trx, conference.id, ref, viewer);
    if (!submission) return { ok: false, reason: 'missing' };
    // What has been handed in is whole; a form that still calls it a draft, and so was not checked for that, is old.
    const outdated = form.intent === 'draft' && submission.state !== 'draft';
    const base = await versionRead(trx, submission, form);
    const tooMany = await countAddresses(trx, ctx, submission.id, form.authors);
    if (tooMany) return { ok: false, reason: 'limit', ...tooMany };
    const mailboxes = await mailboxesGiven(trx, ctx, form.authors);
    const twice = secondSelf(form.authors, viewer, mailboxes);
    if (twice !== null) return { ok: false, reason: 'own-address', author: twice };
    const made = form.key !== undefined && form.key === submission.formKey;
    const authors = withIds(
      form.authors,
      { made, base: base?.authors ?? [], now: submission.authors },
      viewer,
      mailboxes,
    );
    const input = { ...form, authors };
    const inCharge = isInCharge(viewer, submission);
    const fixed = !mayEditByline(viewer, submission);
    const sameByline = isSameByline(authors, submission.authors, viewer, mailboxes);
    const reading = { viewer, mailboxes, fixed: fixed && (!inCharge || authors.length === 0 || sameByline) };
    // Sent once more since its answer was lost: it has been done.
    const reached = input.intent === 'submit' ? submission.state !== 'draft' : !outdated;
    const again = !input.baseVersion || base?.version.id !== submission.version.id;
    if (reached && again && isSame(input, submission, reading)) {
      const submitted = input.intent === 'submit';
      return { ok: true, ref, submitted, receipt: await hasMailbox(trx, viewer), taken: [] };
    }
    const window = windowState(conference, ctx.clock.now());
    if (!mayEdit(viewer, submission, window)) return { ok: false, reason: window === 'open' ? 'locked' : 'window' };
    const { taken, conflicts: all } = mergeText(base, input, submission, reading);
    // What two have changed of the byline goes together where they have changed different lines of it.
    const together = all.includes('authors') && !fixed ? mergeAuthors(base, input, submission, reading) : null;
    const conflicts = together ? all.filter((name) => name !== 'authors') : all;
    if (outdated || conflicts.length > 0) return { ok: false, reason: 'stale', theirs: submission, taken, conflicts };
    // What somebody else has made of the byline is taken as it is; what this form has made of it is not.
    if (!reading.fixed && fixed && !taken.includes('authors')) return { ok: false, reason: 'byline' };
    const merged = takeFrom(input, submission, taken);

    const submits = input.intent === 'submit' && inCharge;
    const state = submits ? (after(submission.state, 'submit') ?? submission.state) : submission.state;
    const submitted = state !== submission.state;
    const versionId = await nextVersion(trx, ctx, submission, {
      text: textOf(merged),
      savedBy: viewer.accountId,
      changes: submitted ? { state, submitted_at: instant(ctx.clock.now()) } : {},
    });
    if (!versionId) {
      const theirs = await ownSubmission(trx, conference.id, ref, viewer);
      return theirs
        ? { ok: false, reason: 'stale', theirs, ...mergeText(base, input, theirs, reading) }
        : { ok: false, reason: 'missing' };
    }
    if (fixed || taken.includes('authors')) await copyByline(trx, versionId, submission.authors);
    else {
      const { id: submissionId, authors: before } = submission;
      const now = instant(ctx.clock.now());
      await saveByline(trx, { submissionId, versionId, authors: together ?? authors, mailboxes, before, viewer, now });
      await settleSubmitter(trx, submission.id, viewer);
    }
    const paper = { id: submission.id, ref, title: merged.title, versionId };
    const receipt = submitted && (await handIn(trx, ctx, conference, viewer, paper, origin));
    if (!submitted && state !== 'draft') await askAuthors(trx, ctx, conference, paper, { ...viewer, ...origin });
    return { ok: true, ref, submitted, receipt, taken: together ? [...taken, 'authors'] : taken };
  });
}

/** Submissions, drafts among them, that one person enters at one conference: a secretary's for a whole panel, and more. */
export const MAX_SUBMISSIONS = 100;

async function hasEnough(trx: Write, conference: { id: Id<'conference'> }, viewer: Viewer): Promise<boolean> {
  const { count } = await trx
    .selectFrom('submissions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('conference_id', '=', conference.id)
    .where('entered_by_id', '=', viewer.accountId)
    .executeTakeFirstOrThrow();
  return Number(count) >= MAX_SUBMISSIONS;
}

function textOf(input: SubmissionInput): Text {
  return {
    title: input.title,
    abstract: input.abstract,
    markup: input.markdown ? 'markdown' : 'plain',
    formatId: input.formatId as Id<'format'>,
    themeId: input.themeId as Id<'theme'>,
    keywords: input.keywords,
    language: input.language ?? '',
  };
}

/** Whoever enters a paper submits it as its author where the byline says so; else it is entered for others. */
async function settleSubmitter(trx: Write, id: Id<'submission'>, viewer: Viewer): Promise<void> {
  const own = await trx
    .selectFrom('submissions')
    .innerJoin('version_authors', 'version_authors.version_id', 'submissions.current_version_id')
    .innerJoin('authors', 'authors.id', 'version_authors.author_id')
    .select('authors.id')
    .where('submissions.id', '=', id)
    .where('authors.account_id', '=', viewer.accountId)
    .executeTakeFirst();
  await trx
    .updateTable('submissions')
    .set({ submitter_id: own ? viewer.accountId : null })
    .where('id', '=', id)
    // Another author who has it in hand keeps it.
    .where((eb) => eb.or([eb('submitter_id', 'is', null), eb('submitter_id', '=', viewer.accountId)]))
    .execute();
}

/** Withdraws at any time, also from the programme. False where this viewer may not. */
export async function withdrawSubmission(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
): Promise<boolean> {
  return write(ctx.db, async (trx) => {
    const submission = await ownSubmission(trx, conference.id, ref, viewer);
    if (!submission || !mayWithdraw(viewer, submission)) return false;
    if (!(await move(trx, ctx, submission, 'withdraw', viewer.accountId))) return false;
    await unpublishSubmission(trx, conference.id, submission.id);
    return true;
  });
}

/** Undoes a withdrawal while submissions are open: it is a draft again. */
export async function reinstateSubmission(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
): Promise<boolean> {
  return write(ctx.db, async (trx) => {
    const submission = await ownSubmission(trx, conference.id, ref, viewer);
    if (!submission || !mayReinstate(viewer, submission, windowState(conference, ctx.clock.now()))) return false;
    // What had been decided was decided on what was withdrawn.
    await trx
      .updateTable('decisions')
      .set({ state: 'superseded', superseded_at: instant(ctx.clock.now()) })
      .where('submission_id', '=', submission.id)
      .where('state', '!=', 'superseded')
      .execute();
    return move(trx, ctx, submission, 'reinstate');
  });
}

/** Changes the state if the act is legal and nobody was faster. `by`: who does it, told where it is a withdrawal. */
export async function move(
  trx: Write,
  ctx: DomainContext,
  submission: { id: Id<'submission'>; state: SubmissionState },
  act: SubmissionAct,
  by: Id<'account'> | null = null,
): Promise<boolean> {
  const state = after(submission.state, act);
  if (!state) return false;
  const result = await trx
    .updateTable('submissions')
    // A draft again: withdrawn once more it is not shown as if what it says now had been handed in.
    .set({
      state,
      updated_at: instant(ctx.clock.now()),
      ...(act === 'reinstate' && { submitted_at: null }),
      ...(act === 'withdraw' && { withdrawn_by: by }),
    })
    .where('id', '=', submission.id)
    .where('state', '=', submission.state)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** The next free reference: prefix and number. A number is used once, also where its paper is gone. */
async function takeRef(
  trx: Write,
  conference: { id: Id<'conference'>; refPrefix: string },
): Promise<{ ref: string; seq: number }> {
  for (;;) {
    const { next_ref } = await trx
      .updateTable('conferences')
      .set((eb) => ({ next_ref: eb('next_ref', '+', 1) }))
      .where('id', '=', conference.id)
      .returning('next_ref')
      .executeTakeFirstOrThrow();
    const seq = next_ref - 1;
    const ref = `${conference.refPrefix}${String(seq).padStart(4, '0')}`;
    const taken = await trx
      .selectFrom('submissions')
      .select('id')
      .where('conference_id', '=', conference.id)
      .where('ref', '=', ref)
      .executeTakeFirst();
    if (!taken) return { ref, seq };
  }
}

import { instant, json, newId } from '#db/ids';
import type { Id, SubmissionState } from '#db/schema';
import { type Write, write } from '#db/write';
import { renderMail } from '#emails/mail';
import { submissionReceived } from '#emails/submission-received';
import { translator } from '#locales/translate';
import { grantRole } from '../account/commands.server';
import { mailboxesFor, primaryMailbox } from '../account/mailboxes.server';
import { addressKey } from '../account/schema';
import type { Viewer } from '../account/viewer';
import type { Conference } from '../conference/queries.server';
import { windowState } from '../conference/state';
import { formatInstant } from '../conference/zoned-time';
import type { DomainContext } from '../context';
import { enqueue } from '../mail/outbox.server';
import { mayEdit, mayReinstate, mayWithdraw } from './policy';
import { unpublishSubmission } from './publication.server';
import { type BylineAuthor, ownSubmission, type Submission } from './queries.server';
import type { SubmissionInput } from './schema';
import { after, type SubmissionAct } from './state';

export type Saved =
  | { ok: true; ref: string; submitted: boolean }
  /** Outside the submission window. */
  | { ok: false; reason: 'window' }
  /** Not this viewer's, or no such thing. */
  | { ok: false; reason: 'missing' }
  /** Decided or withdrawn: the text is locked. */
  | { ok: false; reason: 'locked' }
  /** Somebody has saved since the form was read; `theirs` is what they saved. */
  | { ok: false; reason: 'stale'; theirs: Submission };

/** Makes a submission: a draft, or handed in at once where the input says so. */
export async function createSubmission(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  input: SubmissionInput,
): Promise<Saved> {
  if (windowState(conference, ctx.clock.now()) !== 'open') return { ok: false, reason: 'window' };
  return write(ctx.db, async (trx) => {
    const { ref, seq } = await takeRef(trx, conference);
    const id = newId<'submission'>();
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
        submitter_id: viewer.accountId,
        submitted_at: submitted ? now : null,
        created_at: now,
        updated_at: now,
      })
      .execute();
    await insertVersion(trx, ctx, {
      submissionId: id,
      versionId,
      number: 1,
      savedBy: viewer.accountId,
      input,
      before: [],
    });
    await grantRole(trx, ctx, viewer.accountId, conference.id, 'author');
    if (submitted) await sendReceipt(trx, ctx, conference, viewer, { id, ref, title: input.title });
    return { ok: true, ref, submitted };
  });
}

/** Saves a new version of a submission and, where the input says so, hands it in. */
export async function editSubmission(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  input: SubmissionInput,
): Promise<Saved> {
  return write(ctx.db, async (trx) => {
    const submission = await ownSubmission(trx, conference.id, ref, viewer);
    if (!submission) return { ok: false, reason: 'missing' };
    const window = windowState(conference, ctx.clock.now());
    if (!mayEdit(viewer, submission, window)) return { ok: false, reason: window === 'open' ? 'locked' : 'window' };
    // What has been handed in is whole; a form that still calls it a draft, and so was not checked for that, is old.
    const outdated = input.intent === 'draft' && submission.state !== 'draft';
    if (outdated || submission.version.id !== input.baseVersion)
      return { ok: false, reason: 'stale', theirs: submission };

    const versionId = newId<'version'>();
    const now = instant(ctx.clock.now());
    const state =
      input.intent === 'submit' ? (after(submission.state, 'submit') ?? submission.state) : submission.state;
    const submitted = state !== submission.state;
    const changed = await trx
      .updateTable('submissions')
      .set({ current_version_id: versionId, state, updated_at: now, ...(submitted && { submitted_at: now }) })
      .where('id', '=', submission.id)
      .where('current_version_id', '=', submission.version.id)
      .where('state', '=', submission.state)
      .executeTakeFirst();
    if (changed.numUpdatedRows !== 1n) {
      const theirs = await ownSubmission(trx, conference.id, ref, viewer);
      return theirs ? { ok: false, reason: 'stale', theirs } : { ok: false, reason: 'missing' };
    }
    await insertVersion(trx, ctx, {
      submissionId: submission.id,
      versionId,
      number: submission.version.number + 1,
      savedBy: viewer.accountId,
      input,
      before: submission.authors,
    });
    if (submitted) await sendReceipt(trx, ctx, conference, viewer, { id: submission.id, ref, title: input.title });
    return { ok: true, ref, submitted };
  });
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
    if (!(await move(trx, ctx, submission, 'withdraw'))) return false;
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
    return move(trx, ctx, submission, 'reinstate');
  });
}

/** Changes the state if the act is legal and nobody was faster. */
export async function move(
  trx: Write,
  ctx: DomainContext,
  submission: { id: Id<'submission'>; state: SubmissionState },
  act: SubmissionAct,
): Promise<boolean> {
  const state = after(submission.state, act);
  if (!state) return false;
  const result = await trx
    .updateTable('submissions')
    // A draft again: withdrawn once more it is not shown as if what it says now had been handed in.
    .set({ state, updated_at: instant(ctx.clock.now()), ...(act === 'reinstate' && { submitted_at: null }) })
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

async function insertVersion(
  trx: Write,
  ctx: DomainContext,
  version: {
    submissionId: Id<'submission'>;
    versionId: Id<'version'>;
    number: number;
    savedBy: Id<'account'>;
    input: SubmissionInput;
    before: BylineAuthor[];
  },
): Promise<void> {
  const { input, versionId } = version;
  await trx
    .insertInto('submission_versions')
    .values({
      id: versionId,
      submission_id: version.submissionId,
      number: version.number,
      title: input.title,
      abstract: input.abstract,
      markup: input.markdown ? 'markdown' : 'plain',
      format_id: input.formatId as Id<'format'>,
      theme_id: input.themeId as Id<'theme'>,
      keywords: json(input.keywords),
      language: input.language ?? '',
      saved_by: version.savedBy,
      saved_at: instant(ctx.clock.now()),
    })
    .execute();
  if (input.authors.length === 0) return;
  const mailboxes = await mailboxesFor(
    trx,
    ctx.clock,
    input.authors.flatMap((author) => author.address ?? []),
  );
  const known = new Map(version.before.map((author) => [author.id as string, author]));
  await trx
    .insertInto('version_authors')
    .values(
      input.authors.map((author, position) => {
        const earlier = author.id ? known.get(author.id) : undefined;
        if (author.id) known.delete(author.id);
        const kept = author.forgetAddress ? null : (earlier?.mailboxId ?? null);
        return {
          version_id: versionId,
          position,
          author_id: earlier?.id ?? newId<'author'>(),
          name: author.name,
          affiliation: author.affiliation,
          orcid: author.orcid ?? null,
          presenter: author.presenter ? 1 : 0,
          contactable: author.contactable ? 1 : 0,
          mailbox_id: author.address ? (mailboxes.get(addressKey(author.address)) ?? null) : kept,
        } as const;
      }),
    )
    .execute();
}

async function sendReceipt(
  trx: Write,
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  paper: { id: Id<'submission'>; ref: string; title: string },
): Promise<void> {
  const to = await primaryMailbox(trx, viewer.accountId);
  if (!to) return;
  const mail = renderMail(
    submissionReceived,
    {
      paper: { ref: paper.ref, title: paper.title },
      conference: conference.name,
      editableUntil: conference.closesAt ? formatInstant(conference.closesAt, conference.timeZone) : '',
      url: `${ctx.config.origin}/${conference.slug}/submissions/${encodeURIComponent(paper.ref)}`,
    },
    translator('en'),
  );
  const again = instant(ctx.clock.now());
  await enqueue(trx, ctx, [
    { to, mail, fromName: conference.name, conferenceId: conference.id, dedupeKey: `received:${paper.id}:${again}` },
  ]);
}

import { instant } from '#db/ids';
import type { Id } from '#db/schema';
import { type Write, write } from '#db/write';
import { claimMailbox, grantRole } from '../account/commands.server';
import { mailboxOwner, vouchForMailboxes } from '../account/mailbox-owners.server';
import { setUnasked } from '../account/suppression.server';
import type { Viewer } from '../account/viewer';
import { publicContentChanged } from '../conference/commands.server';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import { cancelHeld, takeOutHeld } from '../mail/outbox.server';
import { admitAuthor, turnAwayAuthor } from '../message/admission.server';
import { tellAuthors } from '../review/decision-mail.server';
import { decisionsOn, inForce } from '../review/decision-queries.server';
import { type Author, destinationsOf } from '../submission/byline/authors.server';
import { claimedAuthor } from '../submission/byline/link.server';
import { copyByline } from '../submission/byline/save.server';
import { lockSubmission } from '../submission/lock.server';
import { isInCharge, isPerson, mayEditOwnLine } from '../submission/policy';
import { ownSubmission, type Submission, submissionByRef } from '../submission/queries.server';
import { nextVersion } from '../submission/versions.server';
import { type Authorship, authorshipBehind, type Host, lineIn } from './queries.server';
import type { OwnLineInput } from './schema';

export type Answered =
  | { ok: true; authorship: Authorship }
  /** The link is none of ours, or the byline has changed since. */
  | { ok: false; reason: 'dead' }
  /** The line has been changed since the form was read; `theirs` is how it stands. */
  | { ok: false; reason: 'stale'; theirs: Author }
  /** Under review: how lines are spelt is the organisers' to change. The answer is not saved. */
  | { ok: false; reason: 'fixed' };

/**
 * Says, with the link of a mail, that a paper is one's own, and where it is wrong how one's line is spelt. Whoever has
 * the link has read the mail, so the address is theirs: it is claimed, held mail goes there, and their rules count.
 * Signed in, and the address nobody else's, the paper goes to that account. No session begins.
 */
export async function sayYes(
  ctx: DomainContext,
  token: string,
  viewer: Viewer | null,
  line: OwnLineInput | null,
): Promise<Answered> {
  return write(ctx.db, async (trx): Promise<Answered> => {
    const authorship = await lockedAuthorship(trx, ctx, token);
    if (!authorship) return { ok: false, reason: 'dead' };
    const { conference, submissionId, own } = authorship;
    if (line) {
      const corrected = await correctLine(trx, ctx, authorship, own, line, null);
      if (!corrected.ok) return corrected;
    }
    const owner = await mailboxOwner(trx, own.mailboxId, { settle: true });
    let accountId = owner.accountId;
    if (viewer && (accountId === null || accountId === viewer.accountId)) {
      accountId = viewer.accountId;
      await vouchForMailboxes(trx, ctx.clock, [own.mailboxId]);
    } else {
      const claimed = await claimMailbox(trx, ctx, own.mailboxId, line?.name ?? own.name);
      accountId = claimed!.accountId;
    }
    const lines = await trx
      .updateTable('authors')
      .set({
        account_id: accountId,
        state: 'confirmed',
        answered_at: instant(ctx.clock.now()),
        ...(line && { contactable: line.contactable ? 1 : 0 }),
      })
      .where('submission_id', '=', submissionId)
      .where('mailbox_id', '=', own.mailboxId)
      .where('state', '!=', 'confirmed')
      .returning('id')
      .execute();
    // Once it is theirs, the same form is where they say who may write.
    if (line && lines.length === 0 && own.state === 'confirmed')
      await trx
        .updateTable('authors')
        .set({ contactable: line.contactable ? 1 : 0 })
        .where('id', '=', own.id)
        .execute();
    if (lines.length > 0) {
      await grantRole(trx, ctx, accountId, conference.id, 'author');
      await welcome(trx, ctx, authorship, accountId);
      await publicContentChanged(trx, conference.id);
    }
    return { ok: true, authorship };
  });
}

/** What waited for that yes: mail about the paper, and messages of its readers. */
async function welcome(
  trx: Write,
  ctx: DomainContext,
  { conference, submissionId, ref, own }: Authorship,
  accountId: Id<'account'>,
): Promise<void> {
  const submission = (await submissionByRef(trx, conference.id, ref))!;
  const destination = (await destinationsOf(trx, submission.authors)).get(own.id) ?? own.mailboxId;
  await takeOutHeld(trx, submissionId, own.mailboxId);
  const decision = inForce(await decisionsOn(trx, submissionId));
  if (decision && decision.outcome === submission.state)
    await tellAuthors(trx, ctx, conference, submission, decision, destination);
  for (const author of submission.authors)
    if (author.accountId === accountId)
      await admitAuthor(trx, ctx, { id: author.id, submissionId, mailboxId: destination });
  await handOver(trx, submission, own.id, accountId);
}

/** A paper that was entered for others is, from then on, also in the hand of the author whose it is first. */
async function handOver(
  trx: Write,
  submission: Submission,
  authorId: Id<'author'>,
  accountId: Id<'account'>,
): Promise<void> {
  const [first] = submission.authors;
  const presents = submission.authors.some((author) => author.id === authorId && author.presenter);
  if (submission.submitterId !== null || submission.enteredById === null) return;
  if (first?.id !== authorId && !presents) return;
  await trx
    .updateTable('submissions')
    .set({ submitter_id: accountId })
    .where('id', '=', submission.id)
    .where('submitter_id', 'is', null)
    .execute();
}

/** Says, with the link of a mail, that a paper is not one's own. Nothing that waited for its author goes there. */
export async function sayNo(ctx: DomainContext, token: string): Promise<Answered> {
  return write(ctx.db, async (trx): Promise<Answered> => {
    const authorship = await lockedAuthorship(trx, ctx, token);
    if (!authorship) return { ok: false, reason: 'dead' };
    const { conference, submissionId, own, byline } = authorship;
    const lines = byline.filter((author) => author.mailboxId === own.mailboxId);
    await decline(trx, ctx, conference, submissionId, lines);
    return { ok: true, authorship };
  });
}

/** What a link asks about, read once nobody else can change it: an answer and somebody's save meet one after the other. */
async function lockedAuthorship(trx: Write, ctx: DomainContext, token: string): Promise<Authorship | null> {
  await lockSubmission(trx, { authorId: claimedAuthor(token) });
  return authorshipBehind({ ...ctx, db: trx }, token);
}

/**
 * Asks the address that the link of a mail was sent to about no more papers, whoever names it, or again. False: the link
 * is none of ours, or the byline has changed since.
 */
export async function stopAsking(ctx: DomainContext, token: string, stop: boolean): Promise<boolean> {
  const authorship = await authorshipBehind(ctx, token);
  if (!authorship) return false;
  await write(ctx.db, (trx) => setUnasked(trx, ctx.clock, authorship.own.mailboxId, stop));
  return true;
}

/**
 * A co-author leaves a paper: it is not theirs. Whoever has it in hand cannot leave it to nobody. `missing`: it is none
 * of the viewer's.
 */
export async function leavePaper(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
): Promise<'left' | 'missing' | 'in-charge'> {
  return write(ctx.db, async (trx) => {
    await lockSubmission(trx, { conferenceId: conference.id, ref });
    const submission = await ownSubmission(trx, conference.id, ref, viewer);
    const own = submission?.authors.filter((author) => isPerson(viewer, author)) ?? [];
    if (!submission || own.length === 0) return 'missing';
    if (isInCharge(viewer, submission)) return 'in-charge';
    await decline(trx, ctx, conference, submission.id, own);
    return 'left';
  });
}

async function decline(
  trx: Write,
  ctx: DomainContext,
  conference: Host,
  submissionId: Id<'submission'>,
  lines: readonly Author[],
): Promise<void> {
  for (const { id, mailboxId, accountId } of lines) {
    await trx
      .updateTable('authors')
      .set({ state: 'declined', account_id: null, may_edit: 0, answered_at: instant(ctx.clock.now()) })
      .where('id', '=', id)
      .execute();
    if (mailboxId) await cancelHeld(trx, submissionId, mailboxId);
    await turnAwayAuthor(trx, ctx, id);
    // Who had it in hand as its author has it no more; who entered it still has.
    if (accountId)
      await trx
        .updateTable('submissions')
        .set({ submitter_id: null })
        .where('id', '=', submissionId)
        .where('submitter_id', '=', accountId)
        .execute();
  }
  await publicContentChanged(trx, conference.id);
}

/** A confirmed author sets how their own line is spelt and whether readers may write. `line.base`: the version read. */
export async function editOwnLine(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  line: OwnLineInput,
): Promise<LineSaved | { ok: false; reason: 'missing' }> {
  return write(ctx.db, async (trx) => {
    await lockSubmission(trx, { conferenceId: conference.id, ref });
    const submission = await ownSubmission(trx, conference.id, ref, viewer);
    const own = submission?.authors.find((author) => author.state === 'confirmed' && isPerson(viewer, author));
    if (!submission || !own) return { ok: false, reason: 'missing' };
    const authorship = {
      conference,
      submissionId: submission.id,
      ref,
      versionId: submission.version.id,
      correctable: mayEditOwnLine(submission),
    };
    const corrected = await correctLine(trx, ctx, authorship, own, line, viewer.accountId);
    if (!corrected.ok) return corrected;
    await trx
      .updateTable('authors')
      .set({ contactable: line.contactable ? 1 : 0 })
      .where('id', '=', own.id)
      .execute();
    await publicContentChanged(trx, conference.id);
    return { ok: true };
  });
}

/** `fixed` and `stale` as in `Answered`. */
type LineSaved = { ok: true } | { ok: false; reason: 'fixed' } | { ok: false; reason: 'stale'; theirs: Author };

/** Another spelling is a new version with the same text; the spelling that stands already is none. */
async function correctLine(
  trx: Write,
  ctx: DomainContext,
  paper: Pick<Authorship, 'conference' | 'ref' | 'submissionId' | 'versionId' | 'correctable'>,
  own: Author,
  line: OwnLineInput,
  savedBy: Id<'account'> | null,
): Promise<LineSaved> {
  const spelling = { name: line.name, affiliation: line.affiliation, orcid: line.orcid ?? null };
  if (isSpelt(own, spelling)) return { ok: true };
  if (!paper.correctable) return { ok: false, reason: 'fixed' };
  const read = line.base ? await lineIn(trx, line.base as Id<'version'>, own.id) : null;
  if (read && !isSpelt(own, read)) return { ok: false, reason: 'stale', theirs: own };
  const submission = (await submissionByRef(trx, paper.conference.id, paper.ref))!;
  const versionId = await nextVersion(trx, ctx, submission, { text: submission.version, savedBy });
  if (!versionId) return { ok: false, reason: 'stale', theirs: own };
  const authors = submission.authors.map((author) => (author.id === own.id ? { ...author, ...spelling } : author));
  await copyByline(trx, versionId, authors);
  return { ok: true };
}

type Spelling = Pick<Author, 'name' | 'affiliation' | 'orcid'>;

function isSpelt(author: Spelling, as: Spelling): boolean {
  return author.name === as.name && author.affiliation === as.affiliation && author.orcid === as.orcid;
}

import { instant } from '#db/ids';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import type { Reached } from '../../account/limits.server';
import type { Viewer } from '../../account/viewer';
import type { Conference } from '../../conference/queries.server';
import type { DomainContext } from '../../context';
import { lockSubmission } from '../lock.server';
import { mayOrganiseByline } from '../policy';
import { publishSubmissions } from '../publication.server';
import { type Submission, submissionByRef } from '../queries.server';
import type { AuthorInput } from '../schema';
import { nextVersion } from '../versions.server';
import { askAuthors } from './ask.server';
import { authorsOf } from './authors.server';
import { isSameByline, withIds } from './same';
import { countAddresses, mailboxesGiven, saveByline } from './save.server';

export type BylineSaved =
  | { ok: true }
  /** Nothing that was handed in has this reference, or the viewer does not organise here. */
  | { ok: false; reason: 'missing' | 'forbidden' }
  | ({ ok: false; reason: 'limit' } & Reached)
  /** Somebody has saved since the form was read. */
  | { ok: false; reason: 'stale'; theirs: Submission };

/**
 * Lets an organiser change who stands in a byline, in which order and how they are named, also of a paper that is under
 * review, decided or in the programme. The text stays as it is. Authors who are new are asked.
 */
export async function editByline(
  ctx: DomainContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  input: { authors: readonly AuthorInput[]; baseVersion: string },
  origin: { network: string | null } = { network: null },
): Promise<BylineSaved> {
  return write(ctx.db, async (trx) => {
    await lockSubmission(trx, { conferenceId: conference.id, ref });
    const submission = await submissionByRef(trx, conference.id, ref);
    if (!submission?.submittedAt || submission.state === 'draft') return { ok: false, reason: 'missing' };
    if (!mayOrganiseByline(viewer, conference, submission)) return { ok: false, reason: 'forbidden' };
    const { id: submissionId, version, authors: before, underReview } = submission;
    // Once it is under review nobody makes themselves its author, who may have read or decided it: they are asked.
    const authors = underReview ? input.authors.map((author) => ({ ...author, me: false })) : input.authors;
    const by = underReview ? { ...viewer, mailboxIds: [] } : viewer;
    const tooMany = await countAddresses(trx, ctx, submissionId, authors);
    if (tooMany) return { ok: false, reason: 'limit', ...tooMany };
    const mailboxes = await mailboxesGiven(trx, ctx, authors);
    if (version.id !== input.baseVersion) {
      // It may say already what an old form says: that was sent once more since its answer was lost.
      const base = await authorsOf(trx, input.baseVersion as Id<'version'>);
      const again = withIds(authors, { made: false, base, now: before }, by, mailboxes);
      return isSameByline(again, before, by, mailboxes)
        ? { ok: true }
        : { ok: false, reason: 'stale', theirs: submission };
    }
    const versionId = await nextVersion(trx, ctx, submission, { text: version, savedBy: viewer.accountId });
    if (!versionId) return { ok: false, reason: 'stale', theirs: (await submissionByRef(trx, conference.id, ref))! };
    const now = instant(ctx.clock.now());
    await saveByline(trx, { submissionId, versionId, authors, mailboxes, before, viewer: by, now });
    if (submission.published) await publishSubmissions(trx, ctx, conference, [submissionId]);
    const paper = { id: submissionId, title: version.title, versionId };
    if (submission.state !== 'withdrawn') await askAuthors(trx, ctx, conference, paper, { ...viewer, ...origin });
    return { ok: true };
  });
}

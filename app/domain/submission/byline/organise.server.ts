import { instant, newId } from '#db/ids';
import type { Id } from '#db/schema';
import { type Write, write } from '#db/write';
import { mailboxesFor } from '../../account/mailboxes.server';
import type { Viewer } from '../../account/viewer';
import type { Conference } from '../../conference/queries.server';
import type { DomainContext } from '../../context';
import { mayOrganiseByline } from '../policy';
import { publishSubmissions } from '../publication.server';
import { type Submission, submissionByRef } from '../queries.server';
import type { AuthorInput } from '../schema';
import { insertVersion } from '../versions.server';
import { askAuthors } from './ask.server';
import { authorsOf } from './authors.server';
import { isSameByline, withIds } from './same';
import { saveByline } from './save.server';

export type BylineSaved =
  | { ok: true }
  /** Nothing that was handed in has this reference, or the viewer does not organise here. */
  | { ok: false; reason: 'missing' | 'forbidden' }
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
    const submission = await submissionByRef(trx, conference.id, ref);
    if (!submission?.submittedAt || submission.state === 'draft') return { ok: false, reason: 'missing' };
    if (!mayOrganiseByline(viewer, conference, submission)) return { ok: false, reason: 'forbidden' };
    if (submission.version.id !== input.baseVersion)
      return (await stands(trx, ctx, viewer, submission, input))
        ? { ok: true }
        : { ok: false, reason: 'stale', theirs: submission };
    const { id: submissionId, version } = submission;
    const versionId = newId<'version'>();
    const changed = await trx
      .updateTable('submissions')
      .set({ current_version_id: versionId, updated_at: instant(ctx.clock.now()) })
      .where('id', '=', submissionId)
      .where('current_version_id', '=', version.id)
      .executeTakeFirst();
    if (changed.numUpdatedRows !== 1n) {
      const theirs = (await submissionByRef(trx, conference.id, ref))!;
      return { ok: false, reason: 'stale', theirs };
    }
    await insertVersion(trx, ctx, {
      id: versionId,
      submissionId,
      number: version.number + 1,
      savedBy: viewer.accountId,
      text: version,
    });
    // Once it is under review nobody makes themselves its author, who may have read or decided it: they are asked.
    const authors = submission.underReview ? input.authors.map((author) => ({ ...author, me: false })) : input.authors;
    const by = submission.underReview ? { ...viewer, mailboxIds: [] } : viewer;
    await saveByline(trx, ctx, { submissionId, versionId, authors, before: submission.authors, viewer: by });
    if (submission.published) await publishSubmissions(trx, ctx, conference, [submissionId]);
    const asked = { id: submissionId, ref, title: version.title, authors: await authorsOf(trx, versionId) };
    if (submission.state !== 'withdrawn') await askAuthors(trx, ctx, conference, asked, origin.network);
    return { ok: true };
  });
}

/** Whether the byline says already what an old form says: it was sent once more since its answer was lost. */
async function stands(
  trx: Write,
  ctx: DomainContext,
  viewer: Viewer,
  submission: Submission,
  input: { authors: readonly AuthorInput[]; baseVersion: string },
): Promise<boolean> {
  const base = await authorsOf(trx, input.baseVersion as Id<'version'>);
  const addresses = input.authors.flatMap((author) => author.address ?? []);
  const mailboxes = await mailboxesFor(trx, ctx.clock, addresses);
  const authors = withIds(input.authors, { made: false, base, now: submission.authors }, viewer, mailboxes);
  return isSameByline(authors, submission.authors, viewer, mailboxes);
}

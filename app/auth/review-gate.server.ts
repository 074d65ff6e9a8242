import type { RequestContext } from '~/context.server';
import type { Viewer } from '~/domain/account/viewer';
import { mayReadSubmissions } from '~/domain/review/policy';
import { submissionUnderReview } from '~/domain/review/queries.server';
import { notFound } from './gate.server';

/** The submission of a review page; to whoever neither reviews nor organises here it does not exist. */
export async function requireSubmission(
  context: RequestContext,
  params: { conference?: string; ref?: string },
  viewer: Viewer,
) {
  const conference = await context.conference(params.conference);
  if (!mayReadSubmissions(viewer, conference)) throw notFound();
  const submission = await submissionUnderReview(context.db, conference.id, params.ref ?? '');
  if (!submission) throw notFound();
  return { conference, submission };
}

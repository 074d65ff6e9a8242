import type { Id } from '#db/schema';
import { hasRole, type Viewer } from '../account/viewer';
import { isAuthor, type Ownership } from '../submission/policy';
import { after } from '../submission/state';

type Scope = { id: Id<'conference'> };

/** Reviewers and organisers read what was submitted. */
export function mayReadSubmissions(viewer: Viewer | null, conference: Scope): boolean {
  return hasRole(viewer, conference.id, 'reviewer', 'organiser');
}

/** A reviewer judges what is still open, and never a paper of their own. */
export function mayReview(viewer: Viewer | null, conference: Scope, submission: Ownership): boolean {
  return (
    hasRole(viewer, conference.id, 'reviewer') && submission.state === 'submitted' && !isAuthor(viewer, submission)
  );
}

/** Scores and notes of others are the organisers', but never on a paper of their own. */
export function mayReadReviews(viewer: Viewer | null, conference: Scope, submission: Ownership): boolean {
  return hasRole(viewer, conference.id, 'organiser') && !isAuthor(viewer, submission);
}

export function mayDecide(
  viewer: Viewer | null,
  conference: Scope,
  submission: Ownership,
  outcome: 'accepted' | 'rejected',
): boolean {
  return (
    mayReadReviews(viewer, conference, submission) &&
    after(submission.state, outcome === 'accepted' ? 'accept' : 'reject') !== null
  );
}

export function mayPublish(viewer: Viewer | null, conference: Scope, submission: Ownership): boolean {
  return hasRole(viewer, conference.id, 'organiser') && submission.state === 'accepted';
}

import type { Id, Outcome } from '#db/schema';
import { hasRole, type Viewer } from '../account/viewer';
import { isParty, type Ownership } from '../submission/policy';
import { after } from '../submission/state';

type Scope = { id: Id<'conference'> };

/** Reviewers and organisers read what was submitted. */
export function mayReadSubmissions(viewer: Viewer | null, conference: Scope): boolean {
  return hasRole(viewer, conference.id, 'reviewer', 'organiser');
}

/** A reviewer judges what is still open, and never a paper of their own. */
export function mayReview(viewer: Viewer | null, conference: Scope, submission: Ownership): boolean {
  return (
    hasRole(viewer, conference.id, 'reviewer') &&
    submission.state === 'submitted' &&
    !isConflicted(viewer, conference, submission)
  );
}

/**
 * Authors who have said so judge nothing of their own, and neither do reviewers what they have entered for others. An
 * organiser who types in what came by mail is no party to it, and nobody becomes one by being named in a byline.
 */
export function isConflicted(viewer: Viewer | null, conference: Scope, submission: Ownership): boolean {
  if (isParty(viewer, submission)) return true;
  const entered = viewer !== null && submission.enteredById === viewer.accountId;
  return entered && !hasRole(viewer, conference.id, 'organiser');
}

/** Scores and notes of others are the organisers', but never on a paper of their own. */
export function mayReadReviews(viewer: Viewer | null, conference: Scope, submission: Ownership): boolean {
  return hasRole(viewer, conference.id, 'organiser') && !isParty(viewer, submission);
}

export function mayDecide(viewer: Viewer | null, conference: Scope, submission: Ownership, outcome: Outcome): boolean {
  return (
    mayReadReviews(viewer, conference, submission) &&
    after(submission.state, outcome === 'accepted' ? 'accept' : 'reject') !== null
  );
}

/** Whether this viewer may take back what has been decided. */
export function mayReopen(viewer: Viewer | null, conference: Scope, submission: Ownership): boolean {
  return mayReadReviews(viewer, conference, submission) && after(submission.state, 'reopen') !== null;
}

export function mayPublish(viewer: Viewer | null, conference: Scope, submission: Ownership): boolean {
  return hasRole(viewer, conference.id, 'organiser') && submission.state === 'accepted';
}

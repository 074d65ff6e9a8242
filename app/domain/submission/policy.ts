import type { Id, SubmissionState } from '#db/schema';
import type { Viewer } from '../account/viewer';
import type { WindowState } from '../conference/state';
import { after, isEditable } from './state';

/** What the predicates need to know of a submission. */
export interface Ownership {
  submitterId: Id<'account'> | null;
  state: SubmissionState;
  /** Mailboxes of the byline. */
  authorMailboxIds: readonly (Id<'mailbox'> | null)[];
}

export function isAuthor(viewer: Viewer | null, submission: Ownership): boolean {
  if (!viewer) return false;
  return (
    submission.submitterId === viewer.accountId ||
    submission.authorMailboxIds.some((id) => id !== null && viewer.mailboxIds.includes(id))
  );
}

/** One hand on the text: who submitted it. Of a paper that was imported, any author of its byline. */
export function isInCharge(viewer: Viewer | null, submission: Ownership): boolean {
  return submission.submitterId ? submission.submitterId === viewer?.accountId : isAuthor(viewer, submission);
}

export function mayEdit(viewer: Viewer | null, submission: Ownership, window: WindowState): boolean {
  return isInCharge(viewer, submission) && isEditable(submission.state) && window === 'open';
}

export function mayWithdraw(viewer: Viewer | null, submission: Ownership): boolean {
  return isInCharge(viewer, submission) && after(submission.state, 'withdraw') !== null;
}

export function mayReinstate(viewer: Viewer | null, submission: Ownership, window: WindowState): boolean {
  return isInCharge(viewer, submission) && after(submission.state, 'reinstate') !== null && window === 'open';
}

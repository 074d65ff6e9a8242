import type { AuthorState, Id, SubmissionState } from '#db/schema';
import { hasRole, type Viewer } from '../account/viewer';
import type { WindowState } from '../conference/state';
import type { Who } from './standing';
import { after, isEditable } from './state';

type Scope = { id: Id<'conference'> };

/** What the predicates need to know of a submission. */
export interface Ownership {
  submitterId: Id<'account'> | null;
  enteredById: Id<'account'> | null;
  state: SubmissionState;
  /** Whether somebody has reviewed or decided it. */
  underReview: boolean;
  authors: readonly Person[];
}

/** Who stands behind a line of the byline. */
export interface Person {
  accountId: Id<'account'> | null;
  mailboxId: Id<'mailbox'> | null;
  state: AuthorState;
  mayEdit: boolean;
}

/** What a viewer is to a submission; null: nothing at all. */
export function whoIs(viewer: Viewer | null, submission: Ownership): Who | null {
  if (isInCharge(viewer, submission)) return 'submitter';
  const own = submission.authors.filter((author) => isPerson(viewer, author));
  const confirmed = own.filter((author) => author.state === 'confirmed');
  if (confirmed.length > 0) return confirmed.some((author) => author.mayEdit) ? 'editor' : 'coauthor';
  return own.some((author) => author.state === 'asked') ? 'named' : null;
}

/** Whether a line of a byline is this viewer's, as far as anybody knows. */
export function isPerson(viewer: Viewer | null, author: Pick<Person, 'accountId' | 'mailboxId'>): boolean {
  if (!viewer) return false;
  if (author.accountId) return author.accountId === viewer.accountId;
  return author.mailboxId !== null && viewer.mailboxIds.includes(author.mailboxId);
}

/** An author who has said so. Who is only named in a byline is none, and whoever typed it in is none by that. */
export function isAuthor(viewer: Viewer | null, submission: Pick<Ownership, 'authors'>): boolean {
  return submission.authors.some((author) => author.state === 'confirmed' && isPerson(viewer, author));
}

/** An author, or who has submitted it as one, whatever the byline says by now. */
export function isParty(viewer: Viewer | null, submission: Pick<Ownership, 'authors' | 'submitterId'>): boolean {
  return isAuthor(viewer, submission) || (viewer !== null && submission.submitterId === viewer.accountId);
}

/** Who has the paper in hand: who submitted it and who entered it. Of an imported paper, any author of it. */
export function isInCharge(viewer: Viewer | null, submission: Ownership): boolean {
  if (!viewer) return false;
  const { submitterId, enteredById } = submission;
  if (submitterId === null && enteredById === null) return isAuthor(viewer, submission);
  return submitterId === viewer.accountId || enteredById === viewer.accountId;
}

export function mayRead(viewer: Viewer | null, submission: Ownership): boolean {
  return isInCharge(viewer, submission) || isAuthor(viewer, submission);
}

export function mayEdit(viewer: Viewer | null, submission: Ownership, window: WindowState): boolean {
  const who = whoIs(viewer, submission);
  const hand = who === 'submitter' || who === 'editor';
  return hand && isEditable(submission.state) && window === 'open';
}

/** Names, order and addresses. Once it is under review the organisers alone change them. */
export function mayEditByline(viewer: Viewer | null, submission: Ownership): boolean {
  return isInCharge(viewer, submission) && !submission.underReview;
}

/**
 * An organiser changes whatever byline it is, but for those of papers that they are a party to once these are under
 * review: taking oneself out of a byline would open its reviews.
 */
export function mayOrganiseByline(viewer: Viewer | null, conference: Scope, submission: Ownership): boolean {
  return hasRole(viewer, conference.id, 'organiser') && !(submission.underReview && isParty(viewer, submission));
}

/** How one's own line is spelt: for as long as no organiser has to look at it. */
export function mayEditOwnLine(submission: Ownership): boolean {
  return isEditable(submission.state) && !submission.underReview;
}

export function mayWithdraw(viewer: Viewer | null, submission: Ownership): boolean {
  return isInCharge(viewer, submission) && after(submission.state, 'withdraw') !== null;
}

export function mayReinstate(viewer: Viewer | null, submission: Ownership, window: WindowState): boolean {
  return isInCharge(viewer, submission) && after(submission.state, 'reinstate') !== null && window === 'open';
}

import type { AuthorState } from '#db/schema';

/** How an author can be reached, as their submitter and the organisers see it. */
export type Reach = 'reachable' | 'waiting' | 'no-address' | 'declined' | 'fails';

/**
 * `fails`: mail to them has failed for good. Nothing else that the portal may know of an address counts before its owner
 * has said that the paper is theirs: whoever guesses addresses into a byline sees one state for all of them.
 */
export function reachOf(author: {
  state: AuthorState;
  accountId: string | null;
  mailboxId: string | null;
  fails: boolean;
}): Reach {
  if (author.state === 'declined') return 'declined';
  if (author.accountId === null && author.mailboxId === null) return 'no-address';
  if (author.fails) return 'fails';
  return author.state === 'confirmed' ? 'reachable' : 'waiting';
}

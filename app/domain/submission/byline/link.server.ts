import type { Id } from '#db/schema';
import type { Config } from '~/config.server';
import { isSigned, sign } from '../../secret.server';

/** Whom a mail has asked whether a paper is theirs: the line of its byline, and the address that was asked. */
export interface AuthorLink {
  authorId: Id<'author'>;
  mailboxId: Id<'mailbox'>;
}

/** What the link in such a mail names it by. Signed, so that nobody guesses it; dead once the line has another address. */
export function authorToken(config: Config, { authorId, mailboxId }: AuthorLink): string {
  return `${authorId}.${sign(config, `author:${authorId}:${mailboxId}`)}`;
}

/** Whether a token was made for that line and that address. */
export function isAuthorToken(config: Config, token: string, { authorId, mailboxId }: AuthorLink): boolean {
  const [id = '', signature = ''] = token.split('.');
  return id === authorId && isSigned(config, `author:${authorId}:${mailboxId}`, signature);
}

/** The line that a token claims to be of. Nothing is shown on its word before `isAuthorToken` has agreed. */
export function claimedAuthor(token: string): Id<'author'> {
  return (token.split('.')[0] ?? '') as Id<'author'>;
}

export function authorshipPath(token: string): string {
  return `/authorship/${token}`;
}

import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { authorsOf, type BylineAuthor } from '../submission/queries.server';
import { takesLetters } from './policy';
import { lettersFromOf } from './rules.server';

export interface Recipient {
  id: Id<'author'>;
  name: string;
  mailboxId: Id<'mailbox'>;
  /** Whether the first message waits for their yes. */
  asks: boolean;
}

/**
 * The authors of a published paper to whom this writer can write. Whether an address is verified makes no difference.
 * `others`: whether there are more for participants of the conference.
 */
export async function recipientsOf(
  db: Database,
  paper: { submissionId: Id<'submission'>; versionId: Id<'version'> },
  writer: { participates: boolean },
): Promise<{ recipients: Recipient[]; others: boolean }> {
  const authors = (await authorsOf(db, paper.versionId)).filter(hasMailbox).filter((author) => author.contactable);
  const lettersFrom = await lettersFromOf(
    db,
    authors.map((author) => author.mailboxId),
    paper.submissionId,
  );
  const taking = (participates: boolean) =>
    authors.filter((author) => takesLetters(lettersFrom(author.mailboxId), { participates }));
  const recipients = taking(writer.participates).map(({ id, name, mailboxId }) => ({
    id,
    name,
    mailboxId,
    asks: lettersFrom(mailboxId) === 'asked',
  }));
  return { recipients, others: taking(true).length > recipients.length };
}

function hasMailbox(author: BylineAuthor): author is BylineAuthor & { mailboxId: Id<'mailbox'> } {
  return author.mailboxId !== null;
}

import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { authorsOf, destinationsOf } from '../submission/byline/authors.server';
import { takesLetters } from './policy';
import { lettersFromOf } from './rules.server';

export interface Recipient {
  id: Id<'author'>;
  name: string;
  mailboxId: Id<'mailbox'>;
  /** `waiting`: has not said yet that the paper is theirs; `asked`: wants to be asked before a first message. */
  consent: 'given' | 'asked' | 'waiting';
}

/**
 * The authors of a published paper to whom this writer can write. Of who has not said yes to the paper nothing shows but
 * that: whatever an address that somebody guessed into a byline may have said elsewhere does not count here.
 * `others`: whether there are more for participants of the conference.
 */
export async function recipientsOf(
  db: Database,
  paper: { submissionId: Id<'submission'>; versionId: Id<'version'> },
  writer: { participates: boolean },
): Promise<{ recipients: Recipient[]; others: boolean }> {
  const authors = (await authorsOf(db, paper.versionId)).filter(
    (author) => author.contactable && author.state !== 'declined',
  );
  const destinations = await destinationsOf(db, authors);
  const reachable = authors.flatMap(({ id, name, state }) => {
    const mailboxId = destinations.get(id);
    return mailboxId ? [{ id, name, mailboxId, confirmed: state === 'confirmed' }] : [];
  });
  const lettersFrom = await lettersFromOf(
    db,
    reachable.filter((author) => author.confirmed).map((author) => author.mailboxId),
    paper.submissionId,
  );
  const taking = (participates: boolean) =>
    reachable.filter((author) => !author.confirmed || takesLetters(lettersFrom(author.mailboxId), { participates }));
  const recipients = taking(writer.participates).map(({ confirmed, ...author }) => ({
    ...author,
    consent: !confirmed
      ? ('waiting' as const)
      : lettersFrom(author.mailboxId) === 'asked'
        ? ('asked' as const)
        : ('given' as const),
  }));
  return { recipients, others: taking(true).length > recipients.length };
}

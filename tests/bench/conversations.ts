import { newId } from '#db/ids';
import type { Id } from '#db/schema';
import { viewerOf } from '~/domain/account/queries.server';
import { sendMessage } from '~/domain/message/commands.server';
import { paperByRef } from '~/domain/programme/queries.server';
import { type Portal, signIn, withoutLimits } from './portal';

/** A message that somebody has written to the authors of a paper, as one of its letters is made of. */
export interface Conversation {
  threadId: Id<'thread'>;
  messageId: Id<'message'>;
  writer: string;
  /** The writer's. */
  address: string;
  author: { mailboxId: Id<'mailbox'>; participantId: Id<'participant'> };
  correspondent: { mailboxId: Id<'mailbox'>; participantId: Id<'participant'> };
}

/** So many people write to the authors of so many papers. */
export async function converse(portal: Portal, name: string, count: number): Promise<Conversation[]> {
  const { app, conference } = portal;
  const people = await signIn(app, name, count);
  const mailboxes = people.map((person) => person.mailboxId);
  await withoutLimits(app, async () => {
    for (const [number, person] of people.entries()) {
      const paper = await paperByRef(app.db, conference.id, `B${String(number + 1).padStart(5, '0')}`, null);
      const authors = await app.db
        .selectFrom('version_authors')
        .innerJoin('authors', 'authors.id', 'version_authors.author_id')
        .select('author_id')
        .where('version_id', '=', paper!.versionId)
        .where('contactable', '=', 1)
        .execute();
      const viewer = await viewerOf(app.db, person.accountId, `${name} Person ${number}`);
      const to = authors.map((author) => author.author_id);
      await sendMessage(app, conference, paper!, viewer, { key: newId(), to, subject: 'Boxes', body: 'Where?' });
    }
  });
  const rows = await app.db
    .selectFrom('messages')
    .innerJoin('participants as correspondent', 'correspondent.id', 'messages.participant_id')
    .innerJoin('participants as author', 'author.thread_id', 'messages.thread_id')
    .select(['messages.id as messageId', 'messages.thread_id as threadId', 'correspondent.name as writer'])
    .select(['author.id as authorId', 'author.mailbox_id as authorMailboxId'])
    .select(['correspondent.id as correspondentId', 'correspondent.mailbox_id as correspondentMailboxId'])
    .where('correspondent.mailbox_id', 'in', mailboxes)
    .where('author.role', '=', 'author')
    .orderBy('author.id')
    .execute();
  const one = new Map(rows.map((row) => [row.correspondentMailboxId, row]));
  return mailboxes.map((mailboxId, number) => {
    const row = one.get(mailboxId);
    if (!row) throw new Error(`the message of ${name} ${number} reached nobody`);
    const { threadId, messageId, writer } = row;
    return {
      threadId,
      messageId,
      writer,
      address: `${name.toLowerCase()}${number}@people.example`,
      author: { mailboxId: row.authorMailboxId, participantId: row.authorId },
      correspondent: { mailboxId, participantId: row.correspondentId },
    };
  });
}

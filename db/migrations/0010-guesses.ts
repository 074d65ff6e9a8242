import { type Kysely, sql } from 'kysely';

/**
 * What tells a guessed address from a wrong one goes: who has given an author's address is known, so that nobody else
 * finds that author again by typing it; and a line of a byline that waits for a yes stands in a thread for itself, also
 * where its address is somebody's who takes part already. And an address can ask for no more questions, and mail
 * that comes back is known to have failed where it really went, and a guest's form that is sent once more is one message.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('authors').addColumn('given_by', 'text').execute();
  await sql`update authors set given_by = (select coalesce(entered_by_id, submitter_id) from submissions
    where submissions.id = authors.submission_id) where mailbox_id is not null`.execute(db);

  await db.schema.alterTable('mailboxes').addColumn('unasked_at', 'text').execute();
  await db.schema.alterTable('outbox').addColumn('sent_to', 'text').execute();
  await db.schema.alterTable('message_requests').addColumn('form', 'text').execute();
  await db.schema.createIndex('message_requests_one_form').unique().on('message_requests').column('form').execute();

  await db.schema.dropIndex('participants_one_thread_id_mailbox_id').execute();
  await sql`create unique index participants_one_thread_id_mailbox_id on participants (thread_id, mailbox_id)
    where consent <> 'waiting'`.execute(db);
  await db.schema.createIndex('participants_by_thread_id').on('participants').column('thread_id').execute();
}

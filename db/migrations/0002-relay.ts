import type { Kysely } from 'kysely';

/** Answers by mail: who may answer with which address, what came in, and which mailboxes take nothing any more. */
// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('reply_tokens')
    .addColumn('token', 'text', (c) => c.primaryKey())
    .addColumn('participant_id', 'text', (c) => c.notNull().references('participants.id'))
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .addColumn('revoked_at', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('reply_tokens_one_participant_id')
    .on('reply_tokens')
    .column('participant_id')
    .unique()
    .execute();

  await db.schema
    .createTable('replies')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('participant_id', 'text', (c) => c.notNull().references('participants.id'))
    .addColumn('dedupe_key', 'text', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('received_at', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('replies_one_dedupe_key').on('replies').column('dedupe_key').unique().execute();
  await db.schema
    .createIndex('replies_by_participant_id_outcome')
    .on('replies')
    .columns(['participant_id', 'outcome'])
    .execute();

  await db.schema.alterTable('outbox').addColumn('reply_token', 'text').execute();
  await db.schema.alterTable('mailboxes').addColumn('suppressed_at', 'text').execute();
  await db.schema.alterTable('mailboxes').addColumn('suppressed_for', 'text').execute();

  await db.schema.alterTable('conferences').addColumn('mail_held_at', 'text').execute();
  await db.schema.createIndex('outbox_by_conference_id_id').on('outbox').columns(['conference_id', 'id']).execute();
}

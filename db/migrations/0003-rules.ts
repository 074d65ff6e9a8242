import type { Kysely } from 'kysely';

/** Who may write to whom and when: rules of people and papers, blocks, leaving, the time after a conference. */
// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  const alter = (table: string) => db.schema.alterTable(table);
  await alter('accounts')
    .addColumn('letters_from', 'text', (c) => c.notNull().defaultTo('anyone'))
    .execute();
  await db.updateTable('accounts').set({ letters_from: 'nobody' }).where('contactable', '=', 0).execute();
  await alter('accounts').dropColumn('contactable').execute();
  for (const column of ['quiet_from', 'quiet_until', 'quiet_zone'])
    await alter('accounts').addColumn(column, 'text').execute();

  await db.schema
    .createTable('paper_rules')
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('submission_id', 'text', (c) => c.notNull().references('submissions.id'))
    .addColumn('letters_from', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('paper_rules_key', ['account_id', 'submission_id'])
    .execute();

  await alter('mailboxes')
    .addColumn('person_key', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  for (const { id, address_key } of await db.selectFrom('mailboxes').select(['id', 'address_key']).execute())
    await db
      .updateTable('mailboxes')
      .set({ person_key: personKey(address_key) })
      .where('id', '=', id)
      .execute();
  await db.schema.createIndex('mailboxes_by_person_key').on('mailboxes').column('person_key').execute();

  await db.schema
    .createTable('blocks')
    .addColumn('mailbox_id', 'text', (c) => c.notNull().references('mailboxes.id'))
    .addColumn('blocked_mailbox_id', 'text', (c) => c.notNull().references('mailboxes.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('blocks_key', ['mailbox_id', 'blocked_mailbox_id'])
    .execute();

  await alter('threads').addColumn('closed_at', 'text').execute();
  await alter('threads')
    .addColumn('words', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  await alter('participants')
    .addColumn('consent', 'text', (c) => c.notNull().defaultTo('given'))
    .execute();
  for (const column of ['muted_at', 'left_at', 'latest_id', 'read_id'])
    await alter('participants').addColumn(column, 'text').execute();
  const newest = db
    .selectFrom('messages')
    .select((eb) => eb.fn.max('messages.id').as('id'))
    .whereRef('messages.thread_id', '=', 'participants.thread_id');
  await db.updateTable('participants').set({ latest_id: newest, read_id: newest }).execute();
  await db.schema
    .createIndex('participants_by_mailbox_id_latest_id')
    .on('participants')
    .columns(['mailbox_id', 'latest_id'])
    .execute();

  await alter('conferences')
    .addColumn('letters_weeks', 'bigint', (c) => c.notNull().defaultTo(8))
    .execute();
}

/** As the portal makes it: without what follows a plus sign, and without dots. */
function personKey(addressKey: string): string {
  const at = addressKey.lastIndexOf('@');
  return addressKey.slice(0, at).replace(/\+.*$/, '').replaceAll('.', '') + addressKey.slice(at);
}

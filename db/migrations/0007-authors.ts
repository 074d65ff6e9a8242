import { type Kysely, sql } from 'kysely';

/**
 * Authors are people: who stands in the byline of a paper, and whether they have said so, in a table of its own, while
 * a version keeps how it spelt them. Who entered a paper and who is its submitter are two things. Decisions wait, apply
 * and are superseded, and the mail about them names them. An account chooses where its mail goes.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  await makeAuthors(db);
  await separateSubmitters(db);
  await slimVersionAuthors(db);
  await decisionsThatWait(db);
  await mailThatNamesItsCause(db);
  await admitLater(db);
  await db.schema.alterTable('accounts').addColumn('primary_mailbox_id', 'text').execute();
  await db.schema.alterTable('links').addColumn('account_id', 'text').execute();
}

/** One row for each person of a submission's bylines, as the newest version that names them has it. */
// biome-ignore lint/suspicious/noExplicitAny: as above
async function makeAuthors(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('authors')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('submission_id', 'text', (c) => c.notNull().references('submissions.id'))
    .addColumn('account_id', 'text', (c) => c.references('accounts.id'))
    .addColumn('mailbox_id', 'text', (c) => c.references('mailboxes.id'))
    .addColumn('contactable', 'bigint', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('may_edit', 'bigint', (c) => c.notNull().defaultTo(0))
    .addColumn('asked_at', 'text')
    .addColumn('reminded_at', 'text')
    .addColumn('answered_at', 'text')
    .execute();
  // An address that its owner or an import has vouched for was taken for the author's until now, and stays so.
  await sql`
    insert into authors (id, submission_id, account_id, mailbox_id, contactable, state)
    select named.author_id, version.submission_id,
      case when mailbox.verified_at is null then null else mailbox.account_id end,
      named.mailbox_id, named.contactable,
      case when mailbox.verified_at is null then 'listed' else 'confirmed' end
    from version_authors as named
    join submission_versions as version on version.id = named.version_id
    left join mailboxes as mailbox on mailbox.id = named.mailbox_id
    where version.number = (
      select max(other.number) from submission_versions as other
      join version_authors as again on again.version_id = other.id
      where other.submission_id = version.submission_id and again.author_id = named.author_id
    )`.execute(db);
  for (const column of ['submission_id', 'account_id', 'mailbox_id', 'state'])
    await db.schema.createIndex(`authors_by_${column}`).on('authors').column(column).execute();
}

/** Whoever submitted a paper under their own name is that author; whoever did not has entered it for others. */
// biome-ignore lint/suspicious/noExplicitAny: as above
async function separateSubmitters(db: Kysely<any>): Promise<void> {
  await db.schema
    .alterTable('submissions')
    .addColumn('entered_by_id', 'text', (c) => c.references('accounts.id'))
    .execute();
  await sql`update submissions set entered_by_id = submitter_id`.execute(db);
  // Two presses of one form are one submission, also where it is entered for others and has no submitter.
  await db.schema
    .createIndex('submissions_entered_by_id_form_key')
    .unique()
    .on('submissions')
    .columns(['entered_by_id', 'form_key'])
    .execute();

  const rows = await db
    .selectFrom('submissions')
    .innerJoin('accounts', 'accounts.id', 'submissions.submitter_id')
    .innerJoin('version_authors', 'version_authors.version_id', 'submissions.current_version_id')
    .innerJoin('authors', 'authors.id', 'version_authors.author_id')
    .select(['submissions.id as submission', 'accounts.id as account', 'accounts.name as own'])
    .select(['authors.id as author', 'version_authors.name', 'authors.mailbox_id', 'authors.account_id as person'])
    .orderBy('submissions.id')
    .orderBy('version_authors.position')
    .execute();
  const bylines = new Map<string, typeof rows>();
  for (const row of rows) bylines.set(row.submission, [...(bylines.get(row.submission) ?? []), row]);
  for (const [submission, byline] of bylines) {
    if (byline.some((row) => row.person === row.account)) continue;
    const self = byline.find((row) => row.mailbox_id === null && isSameName(row.name, row.own));
    if (self)
      await db
        .updateTable('authors')
        .set({ account_id: self.account, state: 'confirmed' })
        .where('id', '=', self.author)
        .execute();
    else await db.updateTable('submissions').set({ submitter_id: null }).where('id', '=', submission).execute();
  }
  await sql`update submissions set submitter_id = null where submitter_id is not null
    and not exists (select 1 from authors where authors.submission_id = submissions.id
      and authors.account_id = submissions.submitter_id)`.execute(db);
}

function isSameName(one: string, other: string): boolean {
  const folded = (name: string) => name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  return folded(one) !== '' && folded(one) === folded(other);
}

/** SQLite drops no column that refers to another table: the table is made anew, on both engines. */
// biome-ignore lint/suspicious/noExplicitAny: as above
async function slimVersionAuthors(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('version_authors_slim')
    .addColumn('version_id', 'text', (c) => c.notNull().references('submission_versions.id'))
    .addColumn('position', 'bigint', (c) => c.notNull())
    .addColumn('author_id', 'text', (c) => c.notNull().references('authors.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('affiliation', 'text', (c) => c.notNull())
    .addColumn('orcid', 'text')
    .addColumn('presenter', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('version_authors_slim_key', ['version_id', 'position'])
    .execute();
  await sql`insert into version_authors_slim
    select version_id, position, author_id, name, affiliation, orcid, presenter from version_authors`.execute(db);
  await db.schema.dropTable('version_authors').execute();
  await db.schema.alterTable('version_authors_slim').renameTo('version_authors').execute();
  await db.schema.createIndex('version_authors_by_author_id').on('version_authors').column('author_id').execute();
}

/** The newest decision of a paper is in force; those before it are history. */
// biome-ignore lint/suspicious/noExplicitAny: as above
async function decisionsThatWait(db: Kysely<any>): Promise<void> {
  await db.schema
    .alterTable('decisions')
    .addColumn('state', 'text', (c) => c.notNull().defaultTo('applied'))
    .execute();
  for (const column of ['version_id', 'applied_at', 'superseded_at'])
    await db.schema.alterTable('decisions').addColumn(column, 'text').execute();
  await sql`update decisions set applied_at = decided_at`.execute(db);
  await sql`update decisions set state = 'superseded', superseded_at = decided_at
    where id <> (select max(other.id) from decisions as other where other.submission_id = decisions.submission_id)
      or exists (select 1 from submissions where submissions.id = decisions.submission_id
        and submissions.state in ('draft', 'submitted'))`.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: as above
async function mailThatNamesItsCause(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('outbox').addColumn('submission_id', 'text').execute();
  await db.schema.alterTable('outbox').addColumn('decision_id', 'text').execute();
  // decision:<id of the decision>:<id of the mailbox>
  await sql`update outbox set decision_id = substr(dedupe_key, 10, 36) where kind = 'decision'
    and exists (select 1 from decisions where decisions.id = substr(outbox.dedupe_key, 10, 36))`.execute(db);
  await sql`update outbox set submission_id =
    (select submission_id from decisions where decisions.id = outbox.decision_id) where decision_id is not null`.execute(
    db,
  );
  await sql`update outbox set submission_id = (select threads.submission_id from messages
      join threads on threads.id = messages.thread_id where messages.id = outbox.message_id)
    where message_id is not null`.execute(db);
  await db.schema.createIndex('outbox_by_submission_id').on('outbox').column('submission_id').execute();
}

/** Messages for authors who have not said yes wait in their threads, and go to them with that yes: the words are there. */
// biome-ignore lint/suspicious/noExplicitAny: as above
async function admitLater(db: Kysely<any>): Promise<void> {
  await sql`update participants set consent = 'waiting' where role = 'author' and consent = 'given'
    and exists (select 1 from mailboxes where mailboxes.id = participants.mailbox_id and verified_at is null)
    and exists (select 1 from authors where authors.id = participants.author_id and authors.state = 'listed')`.execute(
    db,
  );
  await sql`delete from outbox where state = 'held' and message_id is not null and exists (
    select 1 from messages join participants on participants.thread_id = messages.thread_id
    where messages.id = outbox.message_id and participants.mailbox_id = outbox.mailbox_id
      and participants.consent = 'waiting')`.execute(db);
  await db.schema.createIndex('participants_by_author_id').on('participants').column('author_id').execute();
}

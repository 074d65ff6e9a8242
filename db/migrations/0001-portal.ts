import { type CreateTableBuilder, type Kysely, PostgresAdapter, sql } from 'kysely';

type Column = (table: CreateTableBuilder<string, string>) => CreateTableBuilder<string, string>;

const text =
  (...names: string[]): Column =>
  (table) =>
    names.reduce((t, name) => t.addColumn(name, 'text', (c) => c.notNull()), table);
const optionalText =
  (...names: string[]): Column =>
  (table) =>
    names.reduce((t, name) => t.addColumn(name, 'text'), table);
const integer =
  (...names: string[]): Column =>
  (table) =>
    names.reduce((t, name) => t.addColumn(name, 'bigint', (c) => c.notNull()), table);
const counter =
  (name: string, start: number): Column =>
  (table) =>
    table.addColumn(name, 'bigint', (c) => c.notNull().defaultTo(start));
const key: Column = (table) => table.addColumn('id', 'text', (c) => c.primaryKey());
const reference =
  (name: string, table: string, optional = false): Column =>
  (t) =>
    t.addColumn(name, 'text', (c) => (optional ? c : c.notNull()).references(`${table}.id`));

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  const table = (name: string, columns: Column[], finish: Column = (t) => t) =>
    finish(
      columns.reduce((t, column) => column(t), db.schema.createTable(name) as CreateTableBuilder<string, string>),
    ).execute();
  const index = (on: string, columns: string[]) =>
    db.schema
      .createIndex(`${on}_by_${columns.join('_')}`)
      .on(on)
      .columns(columns)
      .execute();
  const unique = (on: string, columns: string[]) =>
    db.schema
      .createIndex(`${on}_one_${columns.join('_')}`)
      .on(on)
      .columns(columns)
      .unique()
      .execute();

  await table('conferences', [
    key,
    integer('number'),
    text('slug', 'name'),
    optionalText('starts_on', 'ends_on'),
    text('time_zone'),
    optionalText('opens_at', 'closes_at'),
    text('ref_prefix'),
    counter('next_ref', 1),
    counter('content_version', 1),
    counter('revision', 1),
    text('created_at'),
  ]);
  await unique('conferences', ['slug']);
  await unique('conferences', ['number']);

  await table('formats', [
    key,
    reference('conference_id', 'conferences'),
    text('name'),
    integer('word_limit', 'position'),
  ]);
  await unique('formats', ['conference_id', 'name']);
  await table('themes', [key, reference('conference_id', 'conferences'), text('name'), integer('position')]);
  await unique('themes', ['conference_id', 'name']);

  await table('accounts', [
    key,
    text('name'),
    optionalText('password_hash'),
    counter('contactable', 1),
    text('created_at'),
  ]);
  await table('mailboxes', [
    key,
    reference('account_id', 'accounts', true),
    text('address', 'address_key'),
    optionalText('verified_at'),
    text('created_at'),
  ]);
  await unique('mailboxes', ['address_key']);
  await index('mailboxes', ['account_id']);

  await table('sessions', [key, reference('account_id', 'accounts'), text('expires_at', 'created_at')]);
  await index('sessions', ['account_id']);
  await index('sessions', ['expires_at']);

  await table('kept_forms', [key, text('token_hash', 'path', 'fields', 'expires_at')]);
  await unique('kept_forms', ['token_hash']);
  await index('kept_forms', ['expires_at']);
  await table('links', [
    key,
    text('token_hash', 'purpose'),
    reference('mailbox_id', 'mailboxes'),
    text('next'),
    text('expires_at'),
    optionalText('used_at'),
    text('created_at'),
  ]);
  await unique('links', ['token_hash']);
  await index('links', ['expires_at']);

  await table(
    'memberships',
    [
      reference('account_id', 'accounts'),
      reference('conference_id', 'conferences'),
      text('role', 'created_at'),
      optionalText('invited_as'),
    ],
    (t) => t.addPrimaryKeyConstraint('memberships_key', ['account_id', 'conference_id', 'role'] as never),
  );
  await index('memberships', ['conference_id', 'role']);

  await table('submissions', [
    key,
    reference('conference_id', 'conferences'),
    text('ref'),
    integer('seq'),
    text('state', 'current_version_id'),
    reference('submitter_id', 'accounts', true),
    optionalText('form_key', 'submitted_at'),
    text('created_at', 'updated_at'),
  ]);
  await unique('submissions', ['conference_id', 'ref']);
  await unique('submissions', ['conference_id', 'seq']);
  await index('submissions', ['conference_id', 'state', 'seq']);
  await unique('submissions', ['submitter_id', 'form_key']);

  await table('submission_versions', [
    key,
    reference('submission_id', 'submissions'),
    integer('number'),
    text('title', 'abstract', 'markup'),
    reference('format_id', 'formats'),
    reference('theme_id', 'themes'),
    text('keywords', 'language'),
    reference('saved_by', 'accounts', true),
    text('saved_at'),
  ]);
  await unique('submission_versions', ['submission_id', 'number']);
  await index('submission_versions', ['format_id']);
  await index('submission_versions', ['theme_id']);

  await table(
    'version_authors',
    [
      reference('version_id', 'submission_versions'),
      integer('position'),
      text('author_id', 'name', 'affiliation'),
      optionalText('orcid'),
      integer('presenter', 'contactable'),
      reference('mailbox_id', 'mailboxes', true),
    ],
    (t) => t.addPrimaryKeyConstraint('version_authors_key', ['version_id', 'position'] as never),
  );
  await index('version_authors', ['mailbox_id']);

  await table(
    'papers',
    [
      reference('submission_id', 'submissions'),
      reference('conference_id', 'conferences'),
      reference('version_id', 'submission_versions'),
      integer('position'),
      reference('format_id', 'formats'),
      reference('theme_id', 'themes'),
      text('published_at'),
    ],
    (t) => t.addPrimaryKeyConstraint('papers_key', ['submission_id'] as never),
  );
  await unique('papers', ['position']);
  await index('papers', ['conference_id', 'position']);
  await index('papers', ['format_id', 'position']);
  await index('papers', ['theme_id', 'position']);

  await table(
    'stars',
    [reference('account_id', 'accounts'), reference('submission_id', 'submissions'), text('created_at')],
    (t) => t.addPrimaryKeyConstraint('stars_key', ['account_id', 'submission_id'] as never),
  );
  await index('stars', ['submission_id']);

  await table('reviews', [
    key,
    reference('submission_id', 'submissions'),
    reference('reviewer_id', 'accounts'),
    integer('score'),
    text('note', 'created_at', 'updated_at'),
  ]);
  await unique('reviews', ['submission_id', 'reviewer_id']);
  await table('decisions', [
    key,
    reference('submission_id', 'submissions'),
    text('outcome', 'note'),
    reference('decided_by', 'accounts'),
    text('decided_at'),
  ]);
  await index('decisions', ['submission_id']);

  await table('threads', [
    key,
    reference('conference_id', 'conferences'),
    reference('submission_id', 'submissions'),
    text('subject', 'created_at'),
  ]);
  await index('threads', ['submission_id']);
  await table('participants', [
    key,
    reference('thread_id', 'threads'),
    text('role'),
    optionalText('author_id'),
    reference('mailbox_id', 'mailboxes'),
    text('name'),
  ]);
  await unique('participants', ['thread_id', 'mailbox_id']);
  await index('participants', ['mailbox_id']);
  await table('messages', [
    key,
    reference('thread_id', 'threads'),
    reference('participant_id', 'participants'),
    text('body', 'idempotency_key', 'created_at'),
  ]);
  await unique('messages', ['idempotency_key']);
  await index('messages', ['thread_id', 'created_at']);
  await table('message_requests', [
    key,
    (t) => t.addColumn('link_id', 'text', (c) => c.notNull().references('links.id').onDelete('cascade')),
    reference('submission_id', 'submissions'),
    text('name', 'author_ids', 'subject', 'body', 'created_at'),
  ]);
  await unique('message_requests', ['link_id']);

  await table('outbox', [
    key,
    reference('conference_id', 'conferences', true),
    reference('mailbox_id', 'mailboxes'),
    text('kind', 'from_name', 'subject', 'text', 'html', 'headers', 'internet_message_id', 'dedupe_key', 'state'),
    counter('attempts', 0),
    counter('lost_tries', 0),
    text('next_attempt_at'),
    optionalText('leased_until', 'error_code'),
    reference('message_id', 'messages', true),
    text('created_at'),
    optionalText('sent_at'),
  ]);
  await unique('outbox', ['dedupe_key']);
  await index('outbox', ['state', 'next_attempt_at', 'id']);
  await index('outbox', ['message_id']);
  await index('outbox', ['mailbox_id']);

  await table('attempts', [text('key'), integer('count'), text('since')], (t) =>
    t.addPrimaryKeyConstraint('attempts_key', ['key'] as never),
  );
  await index('attempts', ['since']);

  if (db.getExecutor().adapter instanceof PostgresAdapter) {
    await sql`create table paper_search (position bigint primary key, words tsvector not null)`.execute(db);
    await sql`create index paper_search_by_words on paper_search using gin (words)`.execute(db);
  } else {
    // Contentless: the index keeps no second copy of the text. Marks are part of words, so that Indic scripts stay whole.
    // Beginnings of one to three letters have entries of their own: to gather their thousands of words takes 0.1 s.
    await sql`create virtual table paper_search using fts5(
      words, content='', contentless_delete=1, prefix='1 2 3', tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'")`.execute(
      db,
    );
  }
}

import type { ExpressionBuilder } from 'kysely';
import { z } from 'zod';
import type { Database } from '#db/open';
import type { Id, Instant, Markup, SubmissionState, Tables } from '#db/schema';
import type { Viewer } from '../account/viewer';
import { type Author, authorsOf, authorsOfVersions } from './byline/authors.server';
import { mayRead, type Ownership } from './policy';

export interface Version {
  id: Id<'version'>;
  number: number;
  title: string;
  abstract: string;
  markup: Markup;
  /** See submission_versions. */
  html: string | null;
  formatId: Id<'format'>;
  themeId: Id<'theme'>;
  keywords: string[];
  language: string;
  savedAt: Instant;
}

export interface Submission {
  id: Id<'submission'>;
  ref: string;
  state: SubmissionState;
  submitterId: Id<'account'> | null;
  enteredById: Id<'account'> | null;
  /** Of the form that made it. */
  formKey: string | null;
  submittedAt: Instant | null;
  published: boolean;
  /** Whether somebody has reviewed or decided it. */
  underReview: boolean;
  version: Version;
  authors: Author[];
}

/** A submission with its current version, for use within the domain: whoever calls it decides who may see it. */
export async function submissionByRef(
  db: Database,
  conferenceId: Id<'conference'>,
  ref: string,
): Promise<Submission | null> {
  const row = await db
    .selectFrom('submissions')
    .leftJoin('papers', 'papers.submission_id', 'submissions.id')
    .select([
      'submissions.id',
      'submissions.ref',
      'submissions.state',
      'submissions.submitter_id as submitterId',
      'submissions.entered_by_id as enteredById',
      'submissions.form_key as formKey',
      'submissions.submitted_at as submittedAt',
      'submissions.current_version_id as versionId',
      'papers.submission_id as paperId',
    ])
    .select(isUnderReview)
    .where('submissions.conference_id', '=', conferenceId)
    .where('submissions.ref', '=', ref)
    .executeTakeFirst();
  if (!row) return null;
  const { versionId, paperId, underReview, ...submission } = row;
  // One after the other: commands ask within a transaction, and its connection answers one question at a time.
  const version = await versionById(db, versionId);
  const authors = await authorsOf(db, versionId);
  return { ...submission, published: paperId !== null, underReview: Boolean(underReview), version, authors };
}

/** A submission of the viewer's own, as its submitter or a confirmed author; null for all others: they do not exist. */
export async function ownSubmission(
  db: Database,
  conferenceId: Id<'conference'>,
  ref: string,
  viewer: Viewer,
): Promise<Submission | null> {
  const submission = await submissionByRef(db, conferenceId, ref);
  return submission && mayRead(viewer, submission) ? submission : null;
}

/** What this account has made with the form of that key; null: it has not been sent yet. */
export async function refOfForm(
  db: Database,
  conferenceId: Id<'conference'>,
  accountId: Id<'account'>,
  key: string,
): Promise<string | null> {
  const row = await db
    .selectFrom('submissions')
    .select('ref')
    .where('conference_id', '=', conferenceId)
    .where('entered_by_id', '=', accountId)
    .where('form_key', '=', key)
    .executeTakeFirst();
  return row?.ref ?? null;
}

/** What a form of this submission was read from: a version of it, or for the form that made it the first. */
export async function versionRead(
  db: Database,
  submission: Pick<Submission, 'id' | 'formKey'>,
  form: { baseVersion?: string; key?: string },
): Promise<{ version: Version; authors: Author[] } | null> {
  const first = !form.baseVersion && form.key !== undefined && form.key === submission.formKey;
  if (!form.baseVersion && !first) return null;
  const row = await db
    .selectFrom('submission_versions')
    .select('id')
    .where('submission_id', '=', submission.id)
    .$if(first, (eb) => eb.where('number', '=', 1))
    .$if(!first, (eb) => eb.where('id', '=', form.baseVersion as Id<'version'>))
    .executeTakeFirst();
  return row ? { version: await versionById(db, row.id), authors: await authorsOf(db, row.id) } : null;
}

async function versionById(db: Database, id: Id<'version'>): Promise<Version> {
  const row = await db
    .selectFrom('submission_versions')
    .select([
      'id',
      'number',
      'title',
      'abstract',
      'markup',
      'html',
      'format_id as formatId',
      'theme_id as themeId',
      'keywords',
      'language',
      'saved_at as savedAt',
    ])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { ...row, keywords: parseKeywords(row.keywords) };
}

export interface SubmissionLine extends Ownership {
  id: Id<'submission'>;
  ref: string;
  title: string;
  state: SubmissionState;
  published: boolean;
  updatedAt: Instant;
}

/** What a person has submitted to, or is an author of, at one conference; newest first. */
export async function submissionsOfViewer(
  db: Database,
  conferenceId: Id<'conference'>,
  viewer: Viewer,
  limit = 200,
): Promise<SubmissionLine[]> {
  const rows = await db
    .selectFrom('submissions')
    .innerJoin('submission_versions', 'submission_versions.id', 'submissions.current_version_id')
    .leftJoin('papers', 'papers.submission_id', 'submissions.id')
    .select([
      'submissions.id',
      'submissions.ref',
      'submissions.submitter_id as submitterId',
      'submissions.entered_by_id as enteredById',
      'submission_versions.id as versionId',
      'submission_versions.title',
      'submissions.state',
      'submissions.updated_at as updatedAt',
      'papers.submission_id as paperId',
    ])
    .select(isUnderReview)
    .where('submissions.conference_id', '=', conferenceId)
    .where('submissions.id', 'in', idsOfViewer(db, viewer))
    .orderBy('submissions.seq', 'desc')
    .limit(limit)
    .execute();
  const authors = await authorsOfVersions(
    db,
    rows.map((row) => row.versionId),
  );
  return rows.map(({ paperId, versionId, underReview, ...row }) => ({
    ...row,
    published: paperId !== null,
    underReview: Boolean(underReview),
    authors: authors.get(versionId) ?? [],
  }));
}

/** Whether somebody has reviewed or decided what was handed in last; to be selected with a submission. */
function isUnderReview(eb: ExpressionBuilder<Tables, 'submissions'>) {
  return eb
    .or([
      eb('submissions.state', 'in', ['accepted', 'rejected']),
      eb.exists(
        eb
          .selectFrom('reviews')
          .select('id')
          .whereRef('reviews.submission_id', '=', 'submissions.id')
          .whereRef('reviews.updated_at', '>=', 'submissions.submitted_at'),
      ),
    ])
    .as('underReview');
}

/** Each part begins at the person and goes by an index; an OR of them would read the whole conference. */
function idsOfViewer(db: Database, viewer: Viewer) {
  const current = (query: ReturnType<typeof authored>) =>
    query
      .innerJoin('submissions', 'submissions.id', 'authors.submission_id')
      .innerJoin('version_authors', (join) =>
        join
          .onRef('version_authors.version_id', '=', 'submissions.current_version_id')
          .onRef('version_authors.author_id', '=', 'authors.id'),
      )
      .select('submissions.id');
  const authored = () => db.selectFrom('authors').where('authors.state', '=', 'confirmed');
  const entered = db
    .selectFrom('submissions')
    .select('id')
    .where('submitter_id', '=', viewer.accountId)
    .union(db.selectFrom('submissions').select('id').where('entered_by_id', '=', viewer.accountId))
    .union(current(authored().where('authors.account_id', '=', viewer.accountId)));
  if (viewer.mailboxIds.length === 0) return entered;
  return entered.union(
    current(authored().where('authors.account_id', 'is', null).where('authors.mailbox_id', 'in', viewer.mailboxIds)),
  );
}

export interface VersionLine {
  number: number;
  title: string;
  savedAt: Instant;
}

export async function versionsOf(db: Database, submissionId: Id<'submission'>, limit = 50): Promise<VersionLine[]> {
  return db
    .selectFrom('submission_versions')
    .select(['number', 'title', 'saved_at as savedAt'])
    .where('submission_id', '=', submissionId)
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
}

export function parseKeywords(stored: string): string[] {
  return z.array(z.string()).parse(JSON.parse(stored));
}

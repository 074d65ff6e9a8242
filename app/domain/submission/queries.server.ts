import { z } from 'zod';
import type { Database } from '#db/open';
import type { Flag, Id, Instant, Markup, SubmissionState } from '#db/schema';
import type { Viewer } from '../account/viewer';
import { isAuthor } from './policy';

export interface BylineAuthor {
  id: Id<'author'>;
  name: string;
  affiliation: string;
  orcid: string | null;
  presenter: boolean;
  contactable: boolean;
  /** Stands for the address, which nobody is shown; null where none was given. */
  mailboxId: Id<'mailbox'> | null;
}

export interface Version {
  id: Id<'version'>;
  number: number;
  title: string;
  abstract: string;
  markup: Markup;
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
  submittedAt: Instant | null;
  published: boolean;
  version: Version;
  authors: BylineAuthor[];
  authorMailboxIds: (Id<'mailbox'> | null)[];
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
      'submissions.submitted_at as submittedAt',
      'submissions.current_version_id as versionId',
      'papers.submission_id as paperId',
    ])
    .where('submissions.conference_id', '=', conferenceId)
    .where('submissions.ref', '=', ref)
    .executeTakeFirst();
  if (!row) return null;
  const { versionId, paperId, ...submission } = row;
  // One after the other: commands ask within a transaction, and its connection answers one question at a time.
  const version = await versionById(db, versionId);
  const authors = await authorsOf(db, versionId);
  return {
    ...submission,
    published: paperId !== null,
    version,
    authors,
    authorMailboxIds: authors.map((author) => author.mailboxId),
  };
}

/** An author's own submission; null for everyone else's, which to this viewer do not exist. */
export async function ownSubmission(
  db: Database,
  conferenceId: Id<'conference'>,
  ref: string,
  viewer: Viewer,
): Promise<Submission | null> {
  const submission = await submissionByRef(db, conferenceId, ref);
  return submission && isAuthor(viewer, submission) ? submission : null;
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

export async function authorsOf(db: Database, versionId: Id<'version'>): Promise<BylineAuthor[]> {
  return (await bylines(db, [versionId])).get(versionId) ?? [];
}

/** The bylines of many versions in one query. */
export async function bylines(db: Database, versionIds: Id<'version'>[]): Promise<Map<Id<'version'>, BylineAuthor[]>> {
  const found = new Map<Id<'version'>, BylineAuthor[]>();
  if (versionIds.length === 0) return found;
  const rows = await db
    .selectFrom('version_authors')
    .select(['version_id', 'author_id', 'name', 'affiliation', 'orcid', 'presenter', 'contactable', 'mailbox_id'])
    .where('version_id', 'in', versionIds)
    .orderBy('version_id')
    .orderBy('position')
    .execute();
  for (const row of rows) {
    const authors = found.get(row.version_id) ?? [];
    authors.push({
      id: row.author_id,
      name: row.name,
      affiliation: row.affiliation,
      orcid: row.orcid,
      presenter: isSet(row.presenter),
      contactable: isSet(row.contactable),
      mailboxId: row.mailbox_id,
    });
    found.set(row.version_id, authors);
  }
  return found;
}

export interface SubmissionLine {
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
      'submissions.ref',
      'submission_versions.title',
      'submissions.state',
      'submissions.updated_at as updatedAt',
      'papers.submission_id as paperId',
    ])
    .where('submissions.conference_id', '=', conferenceId)
    .where('submissions.id', 'in', idsOfViewer(db, viewer))
    .orderBy('submissions.seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ paperId, ...row }) => ({ ...row, published: paperId !== null }));
}

/** Each half begins at the person and goes by an index; an OR of the two would read the whole conference. */
function idsOfViewer(db: Database, viewer: Viewer) {
  const submitted = db.selectFrom('submissions').select('id').where('submitter_id', '=', viewer.accountId);
  if (viewer.mailboxIds.length === 0) return submitted;
  const authored = db
    .selectFrom('version_authors')
    .innerJoin('submission_versions', 'submission_versions.id', 'version_authors.version_id')
    .innerJoin('submissions', 'submissions.id', 'submission_versions.submission_id')
    .whereRef('submissions.current_version_id', '=', 'version_authors.version_id')
    .select('submissions.id')
    .where('version_authors.mailbox_id', 'in', viewer.mailboxIds);
  return submitted.union(authored);
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

function isSet(flag: Flag): boolean {
  return flag === 1;
}

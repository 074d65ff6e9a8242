import type { Database } from '#db/open';
import type { AuthorState, Id, SubmissionState } from '#db/schema';
import { ownerName } from '../account/queries.server';
import { isUnasked } from '../account/suppression.server';
import type { Viewer } from '../account/viewer';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import { type Author, authorsOf } from '../submission/byline/authors.server';
import { authorToken, claimedAuthor, isAuthorToken } from '../submission/byline/link.server';
import { mayEditOwnLine } from '../submission/policy';
import { submissionByRef } from '../submission/queries.server';

export type Host = Pick<Conference, 'id' | 'number' | 'slug' | 'name'>;

/** What somebody is asked about: a paper, and the line of its byline that was entered for them. */
export interface Authorship {
  conference: Host;
  submissionId: Id<'submission'>;
  ref: string;
  title: string;
  state: SubmissionState;
  versionId: Id<'version'>;
  byline: Author[];
  own: Author & { mailboxId: Id<'mailbox'> };
  /** Whether the line's spelling can still be corrected here. */
  correctable: boolean;
  /** Whether the address is to be asked about no more papers. */
  unasked: boolean;
  /** The name of the account that the address belongs to; empty where it belongs to none. */
  accountName: string;
}

/** What the link in a mail asks about. Null: none of ours, or the line is no longer in the byline at that address. */
export async function authorshipBehind(ctx: DomainContext, token: string): Promise<Authorship | null> {
  const row = await ctx.db
    .selectFrom('authors')
    .innerJoin('submissions', 'submissions.id', 'authors.submission_id')
    .innerJoin('conferences', 'conferences.id', 'submissions.conference_id')
    .select(['authors.id', 'authors.mailbox_id as mailboxId', 'submissions.ref'])
    .select(['conferences.id as conferenceId', 'conferences.number', 'conferences.slug', 'conferences.name'])
    .where('authors.id', '=', claimedAuthor(token))
    .executeTakeFirst();
  if (!row?.mailboxId || !isAuthorToken(ctx.config, token, { authorId: row.id, mailboxId: row.mailboxId })) return null;
  const submission = await submissionByRef(ctx.db, row.conferenceId, row.ref);
  const own = submission?.authors.find((author) => author.id === row.id);
  if (!submission || !own || submission.state === 'draft') return null;
  return {
    conference: { id: row.conferenceId, number: row.number, slug: row.slug, name: row.name },
    submissionId: submission.id,
    ref: submission.ref,
    title: submission.version.title,
    state: submission.state,
    versionId: submission.version.id,
    byline: submission.authors,
    own: { ...own, mailboxId: row.mailboxId },
    correctable: mayEditOwnLine(submission),
    unasked: await isUnasked(ctx.db, row.mailboxId),
    accountName: await ownerName(ctx.db, row.mailboxId),
  };
}

/** One's own line as its form has it. `base`: the version that it is read from. */
export function ownLineValues({ name, affiliation, orcid, contactable }: Author, base: Id<'version'>) {
  return { name, affiliation, orcid: orcid ?? '', contactable, base: base as string };
}

export interface Naming {
  ref: string;
  title: string;
  state: AuthorState;
  /** Where it is answered. */
  token: string;
}

/** The papers of a conference in whose byline somebody stands at an address of theirs and has not said yes or no. */
export async function namingsOf(
  ctx: Pick<DomainContext, 'db' | 'config'>,
  conferenceId: Id<'conference'>,
  viewer: Viewer,
  limit = 50,
): Promise<Naming[]> {
  if (viewer.mailboxIds.length === 0) return [];
  const rows = await named(ctx.db, viewer)
    .innerJoin('submission_versions', 'submission_versions.id', 'submissions.current_version_id')
    .select(['authors.id', 'authors.mailbox_id as mailboxId', 'authors.state', 'submissions.ref', 'title'])
    .where('submissions.conference_id', '=', conferenceId)
    .orderBy('submissions.seq')
    .limit(limit)
    .execute();
  return rows.map(({ id, mailboxId, ...row }) => ({
    ...row,
    token: authorToken(ctx.config, { authorId: id, mailboxId: mailboxId! }),
  }));
}

function named(db: Database, viewer: Viewer) {
  return db
    .selectFrom('authors')
    .innerJoin('submissions', 'submissions.id', 'authors.submission_id')
    .innerJoin('version_authors', (join) =>
      join
        .onRef('version_authors.version_id', '=', 'submissions.current_version_id')
        .onRef('version_authors.author_id', '=', 'authors.id'),
    )
    .where('authors.mailbox_id', 'in', viewer.mailboxIds)
    .where('authors.account_id', 'is', null)
    .where('authors.state', 'in', ['listed', 'asked'])
    .where('submissions.state', 'not in', ['draft', 'withdrawn']);
}

/** Where this viewer answers whether a paper is theirs; null where nobody has named them in it. */
export async function namingIn(
  ctx: Pick<DomainContext, 'db' | 'config'>,
  conferenceId: Id<'conference'>,
  ref: string,
  viewer: Viewer,
): Promise<string | null> {
  if (viewer.mailboxIds.length === 0) return null;
  const row = await named(ctx.db, viewer)
    .select(['authors.id', 'authors.mailbox_id as mailboxId'])
    .where('submissions.conference_id', '=', conferenceId)
    .where('submissions.ref', '=', ref)
    .executeTakeFirst();
  return row ? authorToken(ctx.config, { authorId: row.id, mailboxId: row.mailboxId! }) : null;
}

/** The line of a version that is one author's; null where it has none of them. */
export async function lineIn(db: Database, versionId: Id<'version'>, id: Id<'author'>): Promise<Author | null> {
  return (await authorsOf(db, versionId)).find((author) => author.id === id) ?? null;
}

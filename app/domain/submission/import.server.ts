import { instant, json, newId } from '#db/ids';
import type { Id } from '#db/schema';
import { isDuplicate, type Write, write } from '#db/write';
import { ownersOf, vouchForMailboxes } from '../account/mailbox-owners.server';
import { mailboxesFor } from '../account/mailboxes.server';
import { addressKey } from '../account/schema';
import { insertFormat, insertTheme } from '../conference/commands.server';
import type { DomainContext } from '../context';
import { batches, type Entry, type Line, type Notes } from './import-lines';
import type { ImportedPaper } from './import-schema';
import { renderMarkdown } from './markdown.server';
import { publishSubmissions } from './publication.server';

/** What a form of the portal would allow; imported papers may be longer. */
const WORD_LIMIT = 500;
/** Rows of one statement: its values stay far below what SQLite (32,766) and PostgreSQL (65,535) bind, and the same few
 * statements serve all batches. */
const CHUNK = 50;
/** Someone else may be importing the same papers. */
const TRIES = 5;

export interface ImportResult extends Notes {
  added: number;
  /** Papers whose ref the conference had already: they are left as they are. */
  unchanged: number;
}

interface Target {
  id: Id<'conference'>;
  number: number;
  refPrefix: string;
}

/**
 * Puts papers into a conference: accepted, published, with the formats and themes that they name. Lines are JSON, as
 * text or as bytes of UTF-8. A bad line is reported and the rest goes in; doing it again changes nothing. Where an
 * author has an address the conference vouches for it, and readers may write there.
 */
export async function importPapers(
  ctx: DomainContext,
  conference: Target,
  lines: AsyncIterable<Line> | Iterable<Line>,
  options: { onProgress?: (soFar: ImportResult) => void } = {},
): Promise<ImportResult> {
  const result: ImportResult = { added: 0, unchanged: 0, rejected: [], warnings: [] };
  for await (const batch of batches(lines, result)) {
    await addBatch(ctx, conference, batch, result);
    options.onProgress?.(result);
  }
  result.rejected.sort((a, b) => a.line - b.line);
  return result;
}

async function addBatch(
  ctx: DomainContext,
  conference: Target,
  batch: Entry[],
  result: ImportResult,
  tried = 1,
): Promise<void> {
  try {
    const added = await write(ctx.db, (trx) =>
      addPapers(
        trx,
        ctx,
        conference,
        batch.map((entry) => entry.paper),
      ),
    );
    result.added += added;
    result.unchanged += batch.length - added;
  } catch (error) {
    if (isDuplicate(error) && tried < TRIES) return addBatch(ctx, conference, batch, result, tried + 1);
    if (!isTooMuch(error)) throw error;
    const [only] = batch;
    if (only && batch.length === 1) {
      result.rejected.push({ line: only.line, reason: 'has more different words than PostgreSQL can search' });
      return;
    }
    // One paper must not keep the others out.
    const half = Math.ceil(batch.length / 2);
    await addBatch(ctx, conference, batch.slice(0, half), result);
    await addBatch(ctx, conference, batch.slice(half), result);
  }
}

/** PostgreSQL's program_limit_exceeded: the words of a paper come to more than a megabyte. */
function isTooMuch(error: unknown): boolean {
  return (error as { code?: string }).code === '54000';
}

/** Returns how many were added; the others were there. */
async function addPapers(trx: Write, ctx: DomainContext, conference: Target, all: ImportedPaper[]): Promise<number> {
  const there = await trx
    .selectFrom('submissions')
    .select('ref')
    .where('conference_id', '=', conference.id)
    .where(
      'ref',
      'in',
      all.map((paper) => paper.ref),
    )
    .execute();
  const known = new Set(there.map((row) => row.ref));
  const papers = all
    .filter((paper) => !known.has(paper.ref))
    .map((paper) => ({ ...paper, id: newId<'submission'>(), versionId: newId<'version'>() }));
  if (papers.length === 0) return 0;

  const now = instant(ctx.clock.now());
  const firstSeq = await takeNumbers(
    trx,
    conference,
    papers.map((paper) => paper.ref),
  );
  const submissions = papers.map((paper, index) => ({
    id: paper.id,
    conference_id: conference.id,
    ref: paper.ref,
    seq: firstSeq + index,
    state: 'accepted' as const,
    current_version_id: paper.versionId,
    submitter_id: null,
    entered_by_id: null,
    submitted_at: now,
    created_at: now,
    updated_at: now,
  }));
  for (const rows of chunks(submissions)) await trx.insertInto('submissions').values(rows).execute();

  const formats = await choices(
    trx,
    conference.id,
    'formats',
    papers.map((paper) => paper.format),
  );
  const themes = await choices(
    trx,
    conference.id,
    'themes',
    papers.map((paper) => paper.theme),
  );
  const versions = papers.map((paper) => ({
    id: paper.versionId,
    submission_id: paper.id,
    number: 1,
    title: paper.title,
    abstract: paper.abstract,
    markup: paper.markup,
    html: paper.markup === 'markdown' ? renderMarkdown(paper.abstract) : null,
    format_id: formats.get(paper.format) as Id<'format'>,
    theme_id: themes.get(paper.theme) as Id<'theme'>,
    keywords: json(paper.keywords),
    language: paper.language,
    saved_by: null,
    saved_at: now,
  }));
  for (const rows of chunks(versions)) await trx.insertInto('submission_versions').values(rows).execute();
  await addAuthors(trx, ctx, papers);
  return publishSubmissions(
    trx,
    ctx,
    conference,
    papers.map((paper) => paper.id),
  );
}

/**
 * Takes a number for each paper, in a row. Where references are of the portal's own form its counter goes on behind
 * them, so that what is submitted later is numbered on.
 */
async function takeNumbers(trx: Write, conference: Target, refs: string[]): Promise<number> {
  const { next_ref } = await trx
    .updateTable('conferences')
    .set((eb) => ({ next_ref: eb('next_ref', '+', refs.length) }))
    .where('id', '=', conference.id)
    .returning('next_ref')
    .executeTakeFirstOrThrow();
  const beyond = Math.max(...refs.map((ref) => ownNumber(ref, conference.refPrefix))) + 1;
  if (beyond > next_ref)
    await trx.updateTable('conferences').set({ next_ref: beyond }).where('id', '=', conference.id).execute();
  return next_ref - refs.length;
}

/** The number in `T0121`; 0 where the reference is not of that form, or so large that it cannot be a count. */
function ownNumber(ref: string, prefix: string): number {
  const digits = ref.startsWith(prefix) ? ref.slice(prefix.length) : '';
  return /^\d{1,6}$/.test(digits) ? Number(digits) : 0;
}

/** The ids of a conference's formats or themes by name, made where there are none. */
async function choices(
  trx: Write,
  conferenceId: Id<'conference'>,
  table: 'formats' | 'themes',
  wanted: string[],
): Promise<Map<string, string>> {
  const names = [...new Set(wanted)];
  const rows = await trx
    .selectFrom(table)
    .select(['id', 'name'])
    .where('conference_id', '=', conferenceId)
    .where('name', 'in', names)
    .execute();
  const ids = new Map<string, string>(rows.map((row) => [row.name, row.id]));
  for (const name of names) {
    if (ids.has(name)) continue;
    const id =
      table === 'formats'
        ? insertFormat(trx, conferenceId, { name, wordLimit: WORD_LIMIT })
        : insertTheme(trx, conferenceId, name);
    ids.set(name, await id);
  }
  return ids;
}

async function addAuthors(
  trx: Write,
  ctx: DomainContext,
  papers: (ImportedPaper & { id: Id<'submission'>; versionId: Id<'version'> })[],
): Promise<void> {
  const addresses = papers.flatMap((paper) => paper.authors.flatMap((author) => author.address ?? []));
  const mailboxes = new Map<string, Id<'mailbox'>>();
  for (const some of chunks([...new Set(addresses)])) {
    for (const [key, id] of await mailboxesFor(trx, ctx.clock, some)) mailboxes.set(key, id);
  }
  for (const some of chunks([...mailboxes.values()])) {
    await vouchForMailboxes(trx, ctx.clock, some);
  }
  // Whose the conference says an address is, that person's own settings count at once, if the portal knows them.
  const owners = new Map<Id<'mailbox'>, Id<'account'>>();
  for (const some of chunks([...mailboxes.values()]))
    for (const [id, accountId] of await ownersOf(trx, some)) owners.set(id, accountId);
  const lines = papers.flatMap((paper) =>
    paper.authors.map((author, position) => {
      const mailboxId = author.address ? (mailboxes.get(addressKey(author.address)) ?? null) : null;
      return { ...author, id: newId<'author'>(), position, mailboxId, paper };
    }),
  );
  for (const rows of chunks(lines)) {
    await trx
      .insertInto('authors')
      .values(
        rows.map(({ id, mailboxId, paper }) => ({
          id,
          submission_id: paper.id,
          account_id: (mailboxId && owners.get(mailboxId)) ?? null,
          mailbox_id: mailboxId,
          contactable: mailboxId ? (1 as const) : (0 as const),
          state: mailboxId ? ('confirmed' as const) : ('listed' as const),
          asked_at: null,
          reminded_at: null,
          answered_at: null,
        })),
      )
      .execute();
    await trx
      .insertInto('version_authors')
      .values(
        rows.map(({ id, paper, position, name, affiliation, orcid, presenter }) => ({
          version_id: paper.versionId,
          position,
          author_id: id,
          name,
          affiliation,
          orcid,
          presenter: presenter ? (1 as const) : (0 as const),
        })),
      )
      .execute();
  }
}

function* chunks<T>(rows: T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += CHUNK) yield rows.slice(from, from + CHUNK);
}

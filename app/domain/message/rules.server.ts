import type { Database } from '#db/open';
import type { Id, LettersFrom } from '#db/schema';
import { type Write, write } from '#db/write';
import { ownersOf } from '../account/mailbox-owners.server';
import { type QuietHours, quietHours } from '../account/quiet-hours';
import type { Viewer } from '../account/viewer';
import { publicContentChanged } from '../conference/commands.server';
import type { DomainContext } from '../context';
import { hurry } from '../mail/outbox.server';
import { type Behind, isAuthorship } from '../submission/byline/authors.server';

export interface Rules {
  lettersFrom: LettersFrom;
  quiet: QuietHours | null;
}

/** From whom the owners of these mailboxes take letters; what they have said about that paper is in place of all. */
export async function lettersFromOf(
  db: Database,
  mailboxIds: readonly Id<'mailbox'>[],
  submissionId: Id<'submission'>,
): Promise<(mailboxId: Id<'mailbox'>) => LettersFrom> {
  const owners = await ownersOf(db, mailboxIds);
  if (owners.size === 0) return () => 'anyone';
  const rows = await db
    .selectFrom('accounts')
    .leftJoin('paper_rules', (join) =>
      join.onRef('paper_rules.account_id', '=', 'accounts.id').on('paper_rules.submission_id', '=', submissionId),
    )
    .select(['accounts.id'])
    .select((eb) => eb.fn.coalesce('paper_rules.letters_from', 'accounts.letters_from').as('lettersFrom'))
    .where('accounts.id', 'in', [...new Set(owners.values())])
    .execute();
  const rules = new Map(rows.map((row) => [row.id, row.lettersFrom]));
  return (mailboxId) => rules.get(owners.get(mailboxId)!) ?? 'anyone';
}

/** A person's own rules, and those for single papers. */
export async function ownRules(db: Database, viewer: Viewer): Promise<Rules & { papers: PaperRule[] }> {
  const account = await db
    .selectFrom('accounts')
    .select(['letters_from as lettersFrom', 'quiet_from', 'quiet_until', 'quiet_zone'])
    .where('id', '=', viewer.accountId)
    .executeTakeFirstOrThrow();
  return { lettersFrom: account.lettersFrom, quiet: quietHours(account), papers: await ownPapers(db, viewer) };
}

export interface PaperRule {
  submissionId: Id<'submission'>;
  ref: string;
  title: string;
  conference: string;
  /** Null: as for all. */
  lettersFrom: LettersFrom | null;
}

/** The published papers in whose byline a person stands so that readers can write to them, the newest first. */
async function ownPapers(db: Database, viewer: Viewer, limit = 100): Promise<PaperRule[]> {
  return db
    .selectFrom('papers')
    .innerJoin('submissions', 'submissions.id', 'papers.submission_id')
    .innerJoin('submission_versions', 'submission_versions.id', 'papers.version_id')
    .innerJoin('conferences', 'conferences.id', 'papers.conference_id')
    .leftJoin('paper_rules', (join) =>
      join
        .onRef('paper_rules.submission_id', '=', 'submissions.id')
        .on('paper_rules.account_id', '=', viewer.accountId),
    )
    .select([
      'submissions.id as submissionId',
      'submissions.ref',
      'submission_versions.title',
      'conferences.name as conference',
      'paper_rules.letters_from as lettersFrom',
    ])
    .where('papers.version_id', 'in', (eb) =>
      eb
        .selectFrom('authors')
        .innerJoin('version_authors', 'version_authors.author_id', 'authors.id')
        .select('version_id')
        .where('contactable', '=', 1)
        .where(isAuthorship(viewer)),
    )
    .orderBy('papers.published_at', 'desc')
    .limit(limit)
    .execute();
}

/** Says from whom one takes letters, and when. */
export async function setRules(ctx: DomainContext, viewer: Viewer, { lettersFrom, quiet }: Rules): Promise<void> {
  await write(ctx.db, async (trx) => {
    await trx
      .updateTable('accounts')
      .set({
        letters_from: lettersFrom,
        quiet_from: quiet?.from ?? null,
        quiet_until: quiet?.until ?? null,
        quiet_zone: quiet?.zone ?? null,
      })
      .where('id', '=', viewer.accountId)
      .execute();
    // What the old quiet hours have postponed is looked at anew.
    await hurry(trx, ctx, viewer.mailboxIds);
    await papersChanged(trx, viewer);
  });
}

/** Says the same for one paper; null: as for all. False where the viewer is no author of it whom readers can write to. */
export async function setPaperRule(
  ctx: DomainContext,
  viewer: Viewer,
  submissionId: string,
  lettersFrom: LettersFrom | null,
): Promise<boolean> {
  return write(ctx.db, async (trx) => {
    const paper = (await ownPapers(trx, viewer)).find((one) => one.submissionId === submissionId);
    if (!paper) return false;
    const own = { account_id: viewer.accountId, submission_id: paper.submissionId };
    await trx
      .deleteFrom('paper_rules')
      .where((eb) => eb.and(own))
      .execute();
    if (lettersFrom)
      await trx
        .insertInto('paper_rules')
        .values({ ...own, letters_from: lettersFrom })
        .execute();
    await papersChanged(trx, viewer);
    return true;
  });
}

/** The page of a paper offers to write to its authors as long as one of them takes letters. */
async function papersChanged(trx: Write, person: Behind): Promise<void> {
  const conferences = await trx
    .selectFrom('authors')
    .innerJoin('papers', 'papers.submission_id', 'authors.submission_id')
    .select('papers.conference_id')
    .distinct()
    .where(isAuthorship(person))
    .execute();
  for (const { conference_id } of conferences) await publicContentChanged(trx, conference_id);
}

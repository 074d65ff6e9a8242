import type { Updateable } from 'kysely';
import { instant, json, newId } from '#db/ids';
import type { Id, Tables } from '#db/schema';
import type { Write } from '#db/write';
import type { DomainContext } from '../context';
import { renderMarkdown } from './markdown.server';
import type { Submission, Version } from './queries.server';

/** The text of a submission, but for its byline. */
export type Text = Pick<Version, 'title' | 'abstract' | 'markup' | 'formatId' | 'themeId' | 'keywords' | 'language'>;

/**
 * Makes another version the newest of a submission; its byline is saved beside it. `changes`: what else of the submission
 * changes with it. Null: somebody has been faster, and nothing is done.
 */
export async function nextVersion(
  trx: Write,
  ctx: DomainContext,
  { id: submissionId, state, version }: Pick<Submission, 'id' | 'state' | 'version'>,
  {
    text,
    savedBy,
    changes = {},
  }: { text: Text; savedBy: Id<'account'> | null; changes?: Updateable<Tables['submissions']> },
): Promise<Id<'version'> | null> {
  const id = newId<'version'>();
  const changed = await trx
    .updateTable('submissions')
    .set({ ...changes, current_version_id: id, updated_at: instant(ctx.clock.now()) })
    .where('id', '=', submissionId)
    .where('current_version_id', '=', version.id)
    .where('state', '=', state)
    .executeTakeFirst();
  if (changed.numUpdatedRows !== 1n) return null;
  await insertVersion(trx, ctx, { id, submissionId, number: version.number + 1, savedBy, text });
  return id;
}

/** Stores a text as a version; its byline is saved beside it. Versions are never updated. */
export async function insertVersion(
  trx: Write,
  ctx: DomainContext,
  version: {
    id: Id<'version'>;
    submissionId: Id<'submission'>;
    number: number;
    savedBy: Id<'account'> | null;
    text: Text;
  },
): Promise<void> {
  const { text } = version;
  await trx
    .insertInto('submission_versions')
    .values({
      id: version.id,
      submission_id: version.submissionId,
      number: version.number,
      title: text.title,
      abstract: text.abstract,
      markup: text.markup,
      html: text.markup === 'markdown' ? renderMarkdown(text.abstract) : null,
      format_id: text.formatId,
      theme_id: text.themeId,
      keywords: json(text.keywords),
      language: text.language,
      saved_by: version.savedBy,
      saved_at: instant(ctx.clock.now()),
    })
    .execute();
}

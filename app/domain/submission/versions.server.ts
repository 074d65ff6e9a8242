import { instant, json } from '#db/ids';
import type { Id } from '#db/schema';
import type { Write } from '#db/write';
import type { DomainContext } from '../context';
import type { Version } from './queries.server';

/** The text of a submission, but for its byline. */
export type Text = Pick<Version, 'title' | 'abstract' | 'markup' | 'formatId' | 'themeId' | 'keywords' | 'language'>;

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
      format_id: text.formatId,
      theme_id: text.themeId,
      keywords: json(text.keywords),
      language: text.language,
      saved_by: version.savedBy,
      saved_at: instant(ctx.clock.now()),
    })
    .execute();
}

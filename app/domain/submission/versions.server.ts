import { instant, json, newId } from '#db/ids';
import type { Id } from '#db/schema';
import type { Write } from '#db/write';
import { mailboxesFor } from '../account/mailboxes.server';
import { addressKey } from '../account/schema';
import type { DomainContext } from '../context';
import type { BylineAuthor } from './queries.server';
import type { SubmissionInput } from './schema';

/** Stores what a form says as a version. An author known from the version `before` keeps id and address. */
export async function insertVersion(
  trx: Write,
  ctx: DomainContext,
  version: {
    submissionId: Id<'submission'>;
    versionId: Id<'version'>;
    number: number;
    savedBy: Id<'account'>;
    input: SubmissionInput;
    before: BylineAuthor[];
  },
): Promise<void> {
  const { input, versionId } = version;
  await trx
    .insertInto('submission_versions')
    .values({
      id: versionId,
      submission_id: version.submissionId,
      number: version.number,
      title: input.title,
      abstract: input.abstract,
      markup: input.markdown ? 'markdown' : 'plain',
      format_id: input.formatId as Id<'format'>,
      theme_id: input.themeId as Id<'theme'>,
      keywords: json(input.keywords),
      language: input.language ?? '',
      saved_by: version.savedBy,
      saved_at: instant(ctx.clock.now()),
    })
    .execute();
  if (input.authors.length === 0) return;
  const mailboxes = await mailboxesFor(
    trx,
    ctx.clock,
    input.authors.flatMap((author) => author.address ?? []),
  );
  const known = new Map(version.before.map((author) => [author.id as string, author]));
  await trx
    .insertInto('version_authors')
    .values(
      input.authors.map((author, position) => {
        const earlier = author.id ? known.get(author.id) : undefined;
        if (author.id) known.delete(author.id);
        const kept = author.forgetAddress ? null : (earlier?.mailboxId ?? null);
        return {
          version_id: versionId,
          position,
          author_id: earlier?.id ?? newId<'author'>(),
          name: author.name,
          affiliation: author.affiliation,
          orcid: author.orcid ?? null,
          presenter: author.presenter ? 1 : 0,
          contactable: author.contactable ? 1 : 0,
          mailbox_id: author.address ? (mailboxes.get(addressKey(author.address)) ?? null) : kept,
        } as const;
      }),
    )
    .execute();
}

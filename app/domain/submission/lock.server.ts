import { isPostgres } from '#db/open';
import type { Id } from '#db/schema';
import type { Write } from '#db/write';

/**
 * Lets nobody else change a submission or its people before this transaction ends, so that what is read from now on is
 * what the others have made of it. Nothing happens where there is none (SQLite has one writer anyway).
 */
export async function lockSubmission(
  trx: Write,
  which: { conferenceId: Id<'conference'>; ref: string } | { authorId: Id<'author'> },
): Promise<void> {
  if (!isPostgres(trx)) return;
  await trx
    .selectFrom('submissions')
    .select('id')
    .where((eb) =>
      'ref' in which
        ? eb.and({ conference_id: which.conferenceId, ref: which.ref })
        : eb('id', '=', eb.selectFrom('authors').select('submission_id').where('id', '=', which.authorId)),
    )
    .forUpdate()
    .execute();
}

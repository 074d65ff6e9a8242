import { instant } from '#db/ids';
import type { Id } from '#db/schema';
import { write } from '#db/write';
import type { Viewer } from '../account/viewer';
import type { DomainContext } from '../context';

/** Sets or takes away a star on a published paper; doing it twice changes nothing. False where there is no such paper. */
export async function setStar(
  ctx: DomainContext,
  conferenceId: Id<'conference'>,
  ref: string,
  viewer: Viewer,
  starred: boolean,
): Promise<boolean> {
  return write(ctx.db, async (trx) => {
    const paper = await trx
      .selectFrom('papers')
      .innerJoin('submissions', 'submissions.id', 'papers.submission_id')
      .select('papers.submission_id as id')
      .where('submissions.conference_id', '=', conferenceId)
      .where('submissions.ref', '=', ref)
      .executeTakeFirst();
    if (!paper) return false;
    if (starred) {
      await trx
        .insertInto('stars')
        .values({ account_id: viewer.accountId, submission_id: paper.id, created_at: instant(ctx.clock.now()) })
        .onConflict((conflict) => conflict.columns(['account_id', 'submission_id']).doNothing())
        .execute();
    } else {
      await trx
        .deleteFrom('stars')
        .where('account_id', '=', viewer.accountId)
        .where('submission_id', '=', paper.id)
        .execute();
    }
    return true;
  });
}

import { sql } from 'kysely';
import { dateOnly, instant } from '#db/ids';
import { write } from '#db/write';
import { DAY } from '../../clock';
import type { DomainContext } from '../../context';
import { askAuthors, remindAuthors } from './ask.server';
import { authorsOf } from './authors.server';

/** Submissions looked at in one go: any of those that wait, so that none keeps the others waiting. */
const BATCH = 200;
/** Who was asked longer ago is not asked once more out of the blue. */
const REMEMBERED = 60 * DAY;

/**
 * Asks authors whom nobody has asked: those whom a limit has kept back, and those who were named before authors were
 * asked at all. What was not handed in, is withdrawn, or belongs to a conference that is over, asks nobody.
 */
export async function askUnasked(ctx: DomainContext): Promise<void> {
  const today = dateOnly(ctx.clock.now().toISOString().slice(0, 10));
  const submissions = await ctx.db
    .selectFrom('submissions')
    .innerJoin('conferences', 'conferences.id', 'submissions.conference_id')
    .innerJoin('submission_versions', 'submission_versions.id', 'submissions.current_version_id')
    .select(['submissions.id', 'submissions.current_version_id as versionId', 'title'])
    .select((eb) => eb.fn.coalesce('entered_by_id', 'submitter_id').as('accountId'))
    .select(['conferences.id as conferenceId', 'conferences.name as conferenceName'])
    .where('submissions.id', 'in', (eb) =>
      eb
        .selectFrom('authors')
        .innerJoin('version_authors', 'version_authors.author_id', 'authors.id')
        .innerJoin('submissions as own', (join) =>
          join
            .onRef('own.id', '=', 'authors.submission_id')
            .onRef('own.current_version_id', '=', 'version_authors.version_id'),
        )
        .select('own.id')
        .where('authors.state', '=', 'listed')
        .where('authors.mailbox_id', 'is not', null)
        .where('own.state', 'in', ['submitted', 'accepted']),
    )
    .where((eb) => eb.or([eb('conferences.ends_on', 'is', null), eb('conferences.ends_on', '>=', today)]))
    .orderBy(sql`random()`)
    .limit(BATCH)
    .execute();
  for (const { conferenceId, conferenceName, accountId, ...paper } of submissions) {
    const conference = { id: conferenceId, name: conferenceName };
    await write(ctx.db, (trx) => askAuthors(trx, ctx, conference, paper, { accountId, network: null }));
  }
}

/** Asks once more whoever has not answered, where a decision waits for them (`remindAuthors` looks whether it is time). */
export async function remindSilent(ctx: DomainContext): Promise<void> {
  const submissions = await ctx.db
    .selectFrom('submissions')
    .innerJoin('conferences', 'conferences.id', 'submissions.conference_id')
    .innerJoin('submission_versions', 'submission_versions.id', 'submissions.current_version_id')
    .select(['submissions.id', 'submissions.current_version_id as versionId', 'title'])
    .select(['conferences.id as conferenceId', 'conferences.name as conferenceName'])
    .where('submissions.state', 'in', ['accepted', 'rejected'])
    .where('submissions.id', 'in', (eb) =>
      eb
        .selectFrom('authors')
        .select('authors.submission_id')
        .where('authors.state', '=', 'asked')
        .where('authors.reminded_at', 'is', null)
        .where('authors.asked_at', '>', instant(new Date(ctx.clock.now().getTime() - REMEMBERED)))
        .where('authors.mailbox_id', 'is not', null),
    )
    .orderBy(sql`random()`)
    .limit(BATCH)
    .execute();
  for (const { conferenceId, conferenceName, versionId, ...paper } of submissions) {
    const conference = { id: conferenceId, name: conferenceName };
    await write(ctx.db, async (trx) =>
      remindAuthors(trx, ctx, conference, { ...paper, authors: await authorsOf(trx, versionId) }),
    );
  }
}

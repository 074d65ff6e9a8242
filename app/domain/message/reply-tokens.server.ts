import { instant } from '#db/ids';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import type { Write } from '#db/write';
import { DAY, later } from '../clock';
import type { DomainContext } from '../context';
import { newReplyToken } from '../mail/own-address.server';

/** How long after the last letter an answer by mail is taken; on the portal one can answer for good. */
const LIFE = 180 * DAY;

/** The addresses to which these participants answer, made or renewed as a letter goes to them; null without inbound mail. */
export async function replyTokens(
  trx: Write,
  ctx: DomainContext,
  participantIds: Id<'participant'>[],
): Promise<Map<Id<'participant'>, string>> {
  if (!ctx.config.inbound || participantIds.length === 0) return new Map();
  const now = instant(ctx.clock.now());
  const expires_at = instant(later(ctx.clock, LIFE));
  const rows = await trx
    .insertInto('reply_tokens')
    .values(
      participantIds.map((participant_id) => ({
        token: newReplyToken(),
        participant_id,
        expires_at,
        revoked_at: null,
        created_at: now,
      })),
    )
    .onConflict((conflict) => conflict.column('participant_id').doUpdateSet({ expires_at }))
    .returning(['participant_id', 'token', 'revoked_at'])
    .execute();
  return new Map(rows.filter((row) => !row.revoked_at).map((row) => [row.participant_id, row.token]));
}

/** Who answers with this address. One query, known or not, so that the time tells nothing. */
export async function participantOfToken(
  db: Database,
  ctx: DomainContext,
  token: string,
): Promise<{ participantId: Id<'participant'>; live: boolean } | null> {
  const row = await db
    .selectFrom('reply_tokens')
    .select(['participant_id', 'expires_at', 'revoked_at'])
    .where('token', '=', token)
    .executeTakeFirst();
  if (!row) return null;
  return {
    participantId: row.participant_id,
    live: row.revoked_at === null && row.expires_at > instant(ctx.clock.now()),
  };
}

/** Takes no more answers at this participant's address. */
export async function revokeReplyToken(trx: Write, ctx: DomainContext, id: Id<'participant'>): Promise<void> {
  await trx
    .updateTable('reply_tokens')
    .set({ revoked_at: instant(ctx.clock.now()) })
    .where('participant_id', '=', id)
    .execute();
}

/** The next letter brings this participant a new address; the old one is unknown from now on. */
export async function forgetReplyToken(trx: Write, id: Id<'participant'>): Promise<void> {
  await trx.deleteFrom('reply_tokens').where('participant_id', '=', id).execute();
}

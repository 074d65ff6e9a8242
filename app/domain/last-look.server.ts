import type { Id } from '#db/schema';
import { staleInvitations, staleLinks } from './account/stale-mail.server';
import { suppressMailbox } from './account/suppression.server';
import type { DomainContext } from './context';
import type { ClaimedLetter } from './mail/claims.server';
import type { Objection } from './mail/outbox.server';
import type { LastLook } from './mail/worker.server';
import { objections } from './message/objections.server';
import { secrets } from './message/secrets.server';
import { staleDecisions } from './review/decision-mail.server';
import { staleAsking } from './submission/byline/ask.server';

/** All that is asked about mail as it is about to go out: whether what it says is still so, and what must not be in it. */
export const lastLook: LastLook = {
  objections: everyObjection,
  secrets,
  gone: (trx, { clock }, mailboxId) => suppressMailbox(trx, clock, mailboxId, 'bounce'),
};

async function everyObjection(
  ctx: DomainContext,
  letters: readonly ClaimedLetter[],
): Promise<Map<Id<'outbox'>, Objection>> {
  const all = new Map<Id<'outbox'>, Objection>();
  for (const look of [objections, staleDecisions, staleAsking, staleLinks, staleInvitations])
    for (const [id, objection] of await look(ctx, letters)) if (!all.has(id)) all.set(id, objection);
  return all;
}

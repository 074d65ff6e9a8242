import type { ExpressionBuilder } from 'kysely';
import { instant } from '#db/ids';
import type { Database } from '#db/open';
import type { Id, Instant, OutboxState, Tables } from '#db/schema';
import { write } from '#db/write';
import type { DomainContext } from '../context';
import { AT_ONCE } from './outbox.server';

/** A letter as the organisers of its conference see it: how it fares, and neither to whom it goes nor what it says. */
export interface DeskLetter {
  id: Id<'outbox'>;
  kind: string;
  state: OutboxState;
  attempts: number;
  /** When it is tried next; null where it is not. */
  nextAttemptAt: Instant | null;
  /** A fixed word or an SMTP code: never what a server said. */
  code: string | null;
  createdAt: Instant;
}

const PAGE = 50;

/** The newest first. `before`: the id at which the page before ended. */
export async function lettersOf(
  db: Database,
  conferenceId: Id<'conference'>,
  options: { state?: OutboxState; before?: string } = {},
): Promise<{ letters: DeskLetter[]; next: string | null }> {
  let query = db
    .selectFrom('outbox')
    .select(['id', 'kind', 'state', 'attempts', 'next_attempt_at', 'error_code as code', 'created_at as createdAt'])
    .where('conference_id', '=', conferenceId);
  if (options.state === 'sent') query = query.where((eb) => eb.or([eb('state', '=', 'sent'), isSilenced(eb)]));
  else if (options.state) query = query.where('state', '=', options.state).where((eb) => eb.not(isSilenced(eb)));
  if (options.before) query = query.where('id', '<', options.before as Id<'outbox'>);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(PAGE + 1)
    .execute();
  const letters = rows.slice(0, PAGE).map(({ next_attempt_at, attempts, ...row }) => ({
    ...row,
    ...(isSilent(row) && { state: 'sent' as const, code: null }),
    attempts: Number(attempts),
    nextAttemptAt: row.state === 'queued' && next_attempt_at !== AT_ONCE ? next_attempt_at : null,
  }));
  return { letters, next: rows.length > PAGE ? letters.at(-1)!.id : null };
}

/**
 * A question to an author that did not go out, as its reader wants none, looks handed on: what an address has said to the
 * portal elsewhere is not for those to know who have guessed it into a byline.
 */
function isSilenced(eb: ExpressionBuilder<Tables, 'outbox'>) {
  return eb.and({ kind: 'author-asked', state: 'cancelled', error_code: 'suppressed' });
}

function isSilent({ kind, state, code }: Pick<DeskLetter, 'kind' | 'state' | 'code'>): boolean {
  return kind === 'author-asked' && state === 'cancelled' && code === 'suppressed';
}

/** What can still be stopped: a letter that waits. False where it is on its way, gone, or not this conference's. */
export async function cancelLetter(ctx: DomainContext, conferenceId: Id<'conference'>, id: string): Promise<boolean> {
  const result = await write(ctx.db, (trx) =>
    trx
      .updateTable('outbox')
      .set({ state: 'cancelled', error_code: 'organiser' })
      .where('id', '=', id as Id<'outbox'>)
      .where('conference_id', '=', conferenceId)
      .where('state', 'in', ['queued', 'held'])
      .executeTakeFirst(),
  );
  return result.numUpdatedRows === 1n;
}

/** Tries again what has failed, or now what was to wait. Of what may have arrived already there would be two. */
export async function retryLetter(ctx: DomainContext, conferenceId: Id<'conference'>, id: string): Promise<boolean> {
  const result = await write(ctx.db, (trx) =>
    trx
      .updateTable('outbox')
      .set({ state: 'queued', attempts: 0, next_attempt_at: AT_ONCE })
      .where('id', '=', id as Id<'outbox'>)
      .where('conference_id', '=', conferenceId)
      .where('state', 'in', ['queued', 'failed'])
      .where('text', '!=', '')
      .executeTakeFirst(),
  );
  if (result.numUpdatedRows === 1n) ctx.mailQueued();
  return result.numUpdatedRows === 1n;
}

/** Stops all mail of a conference, or lets it go again. What is on the wire at that moment still goes. */
export async function holdMail(ctx: DomainContext, conferenceId: Id<'conference'>, hold: boolean): Promise<void> {
  await write(ctx.db, (trx) =>
    trx
      .updateTable('conferences')
      .set({ mail_held_at: hold ? instant(ctx.clock.now()) : null })
      .where('id', '=', conferenceId)
      .execute(),
  );
  if (!hold) ctx.mailQueued();
}

export async function isMailHeld(db: Database, conferenceId: Id<'conference'>): Promise<boolean> {
  const row = await db
    .selectFrom('conferences')
    .select('mail_held_at')
    .where('id', '=', conferenceId)
    .executeTakeFirstOrThrow();
  return row.mail_held_at !== null;
}

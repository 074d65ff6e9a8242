import type { Selectable } from 'kysely';
import { instant } from '#db/ids';
import { isPostgres } from '#db/open';
import type { Id, Tables } from '#db/schema';
import { type Write, write } from '#db/write';
import { later, SECOND } from '../clock';
import type { DomainContext } from '../context';
import { backoff } from './backoff';
import { endsMailbox } from './bounces.server';
import { AT_ONCE } from './outbox.server';
import { AWAY_CODES } from './smtp-error';
import { tally } from './tallies.server';

export type ClaimedLetter = Selectable<Tables['outbox']>;

export interface Result {
  letter: ClaimedLetter;
  /** The mailbox that it really went to, where its owner has chosen another than it was queued for. */
  sentTo?: Id<'mailbox'> | null;
  /** unsent: the try was not even begun. postponed: neither, and not before `until`. */
  outcome: 'sent' | 'deferred' | 'failed' | 'unknown' | 'cancelled' | 'unsent' | 'postponed';
  code: string | null;
  /** What a server's answer says more exactly (RFC 3463). */
  status?: string;
  until?: Date;
}

/** Renewed while tries are under way; what a killed process had claimed waits so long, and then goes out. */
export const LEASE = 30 * SECOND;
/** A mail that may have gone out twice is not tried again. */
const MOST_LOST_TRIES = 2;
/** These carry a link that signs in; once nothing more is to be sent their words have no use but to a thief. */
const SECRET_KINDS = ['sign-in-link', 'confirm-message', 'add-address'];

/** Takes letters that are due, oldest first, for this process alone. */
export async function claimLetters(ctx: DomainContext, most: number): Promise<ClaimedLetter[]> {
  const now = instant(ctx.clock.now());
  const due = ctx.db
    .selectFrom('outbox')
    .select('id')
    .where('state', '=', 'queued')
    .where('next_attempt_at', '<=', now)
    .where((eb) =>
      eb.or([
        eb('conference_id', 'is', null),
        eb(
          'conference_id',
          'not in',
          eb.selectFrom('conferences').select('conferences.id').where('mail_held_at', 'is not', null),
        ),
      ]),
    );
  // A look that finds nothing writes nothing.
  if (!(await due.limit(1).executeTakeFirst())) return [];
  const chosen = due.orderBy('next_attempt_at').orderBy('id').limit(most);
  const letters = await write(ctx.db, (trx) =>
    trx
      .updateTable('outbox')
      .set((eb) => ({
        state: 'sending',
        leased_until: instant(later(ctx.clock, LEASE)),
        attempts: eb('attempts', '+', 1),
      }))
      .where('id', 'in', isPostgres(ctx.db) ? chosen.forUpdate().skipLocked() : chosen)
      .returningAll()
      .execute(),
  );
  return letters.sort((a, b) => compare(a.next_attempt_at, b.next_attempt_at) || compare(a.id, b.id));
}

/** Lets no other process take these while their tries take long. */
export async function renewLeases(ctx: DomainContext, letters: ClaimedLetter[]): Promise<void> {
  const ids = letters.map((letter) => letter.id);
  await ctx.db
    .updateTable('outbox')
    .set({ leased_until: instant(later(ctx.clock, LEASE)) })
    .where('id', 'in', ids)
    .where('state', '=', 'sending')
    .execute();
}

/** Puts back what a killed process had claimed: it may have gone out or not, so once, and not a third time. */
export async function takeBackAbandoned(ctx: DomainContext): Promise<number> {
  const now = instant(ctx.clock.now());
  const abandoned = ctx.db
    .selectFrom('outbox')
    .select('id')
    .where('state', '=', 'sending')
    .where('leased_until', '<', now);
  if (!(await abandoned.limit(1).executeTakeFirst())) return 0;
  return write(ctx.db, async (trx) => {
    const rows = await trx
      .updateTable('outbox')
      .set((eb) => ({
        state: 'queued',
        lost_tries: eb('lost_tries', '+', 1),
        leased_until: null,
        error_code: 'killed',
      }))
      .where('state', '=', 'sending')
      .where('leased_until', '<', now)
      .returning(['id', 'kind', 'lost_tries'])
      .execute();
    await settle(
      trx,
      rows.filter((row) => row.lost_tries >= MOST_LOST_TRIES),
      { state: 'unknown' },
    );
    return rows.length;
  });
}

/** The server can be reached again: what waited for that alone need not wait longer. */
export async function hurryDeferred(ctx: DomainContext): Promise<void> {
  const now = instant(ctx.clock.now());
  await write(ctx.db, (trx) =>
    trx
      .updateTable('outbox')
      .set({ next_attempt_at: AT_ONCE })
      .where('state', '=', 'queued')
      .where('next_attempt_at', '>', now)
      .where('error_code', 'in', AWAY_CODES)
      .execute(),
  );
}

/**
 * Writes down what became of a batch, all at once. That a letter was sent holds whoever has claimed it since.
 * `gone`: is told of mailboxes that a server says are none.
 */
export async function recordResults(
  ctx: DomainContext,
  results: Result[],
  gone: (trx: Write, ctx: DomainContext, mailboxId: Id<'mailbox'>) => Promise<void>,
): Promise<void> {
  await write(ctx.db, async (trx) => {
    const sent = results.filter((result) => result.outcome === 'sent').map((result) => result.letter);
    await settle(trx, sent, { state: 'sent', error_code: null, sent_at: instant(ctx.clock.now()) });
    await noteDestinations(trx, results);
    for (const { letter, sentTo, outcome, status = null } of results)
      if (outcome === 'failed' && endsMailbox(status)) await gone(trx, ctx, sentTo ?? letter.mailbox_id);
    for (const result of results) if (result.outcome !== 'sent') await recordUnsent(trx, ctx, result);
    await tally(trx, outcomesOf(results));
  });
}

async function noteDestinations(trx: Write, results: Result[]): Promise<void> {
  for (const { letter, sentTo } of results)
    if (sentTo && sentTo !== letter.mailbox_id)
      await trx.updateTable('outbox').set({ sent_to: sentTo }).where('id', '=', letter.id).execute();
}

function outcomesOf(results: Result[]): Parameters<typeof tally>[1] {
  const counts: Parameters<typeof tally>[1] = {};
  for (const { outcome } of results)
    if (outcome !== 'unsent' && outcome !== 'postponed') counts[`out ${outcome}`] = (counts[`out ${outcome}`] ?? 0) + 1;
  return counts;
}

async function recordUnsent(trx: Write, ctx: DomainContext, { letter, outcome, code, until }: Result): Promise<void> {
  const lost_tries = letter.lost_tries + (outcome === 'unknown' ? 1 : 0);
  const wait = backoff(letter.attempts);
  const update = trx
    .updateTable('outbox')
    // The number of tries tells our claim from that of a process that took the letter over.
    .where((eb) => eb.and({ id: letter.id, state: 'sending', attempts: letter.attempts }));
  if (outcome === 'unsent' || outcome === 'postponed') {
    const next = until && { next_attempt_at: instant(until) };
    await update.set({ state: 'queued', leased_until: null, attempts: letter.attempts - 1, ...next }).execute();
  } else if (wait !== null && (outcome === 'deferred' || (outcome === 'unknown' && lost_tries < MOST_LOST_TRIES))) {
    const next_attempt_at = instant(later(ctx.clock, wait));
    await update.set({ state: 'queued', leased_until: null, error_code: code, lost_tries, next_attempt_at }).execute();
  } else {
    const state = outcome === 'deferred' ? 'failed' : outcome;
    await update
      .set({ state, leased_until: null, error_code: code, lost_tries, ...withoutSecret(letter.kind) })
      .execute();
  }
}

/** Ends letters that need no more tries. */
async function settle(
  trx: Write,
  letters: { id: Id<'outbox'>; kind: string }[],
  end: { state: 'sent' | 'unknown'; error_code?: null; sent_at?: ClaimedLetter['sent_at'] },
): Promise<void> {
  for (const secret of [true, false]) {
    const ids = letters.filter((letter) => SECRET_KINDS.includes(letter.kind) === secret).map((letter) => letter.id);
    if (ids.length === 0) continue;
    const blank = secret ? { text: '', html: '' } : {};
    await trx
      .updateTable('outbox')
      .set({ ...end, ...blank, leased_until: null })
      .where('id', 'in', ids)
      .execute();
  }
}

function withoutSecret(kind: string): { text?: string; html?: string } {
  return SECRET_KINDS.includes(kind) ? { text: '', html: '' } : {};
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

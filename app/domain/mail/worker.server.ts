import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import type { DomainContext } from '../context';
import {
  type ClaimedLetter,
  claimLetters,
  hurryDeferred,
  LEASE,
  type Result,
  recordResults,
  renewLeases,
  takeBackAbandoned,
} from './claims.server';
import { UNWANTED } from './outbox.server';
import { isAway } from './smtp-error';
import type { Transport } from './transport.server';

export interface MailWorker {
  /** Something was queued: look now. It may be called before the commit, so the worker looks again soon after. */
  wake(): void;
  /** Claims no more, finishes the mails that are on the wire, gives the others back. */
  stop(): Promise<void>;
}

const BATCH = 100;
/** One batch is claimed and recorded while another is on the wire. */
const BATCHES_AT_ONCE = 2;
/** What another process has queued is found by looking: its first attempt comes well within a second. */
const LOOK_EVERY = 500;
const LOOK_AGAIN = 50;
const LONGEST_PAUSE = 30_000;
const TAKE_BACK_EVERY = 5_000;
/** How often a record is tried after stop(): then the leases run out and the letters count as perhaps sent. */
const LAST_TRIES = 5;

/** Which letters nobody wants any more, asked as they are about to go out. */
export type Unwanted = (db: Database, letters: readonly ClaimedLetter[]) => Promise<Set<Id<'outbox'>>>;

/** The mailboxes whose addresses each letter must not hold, if any. */
export type Secrets = (db: Database, letters: readonly ClaimedLetter[]) => Promise<Map<Id<'outbox'>, Id<'mailbox'>[]>>;

/** Sends what is in the outbox until stopped. Of several workers on one database each letter is claimed by one. */
export function startMailWorker(
  ctx: DomainContext,
  transport: Transport,
  unwantedLetters: Unwanted = async () => new Set(),
  secretsOf: Secrets = async () => new Map(),
): MailWorker {
  const underway = new Set<Promise<void>>();
  let stopping = false;
  let quickLooks = 0;
  /** Batches in a row for which the server was out of reach. */
  let away = 0;
  let tookBackAt = Number.NEGATIVE_INFINITY;
  let rouse: (() => void) | null = null;

  async function run(): Promise<void> {
    for (let failures = 0; !stopping; ) {
      try {
        await takeBack();
        const letters = await claimLetters(ctx, BATCH);
        failures = 0;
        if (letters.length > 0) begin(letters);
        else await nap(quickLooks-- > 0 ? LOOK_AGAIN : LOOK_EVERY, true);
        if (underway.size >= BATCHES_AT_ONCE || (away > 0 && underway.size > 0)) await Promise.race(underway);
        // Not the next letter but the server is what must be waited for.
        if (away > 0) await nap(pause(away), false);
      } catch (error) {
        failures++;
        ctx.log.error({ err: error }, 'The mail worker could not read the outbox');
        await nap(pause(failures), false);
      }
    }
    await Promise.all(underway);
  }

  /** Not at each look, and by the portal's clock, which may also be set back. */
  async function takeBack(): Promise<void> {
    const now = ctx.clock.now().getTime();
    if (Math.abs(now - tookBackAt) < TAKE_BACK_EVERY) return;
    const count = await takeBackAbandoned(ctx);
    tookBackAt = now;
    if (count > 0) ctx.log.warn({ count }, 'Mails whose sender was killed');
  }

  function begin(letters: ClaimedLetter[]): void {
    const batch = deliver(letters).finally(() => underway.delete(batch));
    underway.add(batch);
  }

  /** Never rejects. */
  async function deliver(letters: ClaimedLetter[]): Promise<void> {
    const renewal = setInterval(
      () => renewLeases(ctx, letters).catch((err) => ctx.log.error({ err }, 'Could not renew a lease')),
      LEASE / 5,
    );
    try {
      const results = await send(letters).catch((err): Result[] => {
        ctx.log.error({ err }, 'The mail worker could not read where mail goes');
        return letters.map((letter) => ({ letter, outcome: 'unsent', code: null }));
      });
      await record(results);
      await noteReach(results);
    } finally {
      clearInterval(renewal);
    }
  }

  async function send(letters: ClaimedLetter[]): Promise<Result[]> {
    const unwanted = await unwantedLetters(ctx.db, letters);
    const wanted = letters.filter((letter) => !unwanted.has(letter.id));
    const results = await transport.send(wanted, () => !stopping, await secretsOf(ctx.db, wanted));
    const cancelled = letters.filter((letter) => unwanted.has(letter.id));
    return [...results, ...cancelled.map((letter) => ({ letter, outcome: 'cancelled', code: UNWANTED }) as const)];
  }

  async function record(results: Result[]): Promise<void> {
    for (let failures = 0; ; ) {
      try {
        await recordResults(ctx, results);
        break;
      } catch (err) {
        failures++;
        ctx.log.error({ err }, 'The mail worker could not write down what it sent');
        if (stopping && failures >= LAST_TRIES) return;
        await new Promise((resolve) => setTimeout(resolve, stopping ? 500 : pause(failures)));
      }
    }
    for (const { letter, outcome, code } of results) {
      if (outcome === 'sent' || outcome === 'unsent' || code === UNWANTED) continue;
      ctx.log.warn({ outbox: letter.id, kind: letter.kind, attempt: letter.attempts, outcome, code }, 'Mail not sent');
    }
  }

  async function noteReach(results: Result[]): Promise<void> {
    const answered = results.some(
      ({ outcome, code }) => !isAway(code) && outcome !== 'unsent' && outcome !== 'cancelled',
    );
    if (!answered && results.some(({ outcome }) => outcome !== 'cancelled')) {
      away++;
    } else if (answered && away > 0) {
      away = 0;
      await hurryDeferred(ctx).catch((err) => ctx.log.error({ err }, 'Could not hurry deferred mail'));
    }
  }

  /** Sleeps until the time is over or stop() is called, or wake() where `light`. */
  async function nap(milliseconds: number, light: boolean): Promise<void> {
    if (stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      rouse = () => {
        if (!light && !stopping) return;
        clearTimeout(timer);
        resolve();
      };
    });
    rouse = null;
  }

  const ended = run();
  return {
    wake() {
      quickLooks = 2;
      rouse?.();
    },
    async stop() {
      stopping = true;
      rouse?.();
      await ended;
    },
  };
}

function pause(failures: number): number {
  return Math.min(1_000 * 2 ** (failures - 1), LONGEST_PAUSE);
}

import type { Id } from '#db/schema';
import type { Write } from '#db/write';
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
import type { Objection } from './outbox.server';
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
/** What is queued one by one goes out together: a batch costs much the same whether it is of one letter or of many. */
const GATHER = 20;
const LONGEST_PAUSE = 30_000;
const TAKE_BACK_EVERY = 5_000;
/** How often a record is tried after stop(): then the leases run out and the letters count as perhaps sent. */
const LAST_TRIES = 5;

/** What is asked about letters as they are about to go out; the outbox itself knows nothing of what they carry. */
export interface LastLook {
  /** What stands against sending each of them now, if anything. */
  objections(ctx: DomainContext, letters: readonly ClaimedLetter[]): Promise<Map<Id<'outbox'>, Objection>>;
  /** The mailboxes whose addresses each of them must not hold, if any. */
  secrets(ctx: DomainContext, letters: readonly ClaimedLetter[]): Promise<Map<Id<'outbox'>, Id<'mailbox'>[]>>;
  /** Is told of a mailbox that a mail server has just said is none. */
  gone(trx: Write, ctx: DomainContext, mailboxId: Id<'mailbox'>): Promise<void>;
}

/** Sends what is in the outbox until stopped. Of several workers on one database each letter is claimed by one. */
export function startMailWorker(ctx: DomainContext, transport: Transport, lastLook: LastLook): MailWorker {
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
        if (letters.length === 0) await nap(quickLooks-- > 0 ? LOOK_AGAIN : LOOK_EVERY, true);
        else if (letters.length < BATCH) await nap(GATHER, false);
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
    const objections = await lastLook.objections(ctx, letters);
    const free = letters.filter((letter) => !objections.has(letter.id));
    const results = await transport.send(free, () => !stopping, await lastLook.secrets(ctx, free));
    for (const letter of letters) {
      const objection = objections.get(letter.id);
      if (objection) results.push({ letter, code: null, ...objection });
    }
    return results;
  }

  async function record(results: Result[]): Promise<void> {
    for (let failures = 0; ; ) {
      try {
        await recordResults(ctx, results, lastLook.gone);
        break;
      } catch (err) {
        failures++;
        ctx.log.error({ err }, 'The mail worker could not write down what it sent');
        if (stopping && failures >= LAST_TRIES) return;
        await new Promise((resolve) => setTimeout(resolve, stopping ? 500 : pause(failures)));
      }
    }
    for (const { letter, outcome, code } of results) {
      if (outcome !== 'deferred' && outcome !== 'failed' && outcome !== 'unknown') continue;
      ctx.log.warn({ outbox: letter.id, kind: letter.kind, attempt: letter.attempts, outcome, code }, 'Mail not sent');
    }
  }

  async function noteReach(results: Result[]): Promise<void> {
    const tried = results.filter(({ outcome }) => outcome !== 'cancelled' && outcome !== 'postponed');
    const answered = tried.some(({ outcome, code }) => !isAway(code) && outcome !== 'unsent');
    if (!answered && tried.length > 0) {
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

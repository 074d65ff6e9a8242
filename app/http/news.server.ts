import { setMaxListeners } from 'node:events';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { sessionsAlive } from '~/domain/account/security/sessions.server';
import { latestFor } from '~/domain/message/thread-list.server';

const LOOK_EVERY = 2_000;
const MOST_WATCHERS = 500;
/** Pages of one person that are told of news at once: nobody reads more, and nobody is to take all the places. */
export const MOST_WATCHERS_OF_ONE = 10;

/** An open page. */
export interface Listener {
  /** The session in which it was opened (`CurrentSession`). */
  session: string;
  /** There is something newer than it has. */
  news(): void;
  /** Its session is over: it may hear nothing more. */
  over(): void;
}

/**
 * Tells open pages that somebody has written in their thread: that there is something, and nothing of what. However many
 * pages are open, and whichever process took the message or ended their session, it is two queries every two seconds, and
 * none without pages.
 */
export class Newsroom {
  /** For each participant of a thread who listens, and the newest message that each of them has seen. */
  readonly #watched = new Map<Id<'participant'>, Map<Listener, string>>();
  readonly #people = new Map<Id<'account'>, number>();
  readonly #closing = new AbortController();
  #watchers = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly db: Database) {
    // Each open page listens for the end: many are no leak.
    setMaxListeners(0, this.#closing.signal);
  }

  /** Ends the streams of a process that stops: browsers come back to its successor. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  close(): void {
    this.#closing.abort();
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  /**
   * Calls `listener` whenever there is something for that participant newer than the message `seen`. `full`: this person,
   * or everybody together, watches enough pages; `closing`: the process stops.
   */
  watch(
    { accountId, participantId }: { accountId: Id<'account'>; participantId: Id<'participant'> },
    seen: string,
    listener: Listener,
  ): (() => void) | 'full' | 'closing' {
    if (this.#closing.signal.aborted) return 'closing';
    const own = this.#people.get(accountId) ?? 0;
    if (this.#watchers >= MOST_WATCHERS || own >= MOST_WATCHERS_OF_ONE) return 'full';
    this.#watchers++;
    this.#people.set(accountId, own + 1);
    const listeners = this.#watched.get(participantId) ?? new Map<Listener, string>();
    this.#watched.set(participantId, listeners);
    listeners.set(listener, seen);
    this.#timer ??= setInterval(() => this.#look().catch(() => {}), LOOK_EVERY).unref();
    return () => {
      if (!listeners.delete(listener)) return;
      this.#watchers--;
      const left = (this.#people.get(accountId) ?? 1) - 1;
      if (left === 0) this.#people.delete(accountId);
      else this.#people.set(accountId, left);
      if (listeners.size === 0 && this.#watched.get(participantId) === listeners) this.#watched.delete(participantId);
      if (this.#watchers > 0 || !this.#timer) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  async #look(): Promise<void> {
    await this.#endSessions();
    for (const { participantId, latest } of await latestFor(this.db, [...this.#watched.keys()])) {
      const listeners = this.#watched.get(participantId) ?? new Map<Listener, string>();
      for (const [listener, seen] of listeners) {
        if (latest <= seen) continue;
        listeners.set(listener, latest);
        listener.news();
      }
    }
  }

  /** First of all: nobody hears of anything in a session that has ended. */
  async #endSessions(): Promise<void> {
    const listeners = [...this.#watched.values()].flatMap((ofThread) => [...ofThread.keys()]);
    const alive = await sessionsAlive(this.db, [...new Set(listeners.map(({ session }) => session))]);
    for (const listener of listeners) if (!alive.has(listener.session)) listener.over();
  }
}

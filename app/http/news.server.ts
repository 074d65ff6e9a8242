import { setMaxListeners } from 'node:events';
import type { Database } from '#db/open';
import type { Id } from '#db/schema';
import { sessionsAlive } from '~/domain/account/security/sessions.server';
import { latestIn } from '~/domain/message/thread-list.server';

const LOOK_EVERY = 2_000;
const MOST_WATCHERS = 500;

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
  /** For each thread who listens, and the newest message that each of them has seen. */
  readonly #watched = new Map<Id<'thread'>, Map<Listener, string>>();
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

  /** Tells the listener whenever there is something newer than the message `seen`. Null: too many watch already. */
  watch(threadId: Id<'thread'>, seen: string, listener: Listener): (() => void) | null {
    if (this.#watchers >= MOST_WATCHERS || this.#closing.signal.aborted) return null;
    this.#watchers++;
    const listeners = this.#watched.get(threadId) ?? new Map<Listener, string>();
    this.#watched.set(threadId, listeners);
    listeners.set(listener, seen);
    this.#timer ??= setInterval(() => this.#look().catch(() => {}), LOOK_EVERY).unref();
    return () => {
      if (!listeners.delete(listener)) return;
      this.#watchers--;
      if (listeners.size === 0) this.#watched.delete(threadId);
      if (this.#watchers > 0 || !this.#timer) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  async #look(): Promise<void> {
    await this.#endSessions();
    for (const { threadId, latest } of await latestIn(this.db, [...this.#watched.keys()])) {
      const listeners = this.#watched.get(threadId) ?? new Map<Listener, string>();
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

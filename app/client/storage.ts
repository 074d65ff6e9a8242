import type { Fields } from './fields';

/** What was typed into one form and has not reached the server. */
export interface Kept {
  /** Milliseconds since the epoch. */
  at: number;
  /** Which of the open pages keeps it. */
  by: string;
  /** The page that it was typed on: path and query. */
  url: string;
  fields: Fields;
  /** What its text fields are called. */
  labels: Record<string, string>;
  /** It has been sent, and waits at the portal for its sender to sign in. */
  waits?: boolean;
}

const DAYS = 30;
const PREFIX = 'kept:';

/**
 * What one account has typed, in this browser. Whoever is not signed in keeps things for as long as the tab is open.
 * Where the browser has no room or allows no storage, nothing is kept and everything else works on.
 */
export class KeptForms {
  readonly #storage: Storage | null;
  readonly #prefix: string;

  constructor(account: string) {
    this.#storage = storageFor(account);
    this.#prefix = `${PREFIX}${account || 'guest'}:`;
  }

  get(name: string): Kept | null {
    return parsed(this.#storage?.getItem(this.#prefix + name));
  }

  /** What this tab has kept of somebody who was not signed in yet becomes what their account keeps. */
  adopt(name: string): Kept | null {
    const guest = new KeptForms('');
    const kept = this.#prefix === guest.#prefix ? null : guest.get(name);
    if (!kept || !this.set(name, kept)) return null;
    guest.remove(name);
    return kept;
  }

  set(name: string, kept: Kept): boolean {
    try {
      this.#storage?.setItem(this.#prefix + name, JSON.stringify(kept));
      return this.#storage !== null;
    } catch {
      return false;
    }
  }

  remove(name: string): void {
    this.#storage?.removeItem(this.#prefix + name);
  }

  all(): [string, Kept][] {
    return keysOf(this.#storage)
      .filter((key) => key.startsWith(this.#prefix))
      .flatMap((key): [string, Kept][] => {
        const kept = parsed(this.#storage?.getItem(key));
        return kept ? [[key.slice(this.#prefix.length), kept]] : [];
      })
      .sort(([, one], [, other]) => other.at - one.at);
  }

  /** Of every account: what is too old goes, and what cannot be read. */
  tidy(now: number): void {
    for (const key of keysOf(this.#storage)) {
      if (!key.startsWith(PREFIX)) continue;
      const kept = parsed(this.#storage?.getItem(key));
      if (!kept || kept.at < now - DAYS * 86_400_000) this.#storage?.removeItem(key);
    }
  }
}

/** What this tab remembers until it is closed. */
export function remember(name: string, value: string | null): void {
  const storage = storageFor('');
  try {
    if (value === null) storage?.removeItem(name);
    else storage?.setItem(name, value);
  } catch {
    // Full: then it is not remembered.
  }
}

export function remembered(name: string): string | null {
  return storageFor('')?.getItem(name) ?? null;
}

function storageFor(account: string): Storage | null {
  try {
    return account ? localStorage : sessionStorage;
  } catch {
    return null;
  }
}

function keysOf(storage: Storage | null): string[] {
  return storage ? Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '') : [];
}

function parsed(text: string | null | undefined): Kept | null {
  try {
    const kept = JSON.parse(text ?? 'null') as Kept | null;
    return kept && typeof kept.at === 'number' && Array.isArray(kept.fields) ? kept : null;
  } catch {
    return null;
  }
}

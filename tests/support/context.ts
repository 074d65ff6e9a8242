import { onTestFinished } from 'vitest';
import type { Clock } from '~/domain/clock';
import type { DomainContext } from '~/domain/context';
import { openLog } from '~/domain/log.server';
import { testConfig } from './config';
import { type Engine, openTestDatabase } from './database';

/** A clock that stands still until it is told. */
export class TestClock implements Clock {
  #time: number;
  constructor(at = '2027-01-15T10:00:00.000Z') {
    this.#time = Date.parse(at);
  }
  now(): Date {
    return new Date(this.#time);
  }
  advance(milliseconds: number): void {
    this.#time += milliseconds;
  }
  set(at: string): void {
    this.#time = Date.parse(at);
  }
}

export interface TestContext extends DomainContext {
  clock: TestClock;
  /** What was logged: JSON lines as they would be printed. */
  logged: string[];
  /** How often something said that mail was queued. */
  wakes: number;
  databaseUrl: string;
  /** Runs by itself at the end of the test that made the context; one made in beforeAll must be closed in afterAll. */
  close(): Promise<void>;
}

/** The context of the portal with a fresh database, a clock that stands still and a log that is kept. */
export async function testContext(
  options: { engine?: Engine; env?: Record<string, string> } = {},
): Promise<TestContext> {
  const { db, url, close } = await openTestDatabase(options.engine ?? 'sqlite');
  const logged: string[] = [];
  const ctx: TestContext = {
    db,
    databaseUrl: url,
    clock: new TestClock(),
    config: testConfig({ DATABASE_URL: url, ...options.env }),
    log: openLog('debug', { write: (line: string) => void logged.push(line) }),
    logged,
    wakes: 0,
    mailQueued() {
      ctx.wakes++;
    },
    close: once(close),
  };
  try {
    onTestFinished(ctx.close);
  } catch {
    // Not within a test: whoever made it closes it.
  }
  return ctx;
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | null = null;
  return () => {
    closed ??= close();
    return closed;
  };
}

import type { Logger } from 'pino';
import type { Database } from '#db/open';
import type { Config } from '~/config.server';
import type { Clock } from './clock';

/** What the domain works with. Opened once by server.ts or the command line; a test passes its own. */
export interface DomainContext {
  db: Database;
  clock: Clock;
  config: Config;
  log: Logger;
  /** Tells the mail worker that something was queued, so that it need not wait for its next look. */
  mailQueued(): void;
}

import type { Logger } from 'pino';
import { openDatabase } from '#db/open';
import { openLucia } from './auth/lucia.server';
import { openSessions } from './auth/sessions.server';
import type { Config } from './config.server';
import type { AppContext } from './context.server';
import type { Clock } from './domain/clock';
import { openLog } from './domain/log.server';

const systemClock: Clock = { now: () => new Date() };
/** Beside the database by default: both are this portal's own files. */
const CAPTURED_MAIL = 'data/mail';

/** Opens everything that the portal works with. The caller closes it with `app.db.destroy()`. */
export function openApp(
  config: Config,
  options: { clock?: Clock; log?: Logger; capturedMail?: string } = {},
): AppContext {
  const clock = options.clock ?? systemClock;
  const db = openDatabase(config.databaseUrl);
  return {
    config,
    clock,
    db,
    log: options.log ?? openLog(config.logLevel),
    sessions: openSessions(db, openLucia(db, config, clock)),
    capturedMail: options.capturedMail ?? CAPTURED_MAIL,
    mailQueued() {},
  };
}

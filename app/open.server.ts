import { resolve } from 'node:dns/promises';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { openDatabase } from '#db/open';
import { keepMailPrivate } from '#db/private-files';
import { openLucia } from './auth/lucia.server';
import { openSessions } from './auth/sessions.server';
import type { Config } from './config.server';
import type { AppContext } from './context.server';
import type { Clock } from './domain/clock';
import { openLog } from './domain/log.server';
import { Newsroom } from './http/news.server';

const systemClock: Clock = { now: () => new Date() };

/** Opens everything that the portal works with. The caller closes it with `app.db.destroy()`. */
export function openApp(
  config: Config,
  options: { clock?: Clock; log?: Logger; capturedMail?: string } = {},
): AppContext {
  const clock = options.clock ?? systemClock;
  const db = openDatabase(config.databaseUrl);
  const capturedMail = options.capturedMail ?? besideDatabase(config.databaseUrl);
  keepMailPrivate(capturedMail);
  return {
    config,
    clock,
    db,
    log: options.log ?? openLog(config.logLevel),
    sessions: openSessions(db, openLucia(db, config, clock), clock),
    capturedMail,
    news: new Newsroom(db),
    resolver: (domain, type) => resolve(domain, type) as Promise<string[][] | string[]>,
    mailQueued() {},
  };
}

/** Where mail is kept that is not sent: beside the database's file, since both are this portal's own. */
export function besideDatabase(databaseUrl: string): string {
  const directory = databaseUrl.startsWith('file:') ? dirname(databaseUrl.slice('file:'.length)) : 'data';
  return join(directory, 'mail');
}

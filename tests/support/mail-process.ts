import { openDatabase } from '#db/open';
import type { DomainContext } from '~/domain/context';
import { lastLook } from '~/domain/last-look.server';
import { openLog } from '~/domain/log.server';
import { openTransport } from '~/domain/mail/transport.server';
import { startMailWorker } from '~/domain/mail/worker.server';
import { testConfig } from './config';

/** A mail worker in a process of its own, to be killed: works until somebody does. */
export async function main(databaseUrl: string, smtpUrl: string): Promise<void> {
  const db = openDatabase(databaseUrl);
  const clock = { now: () => new Date() };
  const config = testConfig({ DATABASE_URL: databaseUrl, SMTP_URL: smtpUrl });
  const ctx: DomainContext = { db, clock, config, log: openLog('silent'), mailQueued() {} };
  startMailWorker(ctx, openTransport(config, { db, clock, captureDir: '' }), lastLook);
  await new Promise(() => setInterval(() => {}, 60_000));
}

import { openDatabase } from '#db/open';
import type { DomainContext } from '~/domain/context';
import { openLog } from '~/domain/log.server';
import { startInbound } from '~/inbound/listener.server';
import { testConfig } from './config';
import { resolver } from './relay';

/** A listener in a process of its own, to be killed: says its port, then takes mail until somebody kills it. */
export async function main(databaseUrl: string, authservId: string, time: string): Promise<void> {
  const config = testConfig({
    DATABASE_URL: databaseUrl,
    INBOUND_LISTEN: 'lmtp://127.0.0.1:0',
    INBOUND_AUTHSERV_ID: authservId,
  });
  const ctx: DomainContext = {
    db: openDatabase(databaseUrl),
    clock: { now: () => new Date(time) },
    config,
    log: openLog('silent'),
    mailQueued() {},
  };
  const { port } = await startInbound(ctx, { ...config.inbound!, listen: config.inbound!.listen! }, resolver);
  console.log(port);
  await new Promise(() => setInterval(() => {}, 60_000));
}

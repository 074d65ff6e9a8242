import { instant } from '#db/ids';
import type { AppContext } from './context.server';
import { DAY, HOUR } from './domain/clock';
import { askUnasked, remindSilent } from './domain/submission/byline/unasked.server';

/**
 * Throws away, each hour, what is past its time: sessions, links, challenges of passkeys, kept forms, counters and the text of mail that went out;
 * and asks authors who could not be asked before.
 */
export function startHousekeeping(app: AppContext): { stop(): void } {
  const timer = setInterval(() => {
    tidy(app).catch((error) => app.log.error({ err: error }, 'housekeeping failed'));
  }, HOUR);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

export async function tidy(app: AppContext): Promise<void> {
  const now = app.clock.now().getTime();
  const ago = (milliseconds: number) => instant(new Date(now - milliseconds));
  await app.sessions.deleteExpired();
  await app.db.deleteFrom('links').where('expires_at', '<', ago(DAY)).execute();
  for (const table of ['passkey_challenges', 'pending_sign_ins'] as const)
    await app.db.deleteFrom(table).where('expires_at', '<', ago(0)).execute();
  await app.db.deleteFrom('kept_forms').where('expires_at', '<', ago(0)).execute();
  // How a letter fared is kept, and what it said is not: messages have their own table, links are used up.
  await app.db
    .updateTable('outbox')
    .set({ text: '', html: '' })
    .where('state', 'in', ['sent', 'cancelled'])
    .where('text', '!=', '')
    .where('created_at', '<', ago(7 * DAY))
    .execute();
  await app.db
    .deleteFrom('attempts')
    .where('since', '<', ago(2 * DAY))
    .execute();
  await askUnasked(app);
  await remindSilent(app);
}

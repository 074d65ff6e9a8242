import { instant } from '#db/ids';
import type { AppContext } from './context.server';
import { forgetUnusedAddresses } from './domain/account/mailboxes.server';
import { DAY, HOUR } from './domain/clock';
import { askUnasked, remindSilent } from './domain/submission/byline/unasked.server';
import { renderUnrendered } from './domain/submission/markdown.server';

/** How long what nobody needs is kept. Told to people in the README. */
export const RETENTION = {
  /** The text of mail that went out or was cancelled; of mail that failed, which organisers may send again. */
  sentText: 7 * DAY,
  failedText: 30 * DAY,
  /** What a guest has written and nobody has confirmed, after its link has ended. */
  messageRequest: DAY,
  /** An answer by mail whose writer was asked and has not decided. */
  heldReply: 90 * DAY,
  /** An address that nobody has confirmed, and that stands nowhere any more. */
  unusedAddress: 30 * DAY,
} as const;

/**
 * Throws away, each hour, what is past its time: sessions, links, challenges of passkeys, kept forms, counters, the text
 * of mail, answers that wait for nobody and addresses that nobody uses; and asks authors who could not be asked before.
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
  // What waits for a link goes with it.
  await app.db.deleteFrom('links').where('expires_at', '<', ago(RETENTION.messageRequest)).execute();
  for (const table of ['passkey_challenges', 'pending_sign_ins'] as const)
    await app.db.deleteFrom(table).where('expires_at', '<', ago(0)).execute();
  await app.db.deleteFrom('kept_forms').where('expires_at', '<', ago(0)).execute();
  // How a letter fared is kept, and what it said is not: messages have their own table, links are used up.
  for (const [states, age] of [
    [['sent', 'cancelled'], RETENTION.sentText],
    [['failed', 'unknown'], RETENTION.failedText],
  ] as const)
    await app.db
      .updateTable('outbox')
      .set({ text: '', html: '' })
      .where('state', 'in', states)
      .where('text', '!=', '')
      .where('created_at', '<', ago(age))
      .execute();
  await app.db
    .updateTable('replies')
    .set({ outcome: 'discarded', body: '' })
    .where('outcome', '=', 'held')
    .where('received_at', '<', ago(RETENTION.heldReply))
    .execute();
  await app.db
    .deleteFrom('attempts')
    .where('since', '<', ago(2 * DAY))
    .execute();
  await forgetUnusedAddresses(app.db, ago(RETENTION.unusedAddress));
  await renderUnrendered(app.db);
  await askUnasked(app);
  await remindSilent(app);
}

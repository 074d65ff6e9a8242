import { instant, json, newId } from '#db/ids';
import type { Database } from '#db/open';
import type { Id, OutboxState } from '#db/schema';
import type { Write } from '#db/write';
import type { RenderedMail } from '#emails/mail';
import type { DomainContext } from '../context';

export interface Letter {
  to: Id<'mailbox'>;
  mail: RenderedMail;
  /** Display name of the sender; the address is always the portal's own. */
  fromName: string;
  /** Two letters with one key are one letter: the second is not queued. */
  dedupeKey: string;
  conferenceId?: Id<'conference'>;
  /** The relayed message that this letter carries. */
  messageId?: Id<'message'>;
  /** What it is about: whether that still holds is looked at once more before it goes. */
  submissionId?: Id<'submission'>;
  decisionId?: Id<'decision'>;
  /** Wait until the author whom it is for has said yes to the paper. */
  hold?: boolean;
  headers?: Record<string, string>;
  /** Where the recipient's answer by mail goes. */
  replyToken?: string | null;
}

/** When a letter may go that waits for nothing: they go in the order in which they were queued, whatever the clock does. */
export const AT_ONCE = instant(new Date(0));

/**
 * Puts letters into the outbox, in the transaction of what caused them. The worker sends them after the commit. Returns
 * how many are new: of those with a key that is there already none is queued again.
 */
export async function enqueue(trx: Write, ctx: DomainContext, letters: Letter[]): Promise<number> {
  if (letters.length === 0) return 0;
  const now = instant(ctx.clock.now());
  const queued = await trx
    .insertInto('outbox')
    .values(
      letters.map((letter) => {
        const id = newId<'outbox'>();
        return {
          id,
          conference_id: letter.conferenceId ?? null,
          mailbox_id: letter.to,
          kind: letter.mail.kind,
          from_name: letter.fromName,
          subject: letter.mail.subject,
          text: letter.mail.text,
          html: letter.mail.html,
          headers: json(letter.headers ?? {}),
          internet_message_id: `<${id}@${ctx.config.replyDomain}>`,
          dedupe_key: letter.dedupeKey,
          state: letter.hold ? 'held' : 'queued',
          next_attempt_at: AT_ONCE,
          leased_until: null,
          error_code: null,
          message_id: letter.messageId ?? null,
          submission_id: letter.submissionId ?? null,
          decision_id: letter.decisionId ?? null,
          reply_token: letter.replyToken ?? null,
          created_at: now,
          sent_at: null,
        } as const;
      }),
    )
    .onConflict((conflict) => conflict.column('dedupe_key').doNothing())
    .executeTakeFirst();
  ctx.mailQueued();
  return Number(queued.numInsertedOrUpdatedRows ?? 0);
}

/** Takes out what about a submission has waited for a yes of that mailbox's owner: what still holds is queued anew. */
export async function takeOutHeld(trx: Write, submissionId: Id<'submission'>, mailboxId: Id<'mailbox'>): Promise<void> {
  await trx
    .deleteFrom('outbox')
    .where('submission_id', '=', submissionId)
    .where('mailbox_id', '=', mailboxId)
    .where('state', '=', 'held')
    .execute();
}

/** Takes out what was cancelled because its fact had changed, so that it can be queued anew as it holds again. */
export async function takeOutSuperseded(trx: Write, dedupeKeys: string[]): Promise<void> {
  if (dedupeKeys.length === 0) return;
  await trx
    .deleteFrom('outbox')
    .where('dedupe_key', 'in', dedupeKeys)
    .where('state', '=', 'cancelled')
    .where('error_code', '=', SUPERSEDED)
    .execute();
}

/** Cancels what about a submission waits for somebody who is no author of it. */
export async function cancelHeld(trx: Write, submissionId: Id<'submission'>, mailboxId: Id<'mailbox'>): Promise<void> {
  await trx
    .updateTable('outbox')
    .set({ state: 'cancelled', error_code: SUPERSEDED })
    .where('submission_id', '=', submissionId)
    .where('mailbox_id', '=', mailboxId)
    .where('state', '=', 'held')
    .execute();
}

/** Lets what was never tried and was postponed for these mailboxes be looked at now. */
export async function hurry(trx: Write, ctx: DomainContext, mailboxIds: readonly Id<'mailbox'>[]): Promise<void> {
  if (mailboxIds.length === 0) return;
  await trx
    .updateTable('outbox')
    .set({ next_attempt_at: AT_ONCE })
    .where('mailbox_id', 'in', mailboxIds)
    .where('state', '=', 'queued')
    .where('attempts', '=', 0)
    .execute();
  ctx.mailQueued();
}

/** What stands against sending a letter now. */
export type Objection = { outcome: 'cancelled'; code: string } | { outcome: 'postponed'; until: Date };

/** The code of letters that were cancelled because their reader wants none of them. */
export const UNWANTED = 'unwanted';
/** The same, because conduct contacts have closed the conversation or suspended the writer. */
export const STOPPED = 'conduct';

/** The same, because what it says is no longer so. */
export const SUPERSEDED = 'superseded';

export interface Delivery {
  messageId: Id<'message'>;
  mailboxId: Id<'mailbox'>;
  state: OutboxState;
  code: string | null;
}

/** How the letters that carry these messages fare; one entry a recipient. */
export async function deliveriesOf(db: Database, messageIds: Id<'message'>[]): Promise<Delivery[]> {
  if (messageIds.length === 0) return [];
  const rows = await db
    .selectFrom('outbox')
    .select(['message_id', 'mailbox_id', 'state', 'error_code'])
    .where('message_id', 'in', messageIds)
    .execute();
  return rows.map((row) => ({
    messageId: row.message_id!,
    mailboxId: row.mailbox_id,
    state: row.state,
    code: row.error_code,
  }));
}

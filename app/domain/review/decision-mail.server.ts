import type { Id, Outcome } from '#db/schema';
import type { Write } from '#db/write';
import { decision as decisionTemplate } from '#emails/decision';
import { decisionTakenBack } from '#emails/decision-taken-back';
import { type RenderedMail, renderMail } from '#emails/mail';
import { primaryMailboxes } from '../account/mailbox-owners.server';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import type { ClaimedLetter } from '../mail/claims.server';
import { enqueue, type Objection, SUPERSEDED } from '../mail/outbox.server';
import { destinationsOf } from '../submission/byline/authors.server';
import type { Submission } from '../submission/queries.server';

type Host = Pick<Conference, 'id' | 'slug' | 'name'>;

export interface DecisionWords {
  outcome: Outcome;
  note: string;
}

/**
 * Who hears of a decision: whoever has the paper in hand, and its authors. `waits`: until they say yes to the paper. A
 * line that waits counts for itself, also where its address is somebody's who hears of it anyway: that it is must not
 * show.
 */
export async function decisionRecipients(
  db: DomainContext['db'],
  submission: Pick<Submission, 'submitterId' | 'enteredById' | 'authors'>,
): Promise<{ mailboxId: Id<'mailbox'>; waits: boolean }[]> {
  const owners = [submission.submitterId, submission.enteredById].filter((id) => id !== null);
  const primary = await primaryMailboxes(db, owners);
  const destinations = await destinationsOf(db, submission.authors);
  const told = new Set(primary.values());
  const waiting = new Set<Id<'mailbox'>>();
  for (const { id, state } of submission.authors) {
    const mailboxId = destinations.get(id);
    if (mailboxId && state !== 'declined') (state === 'confirmed' ? told : waiting).add(mailboxId);
  }
  return [
    ...[...told].map((mailboxId) => ({ mailboxId, waits: false })),
    ...[...waiting].map((mailboxId) => ({ mailboxId, waits: true })),
  ];
}

/** The mail that a decision sends, as it will go: shown before it goes. */
export function decisionMail(
  ctx: DomainContext,
  conference: Host,
  submission: Pick<Submission, 'ref' | 'version'>,
  words: DecisionWords,
  correction = false,
): RenderedMail {
  return renderMail(decisionTemplate, {
    outcome: words.outcome,
    note: words.note,
    correction,
    paper: { ref: submission.ref, title: submission.version.title },
    conference: conference.name,
    url: submissionUrl(ctx, conference, submission.ref),
  });
}

/** Queues the mail about a decision for everybody who hears of it, or for `alone`, where it has not been queued yet. */
export async function tellAuthors(
  trx: Write,
  ctx: DomainContext,
  conference: Host,
  submission: Submission,
  decision: DecisionWords & { id: Id<'decision'> },
  alone?: Id<'mailbox'>,
): Promise<void> {
  const told = await lastTold(trx, submission.id);
  const recipients = (await decisionRecipients(trx, submission)).filter(
    ({ mailboxId, waits }) => alone === undefined || (mailboxId === alone && !waits),
  );
  await enqueue(
    trx,
    ctx,
    recipients.map(({ mailboxId, waits }) => {
      const before = told.get(mailboxId);
      const correction = before !== undefined && before !== decision.outcome;
      return {
        to: mailboxId,
        mail: decisionMail(ctx, conference, submission, decision, correction),
        fromName: conference.name,
        conferenceId: conference.id,
        submissionId: submission.id,
        decisionId: decision.id,
        dedupeKey: `decision:${decision.id}:${mailboxId}${waits ? ':waiting' : ''}`,
        hold: waits,
      };
    }),
  );
}

/** Stops what has not gone out about a decision. Who has been told already is told of what takes its place. */
export async function cancelMailAbout(trx: Write, decisionId: Id<'decision'>): Promise<void> {
  await trx
    .updateTable('outbox')
    .set({ state: 'cancelled', error_code: SUPERSEDED })
    .where('decision_id', '=', decisionId)
    .where('state', 'in', ['queued', 'held'])
    .execute();
}

/** Tells whoever has had mail about a decision that it is taken back. Nobody else hears of it. */
export async function tellTakenBack(
  trx: Write,
  ctx: DomainContext,
  conference: Host,
  submission: Submission,
  decision: { id: Id<'decision'> },
): Promise<number> {
  const told = [...(await lastTold(trx, submission.id)).keys()];
  const mail = renderMail(decisionTakenBack, {
    paper: { ref: submission.ref, title: submission.version.title },
    conference: conference.name,
    url: submissionUrl(ctx, conference, submission.ref),
  });
  await enqueue(
    trx,
    ctx,
    told.map((mailboxId) => ({
      to: mailboxId,
      mail,
      fromName: conference.name,
      conferenceId: conference.id,
      submissionId: submission.id,
      decisionId: decision.id,
      dedupeKey: `decision-taken-back:${decision.id}:${mailboxId}`,
    })),
  );
  return told.length;
}

/** Which outcome each mailbox was last told of, as far as mail about the submission has gone out. */
async function lastTold(trx: Write, submissionId: Id<'submission'>): Promise<Map<Id<'mailbox'>, Outcome>> {
  const rows = await trx
    .selectFrom('outbox')
    .innerJoin('decisions', 'decisions.id', 'outbox.decision_id')
    .select(['outbox.mailbox_id', 'outbox.kind', 'decisions.outcome'])
    .where('outbox.submission_id', '=', submissionId)
    .where('outbox.state', 'in', ['sending', 'sent', 'unknown'])
    .orderBy('outbox.id')
    .execute();
  const told = new Map<Id<'mailbox'>, Outcome>();
  for (const row of rows) {
    if (row.kind === 'decision') told.set(row.mailbox_id, row.outcome);
    else told.delete(row.mailbox_id);
  }
  return told;
}

/** What stands against mail about decisions as it is about to go: it says what is no longer so. */
export async function staleDecisions(
  { db }: DomainContext,
  letters: readonly Pick<ClaimedLetter, 'id' | 'kind' | 'decision_id'>[],
): Promise<Map<Id<'outbox'>, Objection>> {
  const about = letters.filter((letter) => letter.decision_id !== null);
  if (about.length === 0) return new Map();
  const rows = await db
    .selectFrom('decisions')
    .innerJoin('submissions', 'submissions.id', 'decisions.submission_id')
    .select(['decisions.id', 'decisions.state', 'decisions.outcome', 'submissions.state as now'])
    .where('decisions.id', 'in', [...new Set(about.map((letter) => letter.decision_id!))])
    .execute();
  const decisions = new Map(rows.map((row) => [row.id, row]));
  const stale = about.filter(({ kind, decision_id }) => {
    const decision = decisions.get(decision_id!);
    if (kind === 'decision-taken-back') return decision?.now !== 'submitted';
    return decision?.state !== 'applied' || decision.now !== decision.outcome;
  });
  return new Map(stale.map(({ id }) => [id, { outcome: 'cancelled', code: SUPERSEDED }]));
}

function submissionUrl(ctx: DomainContext, conference: Host, ref: string): string {
  return `${ctx.config.origin}/${conference.slug}/submissions/${encodeURIComponent(ref)}`;
}

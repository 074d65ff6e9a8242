import type { Id, Instant, Outcome } from '#db/schema';
import type { Write } from '#db/write';
import { decision as decisionTemplate } from '#emails/decision';
import { decisionTakenBack } from '#emails/decision-taken-back';
import { type RenderedMail, renderMail } from '#emails/mail';
import { mailboxesOfOwners, primaryMailboxes } from '../account/mailbox-owners.server';
import type { Conference } from '../conference/queries.server';
import type { DomainContext } from '../context';
import type { ClaimedLetter } from '../mail/claims.server';
import { enqueue, type Objection, SUPERSEDED, takeOutSuperseded } from '../mail/outbox.server';
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
  const told = await lastTold(trx, submission);
  const recipients = (await decisionRecipients(trx, submission)).filter(
    ({ mailboxId, waits }) => alone === undefined || (mailboxId === alone && !waits),
  );
  const owned = await mailboxesOfOwners(
    trx,
    recipients.map(({ mailboxId }) => mailboxId),
  );
  const keyOf = ({ mailboxId, waits }: (typeof recipients)[number]) =>
    `decision:${decision.id}:${mailboxId}${waits ? ':waiting' : ''}`;
  // What was stopped as somebody said that the paper is none of theirs goes once they have said that it is.
  await takeOutSuperseded(trx, recipients.map(keyOf));
  await enqueue(
    trx,
    ctx,
    recipients.map((recipient) => {
      const { mailboxId, waits } = recipient;
      const before = outcomeTold(told, owned.get(mailboxId) ?? [mailboxId]);
      const correction = before !== undefined && before !== decision.outcome;
      return {
        to: mailboxId,
        mail: decisionMail(ctx, conference, submission, decision, correction),
        fromName: conference.name,
        conferenceId: conference.id,
        submissionId: submission.id,
        decisionId: decision.id,
        dedupeKey: keyOf(recipient),
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
  const told = await toldOfDecision(trx, submission);
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

/** Whoever has had mail about a decision on what was handed in last, that has not been taken back since. */
export async function toldOfDecision(
  db: DomainContext['db'],
  submission: Pick<Submission, 'id' | 'submittedAt'>,
): Promise<Id<'mailbox'>[]> {
  return [...(await lastTold(db, submission)).keys()];
}

/** Whether somebody who hears of this outcome has been told of another before. */
export async function isCorrection(
  db: DomainContext['db'],
  submission: Pick<Submission, 'id' | 'submittedAt'>,
  outcome: Outcome,
): Promise<boolean> {
  return [...(await lastTold(db, submission)).values()].some((told) => told.outcome !== outcome);
}

interface ToldLast {
  outcome: Outcome;
  /** Which mail it was: of a person's mailboxes the newest counts. */
  mail: Id<'outbox'>;
}

/** What somebody with these mailboxes was last told of, at whichever of them. */
function outcomeTold(told: Map<Id<'mailbox'>, ToldLast>, mailboxIds: Id<'mailbox'>[]): Outcome | undefined {
  const all = mailboxIds.flatMap((id) => told.get(id) ?? []);
  return all.sort((a, b) => (a.mail < b.mail ? 1 : -1))[0]?.outcome;
}

/**
 * Which outcome each mailbox was last told of, as far as mail has gone out about what was handed in last: who withdraws
 * a paper and hands it in again hears of a new decision, and of no correction.
 */
async function lastTold(
  db: DomainContext['db'],
  submission: Pick<Submission, 'id' | 'submittedAt'>,
): Promise<Map<Id<'mailbox'>, ToldLast>> {
  const rows = await db
    .selectFrom('outbox')
    .innerJoin('decisions', 'decisions.id', 'outbox.decision_id')
    .select(['outbox.id', 'outbox.mailbox_id', 'outbox.kind', 'decisions.outcome'])
    .where('outbox.submission_id', '=', submission.id)
    .where('decisions.decided_at', '>=', submission.submittedAt ?? ('' as Instant))
    .where('outbox.state', 'in', ['sending', 'sent', 'unknown'])
    .orderBy('outbox.id')
    .execute();
  const told = new Map<Id<'mailbox'>, ToldLast>();
  for (const row of rows) {
    if (row.kind === 'decision') told.set(row.mailbox_id, { outcome: row.outcome, mail: row.id });
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

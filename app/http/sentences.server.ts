import type { Id } from '#db/schema';
import type { RequestContext } from '~/context.server';
import { MAX_UNANSWERED, type Reached } from '~/domain/account/limits.server';
import { zoneOf } from '~/domain/account/queries.server';
import type { Viewer } from '~/domain/account/viewer';
import type { Conference } from '~/domain/conference/queries.server';
import { windowState } from '~/domain/conference/state';
import { isMailHeld } from '~/domain/mail/desk.server';
import type { Refusal } from '~/domain/message/thread.server';
import type { Told } from '~/domain/review/decision-queries.server';
import type { Submission } from '~/domain/submission/queries.server';
import { type Standing, type Step, standingOf } from '~/domain/submission/standing';
import { standingsFor } from '~/domain/submission/standings.server';
import { timed } from '~/domain/zoned-time';
import type { Notice, Told as NoticeTold } from './notice.server';

/** Why nothing can be submitted now, with the time and its zone. */
export function windowSentence(context: RequestContext, conference: Conference): string {
  const state = windowState(conference, context.clock.now());
  const zoned = (at: string | null) => (at ? timed(at, conference.timeZone) : '');
  return state === 'early'
    ? context.t('conference.early', { at: zoned(conference.opensAt) })
    : context.t('conference.closed', { at: zoned(conference.closesAt) });
}

/** How a submission stands for somebody. */
export function standingSentence(context: RequestContext, { sentences }: Standing): string {
  return sentences.map(({ key, values }) => context.t(key, values)).join(' ');
}

/** The same, with what can be done next, as pages show it. */
export function standingTold(context: RequestContext, standing: Standing): { stands: string; steps: Step[] } {
  return { stands: standingSentence(context, standing), steps: standing.next };
}

/** How it stands for this viewer, and the decision that they may read. */
export async function standingFor(
  context: RequestContext,
  conference: Conference,
  viewer: Viewer,
  submission: Submission,
) {
  const { situation, decision } = (await standingsFor(context, conference, viewer, [submission])).get(submission.id)!;
  return { standing: standingOf(situation), decision };
}

/** That a form was not saved, since what it would change is fixed by now. */
export async function notSavedSentence(
  context: RequestContext,
  conference: Conference,
  viewer: Viewer,
  now: Submission,
): Promise<string> {
  const { standing } = await standingFor(context, conference, viewer, now);
  return `${context.t('submit.notSaved')} ${standingSentence(context, standing)}`;
}

/** A form that gives its writer's own address to somebody else: told beside that field. */
export function ownAddress<Form>(
  context: RequestContext,
  submission: { reply(options: { fieldErrors: Record<string, string[]> }): Form },
  author: number,
): Form {
  return submission.reply({ fieldErrors: { [`authors[${author}].address`]: [context.t('error.ownAddress')] } });
}

/** What became of a form that was to hand in, or else to save: `taken` are fields that somebody else has changed. */
export function savedNotice(
  saved: { submitted: boolean; receipt: boolean; taken: readonly string[] },
  otherwise: Notice,
): Notice {
  if (!saved.submitted) return saved.taken.length > 0 ? 'notice.savedMerged' : otherwise;
  return saved.receipt ? 'notice.submitted' : 'notice.submittedWithoutMail';
}

/** What became of a decision: how many are told, how many hear of it later, and whether it waits with all mail. */
export async function decidedNotice(
  { db }: RequestContext,
  conferenceId: Id<'conference'>,
  { sent, underway, waiting }: Told,
): Promise<NoticeTold> {
  const told = sent + underway;
  const held = (await isMailHeld(db, conferenceId)) ? 1 : 0;
  return { notice: 'notice.decided', values: { all: told + waiting, told, waiting, held } };
}

/** Which limit was reached, and when there is room again, on the reader's clock. */
export async function limitSentence(
  context: RequestContext,
  { limit, retryAt }: Reached,
  conference?: { timeZone: string },
): Promise<string> {
  return context.t(`limit.${limit}`, { at: timed(retryAt, await readersZone(context, conference)) });
}

/** The zone that somebody has chosen in their account, else the conference's. */
async function readersZone(context: RequestContext, conference?: { timeZone: string }): Promise<string> {
  const viewer = await context.viewer();
  return (viewer && (await zoneOf(context.db, viewer.accountId))) ?? conference?.timeZone ?? 'UTC';
}

/** Why a message cannot be sent, and how one could go on. */
export async function refusalSentence(
  context: RequestContext,
  refusal: Refusal | { reason: 'proof' },
  conference: { timeZone: string },
): Promise<string> {
  if (refusal.reason === 'proof') return context.t('error.proof');
  if (refusal.reason === 'limit') return limitSentence(context, refusal, conference);
  if (refusal.reason === 'unanswered')
    return context.t('obstacle.unanswered', { name: refusal.name, most: MAX_UNANSWERED });
  return context.t(`obstacle.${refusal.reason}`);
}

/** RFC 6585, 4 for a limit; else the form cannot be processed as it is (RFC 9110, 15.5.21). */
export function refusalStatus(refusal: Refusal | { reason: 'proof' }): 429 | 422 {
  return refusal.reason === 'limit' ? 429 : 422;
}

/** Where a report has gone. */
export const REPORTED = {
  contacts: 'notice.reported',
  waits: 'notice.reportedWaits',
  before: 'notice.reportedBefore',
  added: 'notice.reportedAdded',
} as const satisfies Record<string, Notice>;

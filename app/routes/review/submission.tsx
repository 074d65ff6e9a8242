import { getFormProps, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { forbid, notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import { requireSubmission } from '~/auth/review-gate.server';
import type { RequestContext } from '~/context.server';
import { hasRole, type Viewer } from '~/domain/account/viewer';
import { namingIn } from '~/domain/authorship/queries.server';
import { type Conference, formatsOf, themesOf } from '~/domain/conference/queries.server';
import { type ReviewInput, removeReview, saveReview, setPublished } from '~/domain/review/commands.server';
import { toldOfDecision } from '~/domain/review/decision-mail.server';
import { decisionsOn, inForce, pendingOf, toldOf } from '~/domain/review/decision-queries.server';
import {
  applyDecision,
  type DecisionResult,
  discardDecision,
  takeBackDecision,
} from '~/domain/review/decisions.server';
import { isConflicted, mayDecide, mayPublish, mayReadReviews, mayReopen, mayReview } from '~/domain/review/policy';
import { enteredBy, ownReview, reviewsRead } from '~/domain/review/queries.server';
import { reviewSchema, SCORES } from '~/domain/review/schema';
import { reachOfAuthors } from '~/domain/submission/byline/authors.server';
import { authorshipPath } from '~/domain/submission/byline/link.server';
import { mayOrganiseByline } from '~/domain/submission/policy';
import { readingText } from '~/domain/submission/reading.server';
import { timed } from '~/domain/zoned-time';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { decidedNotice } from '~/http/sentences.server';
import { anchored, backToList, carriedQuery, carrying } from '~/paths';
import { DecisionDesk } from '~/ui/decision';
import { ErrorSummary, FieldErrors, RequiredMark, TextArea } from '~/ui/fields';
import { keep } from '~/ui/keep';
import { parseForm } from '~/ui/parse-form';
import { ReachList } from '~/ui/reach-tag';
import { Reviews } from '~/ui/reviews';
import { StateTag } from '~/ui/state-tag';
import { SubmissionText } from '~/ui/submission-text';
import { useTranslate } from '~/ui/translate';

/** What one types is kept. */
export const handle = { times: true, keeps: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const viewer = await requireViewer(context, request);
  const { conference, submission } = await requireSubmission(context, params, viewer);
  const seesReviews = mayReadReviews(viewer, conference, submission);
  const [formats, themes, own, read, decisions, kept] = await Promise.all([
    formatsOf(context.db, conference.id),
    themesOf(context.db, conference.id),
    ownReview(context.db, submission.id, viewer),
    seesReviews ? reviewsRead(context.db, submission.id) : null,
    seesReviews ? decisionsOn(context.db, submission.id) : null,
    keptResult(context, request),
  ]);
  const { ref, state, published } = submission;
  const organises = hasRole(viewer, conference.id, 'organiser');
  const holds = decisions && inForce(decisions);
  const [reach, told, heard, entered, naming] = await Promise.all([
    organises ? reachOfAuthors(context.db, submission.id, submission.authors) : null,
    holds ? toldOf(context.db, holds.id) : null,
    holds && organises ? toldOfDecision(context.db, submission) : [],
    organises ? enteredBy(context.db, submission.id) : null,
    submission.authors.some(({ mailboxId }) => mailboxId !== null && viewer.mailboxIds.includes(mailboxId))
      ? namingIn(context, conference.id, ref, viewer)
      : null,
  ]);
  const zoned = (at: string) => timed(at, conference.timeZone);
  return {
    title: `${ref} · ${context.t('review.title')}`,
    slug: conference.slug,
    list: carriedQuery('review', new URL(request.url)),
    ref,
    state,
    published,
    text: readingText(submission, formats, themes),
    own,
    isOwnPaper: isConflicted(viewer, conference, submission),
    // Being named conflicts nobody, and is theirs to answer.
    naming: naming && authorshipPath(naming),
    authors: reach && submission.authors.map(({ id, name }) => ({ id: id as string, name, reach: reach.get(id)! })),
    entered,
    reviews: read?.reviews.map(({ updatedAt, ...review }) => ({ ...review, at: zoned(updatedAt) })) ?? null,
    decisions:
      decisions?.map(({ decidedAt, byId: _, versionId, ...decided }) => ({
        ...decided,
        at: zoned(decidedAt),
        // Of a pending one it matters whether the paper is still the one that was decided on.
        changed: versionId !== null && versionId !== submission.version.id,
      })) ?? null,
    pending: (decisions && pendingOf(decisions)?.id) ?? null,
    holds: holds?.id ?? null,
    told,
    heard: heard.length,
    leftOut: read?.leftOut ?? 0,
    may: {
      review: mayReview(viewer, conference, submission),
      accept: mayDecide(viewer, conference, submission, 'accepted'),
      reject: mayDecide(viewer, conference, submission, 'rejected'),
      publish: mayPublish(viewer, conference, submission),
      reopen: mayReopen(viewer, conference, submission),
      byline: mayOrganiseByline(viewer, conference, submission),
    },
    kept,
  };
}

/** What is no form of its own, and has its effect beyond the page. */
const ACTS = ['publish', 'unpublish', 'remove-review', 'apply-decision', 'discard-decision', 'take-back'];

export async function action({ context, params, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const url = new URL(request.url);
  const viewer = await requireViewerKeeping(context, request, form, {
    page: url.pathname + url.search,
    itself: !ACTS.includes(String(form.get('intent'))),
    button: ACTS.includes(String(form.get('intent'))),
  });
  const { conference, submission } = await requireSubmission(context, params, viewer);
  const here = carrying(
    `/${conference.slug}/review/${encodeURIComponent(submission.ref)}`,
    carriedQuery('review', url),
  );
  switch (form.get('intent')) {
    case 'publish':
    case 'unpublish': {
      const published = form.get('intent') === 'publish';
      forbid(await setPublished(context, conference, viewer, submission.ref, published));
      return redirectWithNotice(anchored(here, 'publish'), published ? 'notice.published' : 'notice.unpublished');
    }
    case 'apply-decision':
    case 'discard-decision':
    case 'take-back':
      return changeDecision(context, conference, viewer, submission.ref, form, here);
    case 'remove-review': {
      const removed = await removeReview(context, conference, viewer, submission.ref);
      forbid(removed !== 'refused');
      const notice = removed === 'removed' ? 'notice.reviewRemoved' : 'notice.removedBefore';
      return redirectWithNotice(anchored(here, 'own-review'), notice);
    }
  }
  const parsed = parseForm(form, reviewSchema, context.t);
  if (parsed.status !== 'success') return refused(parsed.reply());
  const saved = await saveReview(context, conference, viewer, submission.ref, parsed.value as ReviewInput);
  if (saved.ok) return redirectWithNotice(anchored(here, 'own-review'), 'notice.reviewSaved');
  if (saved.reason === 'stale')
    return refused(parsed.reply({ formErrors: [context.t('review.stale')] }), { theirs: saved.theirs }, 409);
  // What was written is still in the field, to be copied.
  const reason = isConflicted(viewer, conference, submission)
    ? 'review.yours'
    : submission.state === 'accepted' || submission.state === 'rejected'
      ? 'review.decided'
      : 'review.notOpen';
  return refused(parsed.reply({ formErrors: [context.t(reason)] }), {}, 409);
}

async function changeDecision(
  context: RequestContext,
  conference: Conference,
  viewer: Viewer,
  ref: string,
  form: FormData,
  here: string,
): Promise<Response> {
  const id = String(form.get('decision') ?? '');
  const commands = {
    'apply-decision': applyDecision,
    'discard-decision': discardDecision,
    'take-back': takeBackDecision,
  } as const;
  const intent = form.get('intent') as keyof typeof commands;
  const result: DecisionResult = await commands[intent](context, conference, viewer, ref, id);
  if (!result.ok && result.reason === 'missing') throw notFound();
  forbid(result.ok || result.reason !== 'forbidden');
  const there = anchored(here, 'decision');
  if (!result.ok) return redirectWithNotice(there, 'notice.decisionMoved');
  switch (intent) {
    case 'apply-decision':
      return redirectWithNotice(there, await decidedNotice(context, conference.id, result.told));
    case 'discard-decision':
      return redirectWithNotice(there, 'notice.decisionDiscarded');
    case 'take-back':
      return redirectWithNotice(there, { notice: 'notice.takenBack', values: { told: result.told.underway } });
  }
}

export default function ReviewSubmission() {
  const t = useTranslate();
  const data = useLoaderData<typeof loader>();
  const { slug, list, ref, state, published, text, own, isOwnPaper, naming, reviews, may, kept } = data;
  const answered = useActionData<typeof action>();
  const theirs = answered && 'theirs' in answered ? answered.theirs : undefined;
  const lastResult = answered?.result ?? kept;
  const [form, fields] = useForm<{ score: string; note: string; revision: string }>({
    id: 'review',
    lastResult,
    defaultValue: {
      score: own ? String(own.score) : '',
      note: own?.note ?? '',
      revision: String(own?.revision ?? 0),
    },
  });
  const here = `/${slug}/review/${encodeURIComponent(ref)}`;
  return (
    <>
      <p className="crumb">
        <a href={backToList(`/${slug}/review`, list, ref)}>{t('review.title')}</a>
      </p>
      <h1>
        <span className="ref">{ref}</span> <StateTag state={state} published={published} />
      </h1>
      <SubmissionText text={text} />
      {isOwnPaper && <p className="notice">{t('review.yours')}</p>}
      {naming && (
        <p className="notice">
          {t('review.named')} <a href={naming}>{t('review.answer')}</a>
        </p>
      )}
      {(may.review || lastResult) && (
        <section className="panel">
          <h2 id="own-review" tabIndex={-1}>
            {t(!may.review ? 'review.written' : own ? 'review.change' : 'review.give')}
          </h2>
          <form method="post" {...getFormProps(form)} {...keep(`${slug}/review/${ref}`, lastResult)} noValidate>
            <ErrorSummary form={form} labels={(name) => t(name === 'score' ? 'review.score' : 'review.note')} />
            {theirs && (
              <section className="theirs">
                <h3>{t('submit.theirs')}</h3>
                <p>{t(`review.score${theirs.score as 1}`)}</p>
                <div className="letter" dir="auto">
                  {theirs.note || '–'}
                </div>
              </section>
            )}
            <input
              type="hidden"
              name="revision"
              value={
                theirs === undefined
                  ? String(fields.revision.initialValue ?? own?.revision ?? 0)
                  : String(theirs?.revision ?? 0)
              }
            />
            <fieldset id={fields.score.id} className={fields.score.errors ? 'field scores wrong' : 'field scores'}>
              <legend>
                {t('review.score')}
                <RequiredMark />
              </legend>
              {SCORES.map((score) => (
                <div className="check" key={score}>
                  <input
                    type="radio"
                    id={`score-${score}`}
                    name="score"
                    value={score}
                    defaultChecked={fields.score.initialValue === String(score)}
                  />
                  <label htmlFor={`score-${score}`}>{t(`review.score${score}`)}</label>
                </div>
              ))}
              <FieldErrors field={fields.score} />
            </fieldset>
            <TextArea field={fields.note} label={t('review.note')} hint={t('review.noteHint')} optional rows={6} />
            {may.review && (
              <div className="actions">
                <button type="submit" name="intent" value="review">
                  {t('review.save')}
                </button>
                {own && (
                  <button type="submit" name="intent" value="remove-review" className="secondary">
                    {t('review.remove')}
                  </button>
                )}
              </div>
            )}
          </form>
        </section>
      )}
      {own && !may.review && !lastResult && !reviews && (
        <section className="panel">
          <h2>{t('review.written')}</h2>
          <p>{t(`review.score${own.score as 1}`)}</p>
          {own.note && (
            <div className="letter" dir="auto">
              {own.note}
            </div>
          )}
        </section>
      )}
      {reviews && <Reviews reviews={reviews} leftOut={data.leftOut} />}
      <DecisionDesk here={here} {...data} />
      {data.authors && (
        <section className="panel">
          <ReachList authors={data.authors} />
          {data.entered && <p className="hint">{t('review.entered', { name: data.entered })}</p>}
          {may.byline && (
            <p>
              <a href={`${here}/byline`}>{t('byline.edit')}</a>
            </p>
          )}
        </section>
      )}
    </>
  );
}

import { getFormProps, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { forbid, keptResult, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { requireSubmission } from '~/auth/review-gate.server';
import { formatsOf, themesOf } from '~/domain/conference/queries.server';
import { removeReview, saveReview, setPublished } from '~/domain/review/commands.server';
import { mayDecide, mayPublish, mayReadReviews, mayReview } from '~/domain/review/policy';
import { decisionsOn, ownReview, reviewsOf } from '~/domain/review/queries.server';
import { reviewSchema, SCORES } from '~/domain/review/schema';
import { isAuthor } from '~/domain/submission/policy';
import { readingText } from '~/domain/submission/reading.server';
import { formatInstant } from '~/domain/zoned-time';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { ErrorSummary, FieldErrors, TextArea } from '~/ui/fields';
import { parseForm } from '~/ui/parse-form';
import { Decisions, Reviews } from '~/ui/reviews';
import { StateTag } from '~/ui/state-tag';
import { SubmissionText } from '~/ui/submission-text';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const viewer = await requireViewer(context, request);
  const { conference, submission } = await requireSubmission(context, params, viewer);
  const seesReviews = mayReadReviews(viewer, conference, submission);
  const [formats, themes, own, reviews, decisions, kept] = await Promise.all([
    formatsOf(context.db, conference.id),
    themesOf(context.db, conference.id),
    ownReview(context.db, submission.id, viewer),
    seesReviews ? reviewsOf(context.db, submission.id) : null,
    seesReviews ? decisionsOn(context.db, submission.id) : null,
    keptResult(context, request),
  ]);
  const { ref, state, published } = submission;
  const zoned = (at: string) => formatInstant(at, conference.timeZone);
  return {
    title: `${ref} · ${context.t('review.title')}`,
    slug: conference.slug,
    ref,
    state,
    published,
    text: readingText(submission, formats, themes),
    own,
    isOwnPaper: isAuthor(viewer, submission),
    reviews: reviews?.map(({ updatedAt, ...review }) => ({ ...review, at: zoned(updatedAt) })) ?? null,
    decisions: decisions?.map(({ decidedAt, ...decided }) => ({ ...decided, at: zoned(decidedAt) })) ?? null,
    may: {
      review: mayReview(viewer, conference, submission),
      accept: mayDecide(viewer, conference, submission, 'accepted'),
      reject: mayDecide(viewer, conference, submission, 'rejected'),
      publish: mayPublish(viewer, conference, submission),
    },
    kept,
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const viewer = await requireViewerKeeping(context, request, form);
  const { conference, submission } = await requireSubmission(context, params, viewer);
  const here = `/${conference.slug}/review/${encodeURIComponent(submission.ref)}`;
  switch (form.get('intent')) {
    case 'publish':
    case 'unpublish': {
      const published = form.get('intent') === 'publish';
      forbid(await setPublished(context, conference, viewer, submission.ref, published));
      return redirectWithNotice(here, published ? 'notice.published' : 'notice.unpublished');
    }
    case 'remove-review':
      forbid(await removeReview(context, conference, viewer, submission.ref));
      return redirectWithNotice(here, 'notice.reviewRemoved');
  }
  forbid(mayReview(viewer, conference, submission));
  const parsed = parseForm(form, reviewSchema, context.t);
  if (parsed.status !== 'success') return refused(parsed.reply());
  forbid(
    await saveReview(context, conference, viewer, submission.ref, parsed.value as { score: number; note: string }),
  );
  return redirectWithNotice(here, 'notice.reviewSaved');
}

export default function ReviewSubmission() {
  const t = useTranslate();
  const { slug, ref, state, published, text, own, isOwnPaper, reviews, decisions, may, kept } =
    useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>()?.result ?? kept;
  const [form, fields] = useForm<{ score: string; note: string }>({
    id: 'review',
    lastResult,
    defaultValue: { score: own ? String(own.score) : '', note: own?.note ?? '' },
  });
  const here = `/${slug}/review/${encodeURIComponent(ref)}`;
  return (
    <>
      <p className="crumb">
        <a href={`/${slug}/review`}>{t('review.title')}</a>
      </p>
      <h1>
        <span className="ref">{ref}</span> <StateTag state={state} published={published} />
      </h1>
      <SubmissionText text={text} />
      {isOwnPaper && <p className="notice">{t('review.yours')}</p>}
      {may.review && (
        <section className="panel">
          <h2>{t(own ? 'review.change' : 'review.give')}</h2>
          <form method="post" {...getFormProps(form)} noValidate>
            <ErrorSummary form={form} labels={(name) => t(name === 'score' ? 'review.score' : 'review.note')} />
            <fieldset id={fields.score.id} className={fields.score.errors ? 'field scores wrong' : 'field scores'}>
              <legend>{t('review.score')}</legend>
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
          </form>
        </section>
      )}
      {reviews && <Reviews reviews={reviews} />}
      {(may.accept || may.reject || may.publish) && (
        <section className="panel">
          <h2>{t('decide.title')}</h2>
          <div className="actions">
            {may.accept && (
              <a className="button" href={`${here}/decide?outcome=accepted`}>
                {t('decide.accept')}
              </a>
            )}
            {may.reject && (
              <a className="button secondary" href={`${here}/decide?outcome=rejected`}>
                {t('decide.reject')}
              </a>
            )}
            {may.publish && (
              <form method="post">
                <button
                  type="submit"
                  name="intent"
                  value={published ? 'unpublish' : 'publish'}
                  className={published ? 'secondary' : undefined}
                >
                  {t(published ? 'decide.unpublish' : 'decide.publish')}
                </button>
              </form>
            )}
          </div>
        </section>
      )}
      {decisions && decisions.length > 0 && <Decisions decisions={decisions} />}
    </>
  );
}

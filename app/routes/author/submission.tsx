import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { forbid, notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import type { RequestContext } from '~/context.server';
import type { Viewer } from '~/domain/account/viewer';
import { namingIn } from '~/domain/authorship/queries.server';
import { type Conference, formatsOf, themesOf } from '~/domain/conference/queries.server';
import { windowState } from '~/domain/conference/state';
import { reachOfAuthors } from '~/domain/submission/byline/authors.server';
import { authorshipPath } from '~/domain/submission/byline/link.server';
import {
  editSubmission,
  MAX_SUBMISSIONS,
  reinstateSubmission,
  withdrawSubmission,
} from '~/domain/submission/commands.server';
import { languageChoices } from '~/domain/submission/languages.server';
import {
  isAuthor,
  isInCharge,
  mayEdit,
  mayEditByline,
  mayReinstate,
  mayWithdraw,
  whoIs,
} from '~/domain/submission/policy';
import { ownSubmission, type Submission, versionsOf } from '~/domain/submission/queries.server';
import { formValues, readingText } from '~/domain/submission/reading.server';
import { type SubmissionInput, submissionSchema } from '~/domain/submission/schema';
import { timed } from '~/domain/zoned-time';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { redirectTo } from '~/http/redirect.server';
import {
  limitSentence,
  notSavedSentence,
  ownAddress,
  savedNotice,
  standingFor,
  standingTold,
} from '~/http/sentences.server';
import { overtaken } from '~/http/stale.server';
import { anchored } from '~/paths';
import { DecisionTold } from '~/ui/decision-told';
import { withLinesJoined } from '~/ui/join-lines';
import { NextSteps } from '~/ui/next-steps';
import { parseForm } from '~/ui/parse-form';
import { ReachList } from '~/ui/reach-tag';
import { StateTag } from '~/ui/state-tag';
import { SubmissionForm } from '~/ui/submission-form';
import { SubmissionText } from '~/ui/submission-text';
import { TheirVersion } from '~/ui/their-version';
import { Timed } from '~/ui/timed';
import { useTranslate } from '~/ui/translate';
import { VersionList } from '~/ui/version-list';

export const handle = { scripts: true, keeps: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  const submission = await ownSubmission(context.db, conference.id, params.ref ?? '', viewer);
  if (!submission) throw await elsewhere(context, conference, params.ref ?? '', viewer);
  const window = windowState(conference, context.clock.now());
  const [formats, themes, versions, reach, kept, { standing, decision }] = await Promise.all([
    formatsOf(context.db, conference.id),
    themesOf(context.db, conference.id),
    versionsOf(context.db, submission.id),
    reachOfAuthors(context.db, submission.id, submission.authors),
    keptResult(context, request),
    standingFor(context, conference, viewer, submission),
  ]);
  const inCharge = isInCharge(viewer, submission);
  const languages = await languageChoices(context.db, conference.id, {
    locale: context.locale,
    acceptLanguage: request.headers.get('accept-language'),
    stored: submission.version.language,
    text: submission.version.abstract,
  });
  return {
    title: `${submission.ref} · ${conference.name}`,
    slug: conference.slug,
    ...standingTold(context, standing),
    decision: decision && { ...decision, decidedAt: timed(decision.decidedAt, conference.timeZone) },
    withdrawLead: context.t('submission.withdrawLead', {
      what: submission.published ? 'published' : submission.state,
      window,
      opens: conference.opensAt ? timed(conference.opensAt, conference.timeZone) : '',
      until: conference.closesAt ? timed(conference.closesAt, conference.timeZone) : 'none',
    }),
    editable: mayEdit(viewer, submission, window),
    withdrawable: mayWithdraw(viewer, submission),
    reinstatable: mayReinstate(viewer, submission, window),
    ref: submission.ref,
    state: submission.state,
    published: submission.published,
    text: readingText(submission, formats, themes),
    values: formValues(submission, viewer),
    baseVersion: submission.version.id,
    // What was typed on the page of a new submission goes on here.
    keptAs: `${conference.slug}/submission/${submission.formKey ?? submission.id}`,
    inCharge,
    bylineFixed: !mayEditByline(viewer, submission),
    // Who has a line of their own to look after, and is not the one who has it all in hand.
    ownLine: isAuthor(viewer, submission) && !inCharge,
    authors: inCharge
      ? submission.authors.map(({ id, name }) => ({ id: id as string, name, reach: reach.get(id)! }))
      : [],
    versions: versions.map(({ savedAt, ...version }) => ({
      ...version,
      at: timed(savedAt, conference.timeZone),
    })),
    formats,
    themes,
    languages,
    kept,
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const conference = await context.conference(params.conference);
  const ref = params.ref ?? '';
  const form = await readForm(request);
  const viewer = await requireViewerKeeping(context, request, form, {
    itself: !form.has('act'),
    button: form.has('act'),
  });
  const own = await ownSubmission(context.db, conference.id, ref, viewer);
  if (!own) throw notFound();
  // A co-author reads it; who has it in hand, and whom they let, change it.
  forbid(whoIs(viewer, own) !== 'coauthor');
  const here = `/${conference.slug}/submissions/${encodeURIComponent(ref)}`;
  // Where the act is not possible any more, as after a second press, the page says how it stands.
  switch (form.get('act')) {
    case 'withdraw': {
      const done = await withdrawSubmission(context, conference, viewer, ref);
      return redirectWithNotice(here, done ? 'notice.withdrawn' : 'notice.unchanged');
    }
    case 'reinstate': {
      const done = await reinstateSubmission(context, conference, viewer, ref);
      return redirectWithNotice(here, done ? 'notice.reinstated' : 'notice.unchanged');
    }
  }
  const joined = withLinesJoined(form);
  if (joined) return refused(joined);
  return save(context, conference, own, viewer, form, here);
}

async function save(
  context: RequestContext,
  conference: Conference,
  own: Submission,
  viewer: Viewer,
  form: FormData,
  here: string,
) {
  const [formats, themes] = await Promise.all([
    formatsOf(context.db, conference.id),
    themesOf(context.db, conference.id),
  ]);
  const { ref, state } = own;
  // A form from before the byline was fixed still has one: it is looked at, so that nothing of it is passed over.
  const bylineFixed = !mayEditByline(viewer, own) && !form.has('authors[0].name');
  const schema = submissionSchema({ formats, themes, handedIn: state !== 'draft', bylineFixed });
  const submission = parseForm(form, schema, context.t);
  if (submission.status !== 'success') return refused(submission.reply());
  const saved = await editSubmission(context, conference, viewer, ref, submission.value as SubmissionInput, context);
  if (saved.ok) return redirectWithNotice(here, savedNotice(saved, 'notice.saved'));
  const refuse = (sentence: string, status = 409) => refused(submission.reply({ formErrors: [sentence] }), {}, status);
  switch (saved.reason) {
    case 'missing':
      throw notFound();
    case 'window':
    case 'locked': {
      const now = await ownSubmission(context.db, conference.id, ref, viewer);
      if (!now) throw notFound();
      return refuse(await notSavedSentence(context, conference, viewer, now));
    }
    case 'own-address':
      return refused(ownAddress(context, submission, saved.author));
    case 'enough':
      return refuse(context.t('submit.enough', { most: MAX_SUBMISSIONS }), 429);
    case 'limit':
      return refuse(await limitSentence(context, saved, conference), 429);
    case 'byline':
      return refuse(context.t('submit.bylineRefused'));
    case 'stale':
      return overtaken(context, viewer, submission, saved, { formats, themes });
  }
}

/** Whoever is named in the byline and has not said yes is asked; for all others there is nothing here. */
async function elsewhere(
  context: RequestContext,
  conference: Conference,
  ref: string,
  viewer: Viewer,
): Promise<Response> {
  const token = await namingIn(context, conference.id, ref, viewer);
  return token ? redirectTo(authorshipPath(token)) : notFound();
}

export default function SubmissionPage() {
  const t = useTranslate();
  const {
    slug,
    ref,
    state,
    published,
    editable,
    withdrawable,
    withdrawLead,
    reinstatable,
    stands,
    steps,
    decision,
    text,
    values,
    baseVersion,
    keptAs,
    inCharge,
    bylineFixed,
    ownLine,
    authors,
    versions,
    formats,
    themes,
    languages,
    kept,
  } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const theirs = answered && 'theirs' in answered ? answered.theirs : undefined;
  const lastResult = answered?.result ?? kept;
  return (
    <>
      <p className="crumb">
        <a href={anchored(`/${slug}/submissions`, ref)}>{t('submissions.title')}</a>
      </p>
      <h1>
        <span className="ref">{ref}</span> <StateTag state={state} published={published} />
      </h1>
      <p>
        <Timed>{stands}</Timed> <NextSteps slug={slug} reference={ref} steps={steps} />
      </p>
      {decision && <DecisionTold decision={decision} />}
      {theirs && <TheirVersion {...theirs} />}
      {/* What is printed is the submission, also from the page of its form. */}
      <div className={editable || lastResult ? 'on-paper' : undefined}>
        <SubmissionText text={text} />
      </div>
      {(editable || lastResult) && (
        <div id="edit">
          <SubmissionForm
            formats={formats}
            themes={themes}
            languages={languages}
            values={values}
            lastResult={lastResult}
            baseVersion={
              theirs?.versionId ?? (lastResult?.initialValue?.baseVersion as string | undefined) ?? baseVersion
            }
            reach={Object.fromEntries(authors.map((author) => [author.id, author.reach]))}
            bylineFixed={bylineFixed && !hasByline(lastResult)}
            mayHandIn={inCharge}
            handedIn={state !== 'draft'}
            keptAs={keptAs}
          />
        </div>
      )}
      {inCharge && (!editable || bylineFixed) && <ReachList authors={authors} />}
      {inCharge && bylineFixed && editable && <p className="hint">{t('submit.bylineFixed')}</p>}
      {ownLine && (
        <p>
          <a href={`/${slug}/submissions/${encodeURIComponent(ref)}/authorship`}>{t('authorship.own')}</a>
        </p>
      )}
      <VersionList versions={versions} />
      {withdrawable && (
        <details className="danger">
          <summary>{t('submission.withdraw')}</summary>
          <form method="post">
            <p>
              <Timed>{withdrawLead}</Timed>
            </p>
            <button type="submit" name="act" value="withdraw" className="warn">
              {t('submission.withdraw')}
            </button>
          </form>
        </details>
      )}
      {reinstatable && (
        <form method="post" id="reinstate">
          <button type="submit" name="act" value="reinstate" className="secondary">
            {t('submission.reinstate')}
          </button>
        </form>
      )}
    </>
  );
}

/** Whether a form that came back held a byline, which is shown again however fixed it is by now. */
function hasByline(lastResult: { initialValue?: Record<string, unknown> | null } | null | undefined): boolean {
  return Array.isArray(lastResult?.initialValue?.authors);
}

import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { v4 as newKey, validate } from 'uuid';
import { notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import { formatsOf, themesOf } from '~/domain/conference/queries.server';
import { windowState } from '~/domain/conference/state';
import { createSubmission, MAX_SUBMISSIONS } from '~/domain/submission/commands.server';
import { languageChoices } from '~/domain/submission/languages.server';
import { ownSubmission, refOfForm } from '~/domain/submission/queries.server';
import { type SubmissionInput, submissionSchema } from '~/domain/submission/schema';
import { timed } from '~/domain/zoned-time';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { redirectTo } from '~/http/redirect.server';
import { limitSentence, notSavedSentence, ownAddress, savedNotice, windowSentence } from '~/http/sentences.server';
import { overtaken } from '~/http/stale.server';
import { path } from '~/paths';
import { withLinesJoined } from '~/ui/join-lines';
import { parseForm } from '~/ui/parse-form';
import { SubmissionForm } from '~/ui/submission-form';
import { TheirVersion } from '~/ui/their-version';
import { Timed } from '~/ui/timed';
import { useTranslate } from '~/ui/translate';

export const handle = { scripts: true, keeps: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  const [formats, themes, kept] = await Promise.all([
    formatsOf(context.db, conference.id),
    themesOf(context.db, conference.id),
    keptResult(context, request),
  ]);
  const url = new URL(request.url);
  const key = keyOf(url.searchParams.get('key')) ?? keyOf(kept?.initialValue?.key) ?? newKey();
  // In the address the key outlives Back and reload. The answer to a form is a page of its own.
  if (!context.posted) {
    const ref = kept ? null : await refOfForm(context.db, conference.id, viewer.accountId, key);
    if (ref !== null) throw redirectTo(path`/${conference.slug}/submissions/${ref}`);
    if (url.searchParams.get('key') !== key) {
      url.searchParams.set('key', key);
      throw redirectTo(url.pathname + url.search);
    }
  }
  const languages = await languageChoices(context.db, conference.id, {
    locale: context.locale,
    acceptLanguage: request.headers.get('accept-language'),
    text: String(kept?.initialValue?.abstract ?? ''),
  });
  return {
    title: `${context.t('submit.title')} · ${conference.name}`,
    slug: conference.slug,
    window: windowState(conference, context.clock.now()),
    opens: conference.opensAt && timed(conference.opensAt, conference.timeZone),
    closes: conference.closesAt && timed(conference.closesAt, conference.timeZone),
    formats,
    themes,
    languages,
    kept,
    values: {
      key,
      // Where there is one only, nobody is asked.
      formatId: formats.length === 1 ? formats[0]!.id : '',
      themeId: themes.length === 1 ? themes[0]!.id : '',
      authors: [{ me: 'on', name: viewer.name, presenter: 'on', contactable: 'on' }],
    },
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const conference = await context.conference(params.conference);
  const form = await readForm(request);
  const viewer = await requireViewerKeeping(context, request, form, { itself: true });
  const joined = withLinesJoined(form);
  if (joined) return refused(joined);
  const [formats, themes] = await Promise.all([
    formatsOf(context.db, conference.id),
    themesOf(context.db, conference.id),
  ]);
  const submission = parseForm(form, submissionSchema({ formats, themes }), context.t);
  if (submission.status !== 'success') return refused(submission.reply());
  const saved = await createSubmission(context, conference, viewer, submission.value as SubmissionInput, context);
  if (saved.ok)
    return redirectWithNotice(
      `/${conference.slug}/submissions/${encodeURIComponent(saved.ref)}`,
      savedNotice(saved, submission.value.intent === 'save' ? 'notice.saved' : 'notice.draftSaved'),
    );
  const refuse = (sentence: string, status = 409) => refused(submission.reply({ formErrors: [sentence] }), {}, status);
  switch (saved.reason) {
    case 'missing':
      throw notFound();
    case 'window':
    case 'locked': {
      // It may have been sent before, and then that is what can no longer be changed.
      const { key = '' } = submission.value;
      const ref = await refOfForm(context.db, conference.id, viewer.accountId, key);
      const now = ref && (await ownSubmission(context.db, conference.id, ref, viewer));
      return refuse(
        now
          ? await notSavedSentence(context, conference, viewer, now)
          : `${context.t('submit.notSaved')} ${windowSentence(context, conference)}`,
      );
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
      // It was sent before, and what it made has been changed since.
      return overtaken(context, viewer, submission, saved, { formats, themes });
  }
}

function keyOf(given: unknown): string | null {
  return typeof given === 'string' && validate(given) ? given : null;
}

export default function Submit() {
  const t = useTranslate();
  const { slug, window, opens, closes, formats, themes, languages, kept, values } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const theirs = answered && 'theirs' in answered ? answered.theirs : undefined;
  const lastResult = answered?.result ?? kept;
  const { initialValue } = lastResult ?? {};
  const family = `${slug}/submission/`;
  const ready = formats.length > 0 && themes.length > 0;
  return (
    <>
      <h1>{t('submit.title')}</h1>
      {window === 'early' && (
        <p className="notice">
          <Timed>{t('conference.early', { at: opens ?? '' })}</Timed>
        </p>
      )}
      {window === 'closed' && (
        <p className="notice">
          <Timed>{t('conference.closed', { at: closes ?? '' })}</Timed>
        </p>
      )}
      {window === 'open' && closes && (
        <p>
          <Timed>{t('conference.openUntil', { until: closes })}</Timed>
        </p>
      )}
      {theirs && <TheirVersion {...theirs} />}
      {!ready && <p className="empty">{t('submit.notReady')}</p>}
      {ready && (window === 'open' || lastResult) && (
        <SubmissionForm
          formats={formats}
          themes={themes}
          languages={languages}
          values={values}
          lastResult={lastResult}
          baseVersion={theirs?.versionId ?? String(initialValue?.baseVersion ?? '')}
          reach={{}}
          handedIn={theirs?.handedIn ?? false}
          keptAs={family + String(initialValue?.key ?? values.key)}
          family={family}
        />
      )}
    </>
  );
}

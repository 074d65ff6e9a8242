import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { v4 as newKey } from 'uuid';
import { keptResult, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { formatsOf, themesOf } from '~/domain/conference/queries.server';
import { windowState } from '~/domain/conference/state';
import { createSubmission } from '~/domain/submission/commands.server';
import { languageChoices } from '~/domain/submission/languages.server';
import { type SubmissionInput, submissionSchema } from '~/domain/submission/schema';
import { timed } from '~/domain/zoned-time';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { savedNotice, windowSentence } from '~/http/sentences.server';
import { withLinesJoined } from '~/ui/join-lines';
import { parseForm } from '~/ui/parse-form';
import { SubmissionForm } from '~/ui/submission-form';
import { Timed } from '~/ui/timed';
import { useTranslate } from '~/ui/translate';

export const handle = { scripts: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  const [formats, themes, kept] = await Promise.all([
    formatsOf(context.db, conference.id),
    themesOf(context.db, conference.id),
    keptResult(context, request),
  ]);
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
      key: newKey(),
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
  if (!saved.ok)
    return refused(
      submission.reply({ formErrors: [`${context.t('submit.notSaved')} ${windowSentence(context, conference)}`] }),
      {},
      409,
    );
  return redirectWithNotice(
    `/${conference.slug}/submissions/${encodeURIComponent(saved.ref)}`,
    savedNotice(saved, 'notice.draftSaved'),
  );
}

export default function Submit() {
  const t = useTranslate();
  const { window, opens, closes, formats, themes, languages, kept, values } = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>()?.result ?? kept;
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
      {!ready && <p className="empty">{t('submit.notReady')}</p>}
      {ready && (window === 'open' || lastResult) && (
        <SubmissionForm
          formats={formats}
          themes={themes}
          languages={languages}
          values={values}
          lastResult={lastResult}
          baseVersion=""
          reach={{}}
          handedIn={false}
        />
      )}
    </>
  );
}

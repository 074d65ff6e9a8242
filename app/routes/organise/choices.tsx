import type { SubmissionResult } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import type { Id } from '#db/schema';
import { keptResult, notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import type { RequestContext } from '~/context.server';
import { removeChoice, saveFormat, saveTheme } from '~/domain/conference/commands.server';
import { mayOrganise } from '~/domain/conference/policy';
import { formatsOf, themesOf } from '~/domain/conference/queries.server';
import { formatSchema, themeSchema } from '~/domain/conference/schema';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { ChoiceForm } from '~/ui/choice-form';
import { OrganiseNav } from '~/ui/organise-nav';
import { parseForm } from '~/ui/parse-form';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  if (!mayOrganise(viewer, conference)) throw notFound();
  const [formats, themes, kept] = await Promise.all([
    formatsOf(context.db, conference.id),
    themesOf(context.db, conference.id),
    keptResult(context, request),
  ]);
  return {
    title: `${context.t('organise.choices')} · ${conference.name}`,
    slug: conference.slug,
    formats,
    themes,
    kept,
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const conference = await context.conference(params.conference);
  const form = await readForm(request);
  const viewer = await requireViewerKeeping(context, request, form);
  if (!mayOrganise(viewer, conference)) throw notFound();
  const table = form.get('table') === 'formats' ? 'formats' : 'themes';
  const id = String(form.get('id') ?? '');
  const here = `/${conference.slug}/organise/choices`;
  if (form.get('intent') === 'remove') {
    const removed = await removeChoice(context, conference.id, table, id);
    if (removed === 'unknown') throw notFound();
    if (removed === 'removed') return redirectWithNotice(here, 'notice.removed');
    return refused({ status: 'error', error: { '': [context.t('organise.inUse')] } }, { table, id });
  }
  const saved =
    table === 'formats'
      ? await saveFormatForm(context, conference.id, form, id)
      : await saveThemeForm(context, conference.id, form, id);
  return saved === 'saved' ? redirectWithNotice(here, 'notice.saved') : refused(saved, { table, id });
}

type Outcome = 'saved' | SubmissionResult<string[]>;

async function saveFormatForm(
  context: RequestContext,
  conferenceId: Id<'conference'>,
  form: FormData,
  id: string,
): Promise<Outcome> {
  const submission = parseForm(form, formatSchema, context.t);
  if (submission.status !== 'success') return submission.reply();
  const saved = await saveFormat(
    context,
    conferenceId,
    submission.value as { name: string; wordLimit: number },
    (id || undefined) as Id<'format'> | undefined,
  );
  if (saved === 'unknown') throw notFound();
  return saved === 'saved' ? saved : submission.reply({ fieldErrors: { name: [context.t('organise.duplicate')] } });
}

async function saveThemeForm(
  context: RequestContext,
  conferenceId: Id<'conference'>,
  form: FormData,
  id: string,
): Promise<Outcome> {
  const submission = parseForm(form, themeSchema, context.t);
  if (submission.status !== 'success') return submission.reply();
  const saved = await saveTheme(
    context,
    conferenceId,
    submission.value as { name: string },
    (id || undefined) as Id<'theme'> | undefined,
  );
  if (saved === 'unknown') throw notFound();
  return saved === 'saved' ? saved : submission.reply({ fieldErrors: { name: [context.t('organise.duplicate')] } });
}

export default function Choices() {
  const t = useTranslate();
  const { slug, formats, themes, kept } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const unsaved =
    answered && 'table' in answered
      ? answered
      : kept && { table: kept.initialValue?.table, id: kept.initialValue?.id ?? '', result: kept };
  const resultOf = (table: string, id: string) =>
    unsaved?.table === table && unsaved.id === id ? unsaved.result : undefined;
  return (
    <>
      <h1>{t('organise.choices')}</h1>
      <OrganiseNav slug={slug} current="choices" />
      <p>{t('organise.choicesLead')}</p>
      <h2>{t('organise.formats')}</h2>
      {formats.map((format) => (
        <ChoiceForm
          key={format.id}
          table="formats"
          id={format.id}
          name={format.name}
          wordLimit={format.wordLimit}
          lastResult={resultOf('formats', format.id)}
        />
      ))}
      <ChoiceForm table="formats" id="" name="" wordLimit={300} lastResult={resultOf('formats', '')} />
      <h2>{t('organise.themes')}</h2>
      {themes.map((theme) => (
        <ChoiceForm
          key={theme.id}
          table="themes"
          id={theme.id}
          name={theme.name}
          lastResult={resultOf('themes', theme.id)}
        />
      ))}
      <ChoiceForm table="themes" id="" name="" lastResult={resultOf('themes', '')} />
    </>
  );
}

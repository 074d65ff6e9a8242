import type { SubmissionResult } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import type { Id } from '#db/schema';
import { notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import type { RequestContext } from '~/context.server';
import { removeChoice, saveFormat, saveTheme } from '~/domain/conference/commands.server';
import { mayOrganise } from '~/domain/conference/policy';
import { type Conference, formatsOf, themesOf } from '~/domain/conference/queries.server';
import { formatSchema, themeSchema } from '~/domain/conference/schema';
import { choiceUse, papersBeyond } from '~/domain/submission/choice-use.server';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { anchored, neighbour } from '~/paths';
import { ChoiceForm, choiceFormId } from '~/ui/choice-form';
import { OrganiseNav } from '~/ui/organise-nav';
import { parseForm } from '~/ui/parse-form';
import { useTranslate } from '~/ui/translate';

/** What one types is kept. */
export const handle = { keeps: true };

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

/** Shown by no form: after signing in a button does them. */
const REMOVALS = ['remove', 'remove-now'];

export async function action({ context, params, request }: ActionFunctionArgs) {
  const conference = await context.conference(params.conference);
  const form = await readForm(request);
  const viewer = await requireViewerKeeping(context, request, form, {
    button: REMOVALS.includes(String(form.get('intent'))),
  });
  if (!mayOrganise(viewer, conference)) throw notFound();
  const table = form.get('table') === 'formats' ? 'formats' : 'themes';
  const id = String(form.get('id') ?? '');
  const here = `/${conference.slug}/organise/choices`;
  const intent = form.get('intent');
  if (intent === 'remove' || intent === 'remove-now') {
    const removed = await removeChoice(context, conference.id, table, id, intent === 'remove-now');
    if (removed === 'unknown') throw notFound();
    if (removed === 'gone') return redirectWithNotice(here, 'notice.gone');
    if (removed === 'removed')
      return redirectWithNotice(anchored(here, choiceFormId(table, String(form.get('next') ?? ''))), 'notice.removed');
    const { name } = await choice(context, conference, table, id);
    const question =
      removed === 'free'
        ? { kind: 'remove' as const, name, slug: conference.slug }
        : { kind: 'used' as const, name, slug: conference.slug, ...(await choiceUse(context.db, table, id)) };
    return refused({ ...typed(form), status: 'error' }, { table, id, question });
  }
  const question = table === 'formats' && id ? await lowering(context, conference, form, id) : null;
  if (question) return refused({ ...typed(form), status: 'error' }, { table, id, question });
  const saved =
    table === 'formats'
      ? await saveFormatForm(context, conference.id, form, id)
      : await saveThemeForm(context, conference.id, form, id);
  if (saved === 'saved') return redirectWithNotice(anchored(here, choiceFormId(table, id)), 'notice.saved');
  return refused(saved, { table, id }, saved.initialValue?.was === '' ? 409 : 422);
}

/** What was typed, as the form is shown again with it. */
function typed(form: FormData): SubmissionResult<string[]> {
  const text = (name: string) => String(form.get(name) ?? '');
  if (!form.has('name')) return { initialValue: undefined };
  const fields = { name: text('name'), wordLimit: text('wordLimit') };
  return { initialValue: form.has('was') ? { ...fields, was: text('was') } : fields };
}

async function choice(context: RequestContext, conference: Conference, table: 'formats' | 'themes', id: string) {
  const all =
    table === 'formats' ? await formatsOf(context.db, conference.id) : await themesOf(context.db, conference.id);
  const found = all.find((one) => one.id === id);
  if (!found) throw notFound();
  return found;
}

/** What is to be asked before a word limit is lowered under what has been written. Null: nothing. */
async function lowering(context: RequestContext, conference: Conference, form: FormData, id: string) {
  const { success, data } = formatSchema.safeParse(Object.fromEntries(form));
  if (!success) return null;
  const format = (await formatsOf(context.db, conference.id)).find((one) => one.id === id);
  const limit = data.wordLimit;
  if (!format || limit >= format.wordLimit) return null;
  if (form.get('intent') === 'lower' && form.get('asked') === String(limit)) return null;
  const beyond = await papersBeyond(context.db, format.id, limit);
  if (beyond.count + beyond.drafts === 0) return null;
  return { kind: 'lower' as const, name: format.name, limit, slug: conference.slug, ...beyond };
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
    form.get('was') as string | null,
  );
  if (saved === 'unknown') throw notFound();
  if (saved === 'stale') return overtaken(context, submission);
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
    form.get('was') as string | null,
  );
  if (saved === 'unknown') throw notFound();
  if (saved === 'stale') return overtaken(context, submission);
  return saved === 'saved' ? saved : submission.reply({ fieldErrors: { name: [context.t('organise.duplicate')] } });
}

/** It is shown as it is now, in the form's name; what was typed is in its fields, and read from that from now on. */
function overtaken(
  context: RequestContext,
  submission: { reply(options: object): SubmissionResult<string[]> },
): Outcome {
  const result = submission.reply({ formErrors: [context.t('organise.staleChoice')] });
  return { ...result, initialValue: { ...result.initialValue, was: '' } };
}

export default function Choices() {
  const t = useTranslate();
  const { slug, formats, themes, kept } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const unsaved =
    answered && 'table' in answered
      ? answered
      : kept && { table: kept.initialValue?.table, id: kept.initialValue?.id ?? '', result: kept };
  const question = answered && 'question' in answered ? answered.question : undefined;
  const questionOf = (table: string, id: string) =>
    unsaved?.table === table && unsaved.id === id ? question : undefined;
  const resultOf = (table: string, id: string) =>
    unsaved?.table === table && unsaved.id === id ? unsaved.result : undefined;
  return (
    <>
      <h1>{t('organise.choices')}</h1>
      <OrganiseNav slug={slug} current="choices" />
      <p>{t('organise.choicesLead')}</p>
      <h2>{t('organise.formats')}</h2>
      {formats.map((format, index) => (
        <ChoiceForm
          slug={slug}
          key={format.id}
          table="formats"
          id={format.id}
          next={neighbour(formats, index)?.id}
          name={format.name}
          wordLimit={format.wordLimit}
          lastResult={resultOf('formats', format.id)}
          question={questionOf('formats', format.id)}
        />
      ))}
      <ChoiceForm slug={slug} table="formats" id="" name="" wordLimit={300} lastResult={resultOf('formats', '')} />
      <h2>{t('organise.themes')}</h2>
      {themes.map((theme, index) => (
        <ChoiceForm
          slug={slug}
          key={theme.id}
          table="themes"
          id={theme.id}
          next={neighbour(themes, index)?.id}
          name={theme.name}
          lastResult={resultOf('themes', theme.id)}
          question={questionOf('themes', theme.id)}
        />
      ))}
      <ChoiceForm slug={slug} table="themes" id="" name="" lastResult={resultOf('themes', '')} />
    </>
  );
}

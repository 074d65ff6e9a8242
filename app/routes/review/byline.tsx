import { getFormProps, type SubmissionResult, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { forbid, notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import { requireSubmission } from '~/auth/review-gate.server';
import { reachOfAuthors } from '~/domain/submission/byline/authors.server';
import { editByline } from '~/domain/submission/byline/organise.server';
import { mayOrganiseByline } from '~/domain/submission/policy';
import { formValues } from '~/domain/submission/reading.server';
import { bylineFormSchema } from '~/domain/submission/schema';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { limitSentence } from '~/http/sentences.server';
import { Byline } from '~/ui/byline';
import { BylineFields } from '~/ui/byline-fields';
import { ErrorSummary } from '~/ui/fields';
import { keep } from '~/ui/keep';
import { useKeptRows } from '~/ui/kept-rows';
import { parseForm } from '~/ui/parse-form';
import type { SubmissionFields } from '~/ui/submission-fields';
import { useTranslate } from '~/ui/translate';

export const handle = { scripts: true, keeps: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const viewer = await requireViewer(context, request);
  const { conference, submission } = await requireSubmission(context, params, viewer);
  forbid(mayOrganiseByline(viewer, conference, submission));
  const reach = await reachOfAuthors(context.db, submission.id, submission.authors);
  return {
    title: `${submission.ref} · ${context.t('byline.title')}`,
    slug: conference.slug,
    ref: submission.ref,
    paper: submission.version.title,
    lead: submission.underReview ? ('byline.lead' as const) : ('byline.open' as const),
    published: submission.published,
    values: { authors: formValues(submission, viewer).authors },
    reach: Object.fromEntries(reach),
    baseVersion: submission.version.id as string,
    kept: await keptResult(context, request),
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const viewer = await requireViewerKeeping(context, request, form);
  const { conference, submission } = await requireSubmission(context, params, viewer);
  const parsed = parseForm(form, bylineFormSchema, context.t);
  if (parsed.status !== 'success') return refused(parsed.reply());
  const saved = await editByline(context, conference, viewer, submission.ref, parsed.value, context);
  if (saved.ok)
    return redirectWithNotice(`/${conference.slug}/review/${encodeURIComponent(submission.ref)}`, 'notice.saved');
  if (saved.reason === 'missing') throw notFound();
  forbid(saved.reason !== 'forbidden');
  if (saved.reason === 'limit')
    return refused(parsed.reply({ formErrors: [await limitSentence(context, saved, conference)] }), {}, 429);
  const theirs = saved.reason === 'stale' ? saved.theirs : submission;
  return refused(
    parsed.reply({ formErrors: [context.t('submit.stale')] }),
    {
      theirs: theirs.authors.map(({ name, affiliation, presenter }) => ({ name, affiliation, presenter })),
      baseVersion: theirs.version.id as string,
    },
    409,
  );
}

export default function OrganiserByline() {
  const t = useTranslate();
  const { slug, ref, paper, lead, published, values, reach, baseVersion, kept } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const stale = answered && 'theirs' in answered ? answered : undefined;
  const lastResult = answered?.result ?? kept;
  const [form, fields] = useForm<SubmissionFields>({
    id: 'byline',
    lastResult: lastResult as SubmissionResult<string[]> | undefined,
    defaultValue: values,
    shouldValidate: 'onSubmit',
    shouldRevalidate: 'onInput',
    onValidate: ({ formData }) => parseForm(formData, bylineFormSchema, t) as never,
  });
  useKeptRows(form.id, form.update as (to: { value: SubmissionFields }) => void);
  return (
    <section className="narrow stack">
      <p className="crumb">
        <a href={`/${slug}/review/${encodeURIComponent(ref)}`}>
          <span className="ref">{ref}</span> <bdi>{paper}</bdi>
        </a>
      </p>
      <h1>{t('byline.title')}</h1>
      <p>{t(lead)}</p>
      {published && <p className="notice">{t('byline.published')}</p>}
      {stale && (
        <section className="theirs">
          <h2>{t('submit.theirs')}</h2>
          <Byline authors={stale.theirs} />
        </section>
      )}
      <form
        method="post"
        {...getFormProps(form)}
        {...keep(`${slug}/byline/${ref}`, lastResult?.initialValue)}
        data-keep-rows=""
        noValidate
      >
        <ErrorSummary form={form} labels={() => t('submit.byline')} />
        <button type="submit" name="intent" value="save" className="hidden" tabIndex={-1} aria-hidden="true">
          {t('form.save')}
        </button>
        <input
          type="hidden"
          name="baseVersion"
          value={stale?.baseVersion ?? ((lastResult?.initialValue?.baseVersion as string | undefined) || baseVersion)}
        />
        <BylineFields form={form} authors={fields.authors} reach={reach} withMe={false} />
        <div className="actions">
          <button type="submit" name="intent" value="save">
            {t('form.save')}
          </button>
        </div>
      </form>
    </section>
  );
}

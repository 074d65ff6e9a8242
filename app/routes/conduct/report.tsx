import { getFormProps, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import { isSuspended } from '~/domain/account/suspensions.server';
import { judge, readReport } from '~/domain/conduct/commands.server';
import { mayJudge } from '~/domain/conduct/policy';
import { decisionsOn } from '~/domain/conduct/queries.server';
import { type Judgement, judgementSchema } from '~/domain/conduct/schema';
import { timed } from '~/domain/zoned-time';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { backToList, carriedQuery, carrying, path } from '~/paths';
import { ErrorSummary, TextArea } from '~/ui/fields';
import { keep } from '~/ui/keep';
import { parseForm } from '~/ui/parse-form';
import { Timed } from '~/ui/timed';
import { useTranslate } from '~/ui/translate';

/** What one types is kept. */
export const handle = { times: true, keeps: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  const report =
    mayJudge(viewer, conference) && (await readReport(context, conference.id, viewer, params.report ?? ''));
  if (!report) throw notFound();
  const suspended = await isSuspended(context.db, conference.id, report.writer.mailboxId);
  return {
    title: `${context.t('conduct.report', { ref: report.ref })} · ${conference.name}`,
    slug: conference.slug,
    id: params.report ?? '',
    back: backToList(`/${conference.slug}/conduct`, carriedQuery('conduct', new URL(request.url)), report.id),
    ref: report.ref,
    kept: await keptResult(context, request),
    paper: report.title,
    writer: report.writer.name,
    at: timed(report.message.createdAt, conference.timeZone),
    reason: report.reason,
    note: report.note,
    subject: report.subject,
    body: report.message.body,
    acts: [
      'dismissed',
      'warned',
      suspended ? 'lifted' : 'suspended',
      report.thread.closedAt ? 'reopened' : 'closed',
    ] as const,
    open: report.settledAt === null,
    decisions: (await decisionsOn(context.db, report)).map((one) => ({
      ...one,
      at: timed(one.at, conference.timeZone),
    })),
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const conference = await context.conference(params.conference);
  const form = await readForm(request);
  const url = new URL(request.url);
  const here = carrying(path`/${conference.slug}/conduct/${params.report}`, carriedQuery('conduct', url));
  const viewer = await requireViewerKeeping(context, request, form, { page: here });
  if (!mayJudge(viewer, conference)) throw notFound();
  const submission = parseForm(form, judgementSchema, context.t);
  if (submission.status !== 'success') return refused(submission.reply());
  const judged = await judge(context, conference, viewer, params.report ?? '', submission.value as Judgement);
  if (!judged) throw notFound();
  return redirectWithNotice(here, 'notice.judged');
}

export default function ReportPage() {
  const t = useTranslate();
  const { slug, id, back, kept, ref, paper, writer, at, reason, note, subject, body, acts, open, decisions } =
    useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>()?.result ?? kept;
  const [form, fields] = useForm<{ note: string }>({ id: 'judge', lastResult });
  const facts = {
    'conduct.by': writer,
    'conduct.at': at,
    'conduct.reason': t(`report.reason.${reason}`),
    ...(note && { 'conduct.noteOf': note }),
  } as Record<'conduct.by', string>;
  return (
    <section className="narrow">
      <p className="crumb">
        <a href={back}>{t('conduct.title')}</a>
      </p>
      <h1>{t('conduct.report', { ref })}</h1>
      <p>
        <span className="tag">{t(open ? 'conduct.open' : 'conduct.settled')}</span> <bdi>{paper}</bdi>
      </p>
      <dl className="facts">
        {Object.entries(facts).map(([key, value]) => (
          <div key={key}>
            <dt>{t(key as 'conduct.by')}</dt>
            <dd dir="auto">
              <Timed>{value}</Timed>
            </dd>
          </div>
        ))}
      </dl>
      <h2>{t('conduct.message')}</h2>
      <blockquote className="panel letter" dir="auto">
        <strong>{subject}</strong>
        {'\n\n'}
        {body}
      </blockquote>
      {decisions.length > 0 && (
        <section>
          <h2>{t('conduct.decided')}</h2>
          <ul className="lines">
            {decisions.map((decision) => (
              <li key={decision.at + decision.act}>
                <bdi>{decision.by}</bdi> {t(`conduct.did.${decision.act}`, { name: '' })}{' '}
                <span className="meta">
                  <Timed>{decision.at}</Timed>
                </span>
                {decision.words && (
                  <>
                    <p>{t('conduct.decidedWords')}</p>
                    <blockquote className="letter" dir="auto">
                      {decision.words}
                    </blockquote>
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <form method="post" {...getFormProps(form)} {...keep(`${slug}/conduct/${id}`, lastResult)} noValidate>
        <h2>{t('conduct.decide')}</h2>
        <p className="hint">{t('conduct.decideHint')}</p>
        <ErrorSummary form={form} labels={() => t('conduct.words')} />
        <TextArea field={fields.note} label={t('conduct.words')} hint={t('conduct.wordsHint')} rows={4} optional />
        <div className="actions">
          {acts.map((act) => (
            <button key={act} type="submit" name="act" value={act} className="secondary">
              {t(`conduct.act.${act}`)}
            </button>
          ))}
        </div>
      </form>
    </section>
  );
}

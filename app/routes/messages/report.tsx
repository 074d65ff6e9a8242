import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import type { RequestContext } from '~/context.server';
import type { Viewer } from '~/domain/account/viewer';
import { reportMessage } from '~/domain/conduct/commands.server';
import { type ReportInput, reportSchema } from '~/domain/conduct/schema';
import { threadById } from '~/domain/message/queries.server';
import { timed } from '~/domain/zoned-time';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { limitSentence, REPORTED } from '~/http/sentences.server';
import { anchored, carriedQuery, carrying } from '~/paths';
import { parseForm } from '~/ui/parse-form';
import { ReportForm } from '~/ui/report-form';
import { Timed } from '~/ui/timed';
import { useTranslate } from '~/ui/translate';

/** What one types is kept. */
export const handle = { times: true, keeps: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const { conference, thread, message } = await load(context, params, await requireViewer(context, request));
  return {
    title: `${context.t('report.title')} · ${conference.name}`,
    conference: conference.name,
    keptAs: `${conference.slug}/report/${message.id}`,
    kept: await keptResult(context, request),
    thread: { path: anchored(threadPath(conference, thread, request), message.id), subject: thread.subject },
    message: { writer: message.writer, body: message.body, at: timed(message.createdAt, conference.timeZone) },
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const { pathname, search } = new URL(request.url);
  const viewer = await requireViewerKeeping(context, request, form, { page: pathname + search, itself: true });
  const { conference, thread, message } = await load(context, params, viewer);
  const submission = parseForm(form, reportSchema, context.t);
  if (submission.status !== 'success') return refused(submission.reply());
  const reported = await reportMessage(context, conference, thread.own, message.id, submission.value as ReportInput);
  if (!reported.ok) {
    const sentence = await limitSentence(context, { limit: 'report', retryAt: reported.retryAt }, conference);
    return refused(submission.reply({ formErrors: [sentence] }), {}, 429);
  }
  return redirectWithNotice(anchored(threadPath(conference, thread, request), message.id), REPORTED[reported.to]);
}

function threadPath(conference: { slug: string }, thread: { id: string }, request: Request): string {
  return carrying(`/${conference.slug}/messages/${thread.id}`, carriedQuery('messages', new URL(request.url)));
}

/** Only what somebody else wrote, in a thread of one's own, can be reported; all else is not there. */
async function load(
  context: RequestContext,
  params: { conference?: string; thread?: string; message?: string },
  viewer: Viewer,
) {
  const conference = await context.conference(params.conference);
  const thread = await threadById(context.db, conference.id, params.thread ?? '', viewer);
  const message = [...(thread?.messages ?? []), ...(thread?.folded ?? [])].find(
    ({ id, own }) => id === params.message && !own,
  );
  if (!thread || !message) throw notFound();
  return { conference, thread, message };
}

export default function Report() {
  const t = useTranslate();
  const { conference, keptAs, kept, thread, message } = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>()?.result ?? kept;
  return (
    <section className="narrow">
      <p className="crumb">
        <a href={thread.path} dir="auto">
          {thread.subject}
        </a>
      </p>
      <h1>{t('report.title')}</h1>
      <p>{t('report.lead', { conference })}</p>
      <blockquote className="panel">
        <p className="meta">
          <bdi className="name">{message.writer}</bdi> · <Timed>{message.at}</Timed>
        </p>
        <div className="letter" dir="auto">
          {message.body}
        </div>
      </blockquote>
      <ReportForm lastResult={lastResult} keptAs={keptAs} />
    </section>
  );
}

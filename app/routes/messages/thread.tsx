import { getFormProps, type SubmissionResult, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { v4 as newKey } from 'uuid';
import { keptResult, notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import type { RequestContext } from '~/context.server';
import type { Viewer } from '~/domain/account/viewer';
import type { Conference } from '~/domain/conference/queries.server';
import { formatInstant } from '~/domain/conference/zoned-time';
import { answer } from '~/domain/message/commands.server';
import { discardReply, heldReplies, releaseReply } from '~/domain/message/held.server';
import { threadById } from '~/domain/message/queries.server';
import { type AnswerInput, answerSchema, heldSchema } from '~/domain/message/schema';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { limitSentence } from '~/http/sentences.server';
import { Consent, ErrorSummary, TextArea } from '~/ui/fields';
import { HeldReplyForm } from '~/ui/held-reply-form';
import { parseForm } from '~/ui/parse-form';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  const thread = await threadById(context.db, conference.id, params.thread ?? '', viewer);
  if (!thread) throw notFound();
  return {
    title: `${thread.subject} · ${conference.name}`,
    slug: conference.slug,
    subject: thread.subject,
    paper: thread.paper,
    others: thread.others,
    messages: thread.messages.map(({ createdAt, ...message }) => ({
      ...message,
      at: formatInstant(createdAt, conference.timeZone),
    })),
    held: await heldReplies(context.db, thread.id, viewer),
    key: newKey(),
    kept: await keptResult(context, request),
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const conference = await context.conference(params.conference);
  const form = await readForm(request);
  const viewer = await requireViewerKeeping(context, request, form);
  const intent = form.get('intent');
  if (intent === 'release' || intent === 'discard')
    return settle(context, conference, params.thread ?? '', viewer, form);
  const submission = parseForm(form, answerSchema, context.t);
  if (submission.status !== 'success') return refused(submission.reply());
  const sent = await answer(context, conference, params.thread ?? '', viewer, submission.value as AnswerInput);
  if (!sent) throw notFound();
  if (!sent.ok) return refused(submission.reply({ formErrors: [limitSentence(context, sent.retryAt)] }), {}, 429);
  return redirectWithNotice(`/${conference.slug}/messages/${params.thread}`, 'notice.answerQueued');
}

/** What came by mail and was held: sent as its writer has now put it, or thrown away. */
async function settle(
  context: RequestContext,
  conference: Conference,
  threadId: string,
  viewer: Viewer,
  form: FormData,
) {
  const here = `/${conference.slug}/messages/${threadId}`;
  if (form.get('intent') === 'discard') {
    if (!(await discardReply(context, conference, threadId, viewer, String(form.get('id'))))) throw notFound();
    return redirectWithNotice(here, 'notice.messageDiscarded');
  }
  const submission = parseForm(form, heldSchema, context.t);
  if (submission.status !== 'success') return refused(submission.reply(), { held: String(form.get('id')) });
  const released = await releaseReply(context, conference, threadId, viewer, submission.value);
  if (released.ok) return redirectWithNotice(here, 'notice.answerQueued');
  if (released.reason === 'missing') throw notFound();
  const sentence =
    released.reason === 'limit' ? limitSentence(context, released.retryAt) : context.t(`held.${released.reason}`);
  return refused(
    submission.reply({ formErrors: [sentence] }),
    { held: submission.value.id },
    released.reason === 'limit' ? 429 : 422,
  );
}

export default function ThreadPage() {
  const t = useTranslate();
  const { slug, subject, paper, others, messages, held, key, kept } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>() as { result: SubmissionResult<string[]>; held?: string } | undefined;
  const lastResult = answered?.held ? null : (answered?.result ?? kept);
  const [form, fields] = useForm<{ key: string; body: string; consent: string }>({ id: 'answer', lastResult });
  const title = (
    <>
      <span className="ref">{paper.ref}</span> <bdi>{paper.title}</bdi>
    </>
  );
  return (
    <section className="narrow">
      <p className="crumb">
        {paper.published ? <a href={`/${slug}/papers/${encodeURIComponent(paper.ref)}`}>{title}</a> : title}
      </p>
      <h1 dir="auto">{subject}</h1>
      <p className="meta">
        {t('thread.with')}{' '}
        {others.map((name, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two participants may share a name
          <span key={index}>
            {index > 0 && ', '}
            <bdi>{name}</bdi>
          </span>
        ))}
      </p>
      <ol className="thread">
        {messages.map((message) => (
          <li key={message.id} className={message.own ? 'own' : undefined}>
            <p className="meta">
              <bdi className="name">{message.own ? t('thread.you') : message.writer}</bdi> · {message.at}
            </p>
            <div className="letter" dir="auto">
              {message.body}
            </div>
            {message.deliveries.map((delivery, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two participants may share a name
              <p key={index} className={`delivery ${delivery.state}`}>
                <bdi>{delivery.name}</bdi>: {t(`thread.${delivery.state}`)}
              </p>
            ))}
          </li>
        ))}
      </ol>
      {held.map((reply) => (
        <HeldReplyForm key={reply.id} reply={reply} lastResult={answered?.held === reply.id ? answered.result : null} />
      ))}
      <form method="post" {...getFormProps(form)} noValidate>
        <ErrorSummary form={form} labels={(name) => t(name === 'consent' ? 'message.consent' : 'thread.answer')} />
        <input type="hidden" name="key" value={key} />
        <TextArea field={fields.body} label={t('thread.answer')} hint={t('thread.hint')} rows={6} />
        <Consent field={fields.consent} label={t('message.consent')} />
        <button type="submit">{t('thread.send')}</button>
      </form>
    </section>
  );
}

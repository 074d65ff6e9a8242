import { getFormProps, type SubmissionResult, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { useState } from 'react';
import { v4 as newKey } from 'uuid';
import { notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import type { RequestContext } from '~/context.server';
import type { Viewer } from '~/domain/account/viewer';
import type { Conference } from '~/domain/conference/queries.server';
import { answer } from '~/domain/message/commands.server';
import { discardReply, heldReplies, releaseReply } from '~/domain/message/held-replies.server';
import { markRead } from '~/domain/message/participation.server';
import { type ThreadMessage, threadById } from '~/domain/message/queries.server';
import { type AnswerInput, answerSchema, heldSchema } from '~/domain/message/schema';
import { obstacleTo } from '~/domain/message/thread.server';
import { timed } from '~/domain/zoned-time';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { refusalSentence, refusalStatus } from '~/http/sentences.server';
import { anchored, backToList, carriedQuery, carrying, neighbour, path } from '~/paths';
import { ANSWER, Conversation, Folded, SENT, WhoReads } from '~/ui/conversation';
import { Consent, ErrorSummary, TextArea } from '~/ui/fields';
import { HeldReplyForm } from '~/ui/held-reply-form';
import { keep } from '~/ui/keep';
import { useNews } from '~/ui/live-thread';
import { parseForm } from '~/ui/parse-form';
import { Decide, TakingPart } from '~/ui/taking-part';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

/** New messages appear, and what one types is kept. */
export const handle = { scripts: true, keeps: true };

/** What the others see of somebody: that they have said no is not told. */
const WHO = { given: 'reads', asked: 'asked', declined: 'asked', waiting: 'waiting' } as const;

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const conference = await context.conference(params.conference);
  const viewer = await requireViewer(context, request);
  const thread = await threadById(context.db, conference.id, params.thread ?? '', viewer);
  if (!thread) throw notFound();
  await markRead(context.db, thread.id, viewer);
  const { own, blocked } = thread;
  const shown = ({ createdAt, ...message }: ThreadMessage) => ({
    ...message,
    at: timed(createdAt, conference.timeZone),
  });
  return {
    title: `${thread.subject} · ${conference.name}`,
    slug: conference.slug,
    here: `/${conference.slug}/messages/${thread.id}`,
    list: carriedQuery('messages', new URL(request.url)),
    id: thread.id as string,
    subject: thread.subject,
    paper: thread.paper,
    people: thread.participants.map(({ id, name, consent, leftAt, mailboxId }) => ({
      id,
      name,
      own: viewer.mailboxIds.includes(mailboxId),
      state: leftAt ? ('left' as const) : WHO[consent],
      blocked: blocked.includes(id),
    })),
    own: { role: own.role, muted: own.mutedAt !== null, left: own.leftAt !== null, consent: own.consent },
    obstacle: await obstacleTo(context.db, context, conference, thread, own),
    messages: thread.messages.map(shown),
    folded: thread.folded.map(shown),
    older: thread.older,
    rules: new URL(request.url).searchParams.has('rules'),
    held: await heldReplies(context.db, thread.id, viewer),
    key: newKey(),
    kept: await keptResult(context, request),
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const conference = await context.conference(params.conference);
  const form = await readForm(request);
  const url = new URL(request.url);
  const here = carrying(path`/${conference.slug}/messages/${params.thread}`, carriedQuery('messages', url));
  const viewer = await requireViewerKeeping(context, request, form, {
    page: here,
    // Thrown away is thrown away: that waits for one more press.
    itself: form.get('intent') !== 'discard',
    button: form.has('intent'),
  });
  const threadId = params.thread ?? '';
  if (form.has('intent')) return settle(context, conference, threadId, viewer, form, here);
  const submission = parseForm(form, answerSchema, context.t);
  if (submission.status !== 'success') return refused(submission.reply());
  const sent = await answer(context, conference, threadId, viewer, submission.value as AnswerInput, context.network);
  if (!sent) throw notFound();
  if (!sent.ok)
    return refused(
      submission.reply({ formErrors: [await refusalSentence(context, sent, conference)] }),
      {},
      refusalStatus(sent),
    );
  return redirectWithNotice(anchored(here, SENT), 'notice.answerQueued');
}

/** What came by mail and was held: sent as its writer has now put it, or thrown away. */
async function settle(
  context: RequestContext,
  conference: Conference,
  threadId: string,
  viewer: Viewer,
  form: FormData,
  here: string,
) {
  if (form.get('intent') === 'discard') {
    if (!(await discardReply(context, conference, threadId, viewer, String(form.get('id'))))) throw notFound();
    return redirectWithNotice(anchored(here, String(form.get('next') || ANSWER)), 'notice.messageDiscarded');
  }
  const submission = parseForm(form, heldSchema, context.t);
  if (submission.status !== 'success') return refused(submission.reply(), { held: String(form.get('id')) });
  const released = await releaseReply(context, conference, threadId, viewer, submission.value, context.network);
  if (released.ok) return redirectWithNotice(anchored(here, SENT), 'notice.answerQueued');
  if (released.reason === 'missing') throw notFound();
  const refusal = submission.reply({ formErrors: [await refusalSentence(context, released, conference)] });
  return refused(refusal, { held: submission.value.id }, refusalStatus(released));
}

export default function ThreadPage() {
  const t = useTranslate();
  const {
    slug,
    here,
    list,
    id,
    subject,
    paper,
    people,
    own,
    obstacle,
    messages,
    folded,
    older,
    rules,
    held,
    key,
    kept,
  } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>() as { result: SubmissionResult<string[]>; held?: string } | undefined;
  // What was typed into the form of an answer that came by mail has that answer's id with it.
  const unsent = answered ?? (kept && { result: kept, held: text(kept.initialValue?.id) || undefined });
  const lastResult = unsent?.held ? null : unsent?.result;
  const [form, fields] = useForm<{ key: string; body: string; consent: string }>({ id: 'answer', lastResult });
  // The page is read again whenever somebody has written; its form stays the same.
  const [formKey] = useState(text(lastResult?.initialValue?.key) || key);
  const { full } = useNews(`${here}/news?${new URLSearchParams({ seen: messages.at(-1)?.id ?? '' })}`);
  const part = carrying(`${here}/part`, list);
  const title = (
    <>
      <span className="ref">{paper.ref}</span> <bdi>{paper.title}</bdi>
    </>
  );
  return (
    <section className="narrow">
      <p className="crumb">
        <a href={backToList(`/${slug}/messages`, list, id)}>{t('threads.title')}</a> ·{' '}
        {paper.published ? <a href={`/${slug}/papers/${encodeURIComponent(paper.ref)}`}>{title}</a> : title}
      </p>
      <h1 dir="auto">{subject}</h1>
      <WhoReads people={people} />
      {older && <p className="notice">{t('thread.older')}</p>}
      {full && (
        <p className="notice" role="status">
          {t('thread.full')}
        </p>
      )}
      <Conversation messages={messages} here={here} list={list} />
      {folded.length > 0 && <Folded messages={folded} here={here} list={list} />}
      {held.map((reply, index) => (
        <HeldReplyForm
          key={reply.id}
          reply={reply}
          next={neighbour(held, index)?.id}
          lastResult={unsent?.held === reply.id ? unsent.result : null}
        />
      ))}
      {obstacle === 'undecided' ? (
        <Decide action={part} declined={own.consent === 'declined'} writer={(messages[0] ?? folded[0])?.writer ?? ''} />
      ) : obstacle ? (
        <div className="notice">
          <p>{t(`obstacle.${obstacle}`)}</p>
          {obstacle === 'left' && (
            <form method="post" action={part}>
              <button type="submit" name="intent" value="come-back" className="secondary">
                {t('thread.comeBack')}
              </button>
            </form>
          )}
        </div>
      ) : null}
      {/* Whoever has just been refused still has their words. */}
      {(!obstacle || lastResult?.initialValue) && (
        <form method="post" {...getFormProps(form)} {...keep(`${here}/answer`, lastResult)} noValidate>
          <ErrorSummary form={form} labels={(name) => t(name === 'consent' ? 'message.consent' : 'thread.answer')} />
          <input type="hidden" name="key" value={formKey} />
          <TextArea field={fields.body} label={t('thread.answer')} hint={t('thread.hint')} rows={6} />
          <Consent field={fields.consent} label={t('message.consent')} />
          <button type="submit">{t('thread.send')}</button>
        </form>
      )}
      <p className="actions">
        <a href={`${here}/export`} download>
          {t('thread.export')}
        </a>
      </p>
      <TakingPart action={part} open={rules} own={own} people={people} />
    </section>
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

import type { SubmissionResult } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { notFound } from '~/auth/gate.server';
import { block } from '~/domain/account/blocks.server';
import { reportMessage } from '~/domain/conduct/commands.server';
import { type ReportInput, reportSchema } from '~/domain/conduct/schema';
import { letterBehind } from '~/domain/message/letter-link.server';
import { comeBack, leave } from '~/domain/message/participation.server';
import { refuseLetters } from '~/domain/message/rules.server';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { limitSentence, REPORTED } from '~/http/sentences.server';
import { anchored } from '~/paths';
import { parseForm } from '~/ui/parse-form';
import { ReportForm } from '~/ui/report-form';
import { useTranslate } from '~/ui/translate';

/** What one types is kept. */
export const handle = { times: true, keeps: true };

export const meta: MetaFunction = () => [{ title: 'Colloquy' }, { name: 'robots', content: 'noindex' }];

/** What a reader of mail can do about a letter without signing in. Opening the page does nothing: scanners open links. */
export async function loader({ context, params }: LoaderFunctionArgs) {
  const letter = await letterBehind(context, params.token ?? '');
  if (!letter) throw notFound();
  return {
    writer: letter.writer.name,
    ref: letter.thread.paper.ref,
    title: letter.thread.paper.title,
    conference: letter.thread.conference.name,
    left: letter.own.leftAt !== null,
    keptAs: `report/${letter.messageId}`,
  };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const token = params.token ?? '';
  const letter = await letterBehind(context, token);
  if (!letter) throw notFound();
  const form = await readForm(request);
  const here = `/letters/${token}`;
  if (form.has('List-Unsubscribe')) {
    await leave(context, letter.own.id);
    // RFC 8058, 3.1: to a mail program, which follows no redirect.
    return new Response(null);
  }
  switch (form.get('intent')) {
    case 'leave':
      await leave(context, letter.own.id);
      return redirectWithNotice(anchored(here, 'leave'), 'notice.left');
    case 'come-back':
      await comeBack(context, letter.own);
      return redirectWithNotice(anchored(here, 'leave'), 'notice.cameBack');
    case 'block':
      await block(context, letter.own.mailboxId, letter.writer);
      return redirectWithNotice(anchored(here, 'block'), 'notice.blocked');
    case 'nobody':
      await refuseLetters(context, letter.own.mailboxId);
      return redirectWithNotice(anchored(here, 'nobody'), 'notice.noLetters');
    case 'report': {
      const submission = parseForm(form, reportSchema, context.t);
      if (submission.status !== 'success') return refused(submission.reply());
      const { own, messageId, thread } = letter;
      const input = submission.value as ReportInput;
      const reported = await reportMessage(context, thread.conference, own, messageId, input);
      if (!reported.ok) {
        const reached = { limit: 'report', retryAt: reported.retryAt } as const;
        const sentence = await limitSentence(context, reached, thread.conference);
        return refused(submission.reply({ formErrors: [sentence] }), {}, 429);
      }
      return redirectWithNotice(here, REPORTED[reported.to]);
    }
    default:
      throw new Response(null, { status: 400 });
  }
}

export default function Letter() {
  const t = useTranslate();
  const { writer, ref, title, conference, left, keptAs } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>() as { result: SubmissionResult<string[]> } | undefined;
  const lastResult = answered?.result;
  return (
    <section className="narrow stack">
      <h1>{t('letter.title')}</h1>
      <p>{t('letter.lead', { writer, ref, title, conference })}</p>
      <Choice id="leave" intent={left ? 'come-back' : 'leave'} hint={t(left ? 'letter.leftHint' : 'letter.leaveHint')}>
        {t(left ? 'thread.comeBack' : 'thread.leave')}
      </Choice>
      <Choice intent="block" hint={t('letter.blockHint', { name: writer })}>
        {t('thread.block', { name: writer })}
      </Choice>
      <Choice intent="nobody" hint={t('letter.nobodyHint')}>
        {t('letter.nobody')}
      </Choice>
      <section className="panel">
        <h2>{t('report.title')}</h2>
        <p>{t('report.lead', { conference })}</p>
        <ReportForm lastResult={lastResult} keptAs={keptAs} />
      </section>
    </section>
  );
}

function Choice({ id, intent, hint, children }: { id?: string; intent: string; hint: string; children: string }) {
  return (
    <form method="post" className="panel">
      <p>{hint}</p>
      <button type="submit" name="intent" value={intent} id={id ?? intent} className="secondary">
        {children}
      </button>
    </form>
  );
}

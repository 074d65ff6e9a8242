import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { beginSession } from '~/auth/complete.server';
import { confirmMessage, discardMessage, pendingMessage } from '~/domain/message/requests.server';
import { readForm } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { redirectTo } from '~/http/redirect.server';
import { refusalSentence, refusalStatus } from '~/http/sentences.server';
import { path } from '~/paths';
import { Timed } from '~/ui/timed';
import { useTranslate } from '~/ui/translate';

/** A refusal may say when again. */
export const handle = { times: true };

export const meta: MetaFunction = () => [{ title: 'Colloquy' }, { name: 'robots', content: 'noindex' }];

/** Opening the link sends nothing, since mail scanners open links too: the button does. */
export async function loader({ context, params }: LoaderFunctionArgs) {
  return { pending: await pendingMessage(context, params.token ?? '') };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const token = params.token ?? '';
  const pending = await pendingMessage(context, token);
  if (!pending) return { sentence: null };
  if (form.get('intent') === 'discard') {
    await discardMessage(context, token);
    return redirectWithNotice('/', 'notice.messageDiscarded');
  }
  const confirmed = await confirmMessage(context, token, context.network);
  if (confirmed.ok)
    return beginSession(
      context,
      { request, accountId: confirmed.accountId, by: 'link' },
      `/${pending.conference.slug}/messages`,
      { notice: 'notice.messageQueued' },
    );
  if (confirmed.reason === 'dead') return redirectTo(path`/confirm/${token}`, { status: 303 });
  return data(
    { sentence: await refusalSentence(context, confirmed, pending.conference) },
    { status: refusalStatus(confirmed) },
  );
}

export default function Confirm() {
  const t = useTranslate();
  const { pending } = useLoaderData<typeof loader>();
  const sentence = useActionData<typeof action>()?.sentence;
  if (!pending) {
    return (
      <section className="narrow">
        <h1>{t('link.deadTitle')}</h1>
        <p>{t('confirm.dead')}</p>
        <p>
          <a href="/">{t('trouble.home')}</a>
        </p>
      </section>
    );
  }
  return (
    <section className="narrow">
      <h1>{t('confirm.title')}</h1>
      {sentence && (
        <p className="summary" role="alert">
          <Timed>{sentence}</Timed>
        </p>
      )}
      <p>
        {t('confirm.lead', { ref: pending.paper.ref, title: pending.paper.title, conference: pending.conference.name })}
      </p>
      <dl className="facts">
        <div>
          <dt>{t('message.name')}</dt>
          <dd dir="auto">{pending.name}</dd>
        </div>
        <div>
          <dt>{t('message.subject')}</dt>
          <dd dir="auto">{pending.subject}</dd>
        </div>
      </dl>
      <div className="letter" dir="auto">
        {pending.body}
      </div>
      <form method="post" className="row">
        <button type="submit" name="intent" value="confirm">
          {t('confirm.send')}
        </button>
        <button type="submit" name="intent" value="discard" className="secondary">
          {t('confirm.discard')}
        </button>
      </form>
      <p className="hint">{t('confirm.hint', { name: pending.name })}</p>
    </section>
  );
}

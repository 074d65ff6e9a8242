import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { notFound } from '~/auth/gate.server';
import { letterBehind } from '~/domain/message/letter-link.server';
import { comeBack, leave, mute } from '~/domain/message/participation.server';
import { readForm } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { anchored } from '~/paths';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction = () => [{ title: 'Colloquy' }, { name: 'robots', content: 'noindex' }];

/**
 * What a reader of mail can do about a conversation without signing in: a mail is forwarded, so it is little, and can be
 * undone. What weighs more leads to where one signs in. Opening the page does nothing: scanners open links.
 */
export async function loader({ context, params }: LoaderFunctionArgs) {
  const letter = await letterBehind(context, params.token ?? '');
  if (!letter) throw notFound();
  const thread = `/${letter.thread.conference.slug}/messages/${letter.thread.id}`;
  return {
    writer: letter.writer.name,
    ref: letter.thread.paper.ref,
    title: letter.thread.paper.title,
    conference: letter.thread.conference.name,
    left: letter.own.leftAt !== null,
    muted: letter.own.mutedAt !== null,
    report: `${thread}/report/${letter.messageId}`,
    block: `${thread}?rules#rules`,
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
    case 'mute':
      await mute(context, letter.own, true);
      return redirectWithNotice(anchored(here, 'mute'), 'notice.muted');
    case 'unmute':
      await mute(context, letter.own, false);
      return redirectWithNotice(anchored(here, 'mute'), 'notice.unmuted');
    default:
      throw new Response(null, { status: 400 });
  }
}

export default function Letter() {
  const t = useTranslate();
  const { writer, ref, title, conference, left, muted, report, block } = useLoaderData<typeof loader>();
  return (
    <section className="narrow stack">
      <h1>{t('letter.title')}</h1>
      <p>{t('letter.lead', { writer, ref, title, conference })}</p>
      <Choice id="leave" intent={left ? 'come-back' : 'leave'} hint={t(left ? 'letter.leftHint' : 'letter.leaveHint')}>
        {t(left ? 'thread.comeBack' : 'thread.leave')}
      </Choice>
      {!left && (
        <Choice id="mute" intent={muted ? 'unmute' : 'mute'} hint={t(muted ? 'letter.mutedHint' : 'letter.muteHint')}>
          {t(muted ? 'thread.unmute' : 'thread.mute')}
        </Choice>
      )}
      <section className="panel">
        <h2>{t('letter.more')}</h2>
        <p>{t('letter.moreHint')}</p>
        <ul className="plainlist">
          <li>
            <a href={report}>{t('report.title')}</a>
          </li>
          <li>
            <a href={block}>{t('thread.block', { name: writer })}</a>
          </li>
          <li>
            <a href="/account/letters">{t('letter.nobody')}</a>
          </li>
        </ul>
      </section>
    </section>
  );
}

function Choice({ id, intent, hint, children }: { id: string; intent: string; hint: string; children: string }) {
  return (
    <form method="post" className="panel">
      <p>{hint}</p>
      <button type="submit" name="intent" value={intent} id={id} className="secondary">
        {children}
      </button>
    </form>
  );
}

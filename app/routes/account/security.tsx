import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { confirmAgain, inNewSession, ownersWord, unconfirmed } from '~/auth/confirm.server';
import { requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { primaryMailbox } from '~/domain/account/mailbox-owners.server';
import { hasPassword } from '~/domain/account/queries.server';
import { currentPasswordSchema, newPasswordSchema } from '~/domain/account/schema';
import { changePassword, removePassword } from '~/domain/account/security/change-password.server';
import { endOtherSessions, endSession, isFresh, sessionsOf } from '~/domain/account/security/sessions.server';
import { timed } from '~/domain/zoned-time';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { anchored } from '~/paths';
import { FreshLink } from '~/ui/confirm-owner';
import { parseForm } from '~/ui/parse-form';
import { PasswordForm } from '~/ui/password-form';
import { SessionList } from '~/ui/session-list';
import { useTranslate } from '~/ui/translate';

export const handle = { times: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

const HERE = '/account/security';

export async function loader({ context, request }: LoaderFunctionArgs) {
  const viewer = await requireViewer(context, request);
  const { session } = await ownersWord(context);
  const [withPassword, sessions, mailbox] = await Promise.all([
    hasPassword(context.db, viewer.accountId),
    sessionsOf(context.db, viewer.accountId),
    primaryMailbox(context.db, viewer.accountId),
  ]);
  return {
    title: `${context.t('account.securityTitle')} · Colloquy`,
    hasPassword: withPassword,
    fresh: isFresh(context, session),
    hasMail: mailbox !== null,
    sessions: sessions.map(({ id, browser, createdAt, lastSeenAt }) => ({
      id,
      browser,
      here: id === session.id,
      since: timed(createdAt, 'UTC'),
      seen: lastSeenAt && timed(lastSeenAt, 'UTC'),
    })),
  };
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  // Nothing of it is kept: it is passwords and buttons.
  const viewer = await requireViewerKeeping(context, request, new FormData());
  const intent = form.get('intent');
  switch (intent) {
    case 'password':
    case 'no-password': {
      const submission = parseForm(form, intent === 'password' ? newPasswordSchema : currentPasswordSchema, context.t);
      const refuse = (errors: Parameters<typeof submission.reply>[0], status?: number) =>
        refused(submission.reply({ ...errors, hideFields: ['password', 'currentPassword'] }), {}, status);
      if (submission.status !== 'success') return refuse({});
      const value: { password?: string; currentPassword?: string | undefined } = submission.value;
      const word = await ownersWord(context, value.currentPassword);
      const done =
        value.password === undefined
          ? await removePassword(context, viewer, word)
          : await changePassword(context, viewer, word, value.password);
      if (done.ok) {
        const notice = value.password === undefined ? 'notice.passwordRemoved' : 'notice.passwordSet';
        return inNewSession(context, request, viewer, anchored(HERE, 'password-title'), notice);
      }
      if (done.reason === 'weak') {
        const sentence = context.t(done.weakness === 'context' ? 'error.passwordContext' : 'error.passwordCommon');
        return refuse({ fieldErrors: { password: [sentence] } });
      }
      const { errors, status } = await unconfirmed(context, done, await hasPassword(context.db, viewer.accountId));
      return refuse(errors, status);
    }
    case 'fresh-link': {
      const sent = await confirmAgain(context, request, form, viewer, { here: HERE, place: 'password-title' });
      return sent instanceof Response ? sent : refused(sent.result, {}, sent.status);
    }
    case 'end-session': {
      const ended = await endSession(context, viewer, String(form.get('session')));
      return redirectWithNotice(anchored(HERE, 'sessions'), ended ? 'notice.sessionEnded' : 'notice.removedBefore');
    }
    case 'end-others': {
      const count = await endOtherSessions(context, viewer, (await ownersWord(context)).session);
      return redirectWithNotice(anchored(HERE, 'sessions'), { notice: 'notice.othersEnded', values: { count } });
    }
    default:
      throw new Response(null, { status: 400 });
  }
}

export default function Security() {
  const t = useTranslate();
  const { hasPassword, fresh, hasMail, sessions } = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>()?.result;
  return (
    <div className="narrow stack">
      <p className="crumb">
        <a href="/account">{t('account.title')}</a>
      </p>
      <h1>{t('account.securityTitle')}</h1>
      <section>
        <h2 id="password-title" tabIndex={-1}>
          {t('account.passwordTitle')}
        </h2>
        <p>{t(hasPassword ? 'account.hasPassword' : 'account.noPassword')}</p>
        <PasswordForm hasPassword={hasPassword} fresh={fresh} lastResult={lastResult} />
        {!fresh && <FreshLink lead={t(hasPassword ? 'account.forgotten' : 'account.linkFirst')} possible={hasMail} />}
      </section>
      <section>
        <h2>{t('passkeys.title')}</h2>
        <p>{t('passkeys.lead')}</p>
        <p>
          <a href="/account/passkeys">{t('passkeys.title')}</a>
        </p>
      </section>
      <SessionList sessions={sessions} />
    </div>
  );
}

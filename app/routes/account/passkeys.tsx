import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { confirmAgain, ownersWord } from '~/auth/confirm.server';
import { notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { primaryMailbox } from '~/domain/account/mailbox-owners.server';
import { addPasskey } from '~/domain/account/passkey/add.server';
import { askForPasskey, removePasskey, renamePasskey } from '~/domain/account/passkey/keep.server';
import { asksPasskey, passkeysOf } from '~/domain/account/passkey/queries.server';
import { relyingParty } from '~/domain/account/passkey/relying-party.server';
import { passkeyNameSchema } from '~/domain/account/passkey/schema';
import { hasPassword } from '~/domain/account/queries.server';
import { isFresh } from '~/domain/account/security/sessions.server';
import { timed } from '~/domain/zoned-time';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { anchored } from '~/paths';
import { ConfirmOwner } from '~/ui/confirm-owner';
import { parseForm } from '~/ui/parse-form';
import { AddPasskey, AskForPasskey, PasskeyList } from '~/ui/passkey-list';
import { useTranslate } from '~/ui/translate';

export const handle = { times: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

const HERE = '/account/passkeys';

export async function loader({ context, request }: LoaderFunctionArgs) {
  const viewer = await requireViewer(context, request);
  const { session } = await ownersWord(context);
  const [passkeys, asks, withPassword, mailbox] = await Promise.all([
    passkeysOf(context.db, viewer.accountId),
    asksPasskey(context.db, viewer.accountId),
    hasPassword(context.db, viewer.accountId),
    primaryMailbox(context.db, viewer.accountId),
  ]);
  return {
    title: `${context.t('passkeys.title')} · Colloquy`,
    possible: relyingParty(context.config) !== null,
    fresh: isFresh(context, session),
    hasPassword: withPassword,
    hasMail: mailbox !== null,
    asks,
    passkeys: passkeys.map(({ id, name, createdAt, usedAt }) => ({
      id: id as string,
      name,
      made: timed(createdAt, 'UTC'),
      used: usedAt && timed(usedAt, 'UTC'),
    })),
  };
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const viewer = await requireViewerKeeping(context, request, new FormData());
  const word = await ownersWord(context);
  const id = String(form.get('passkey'));
  // Only a page that is older than its proof has these buttons.
  const confirmFirst = () => redirectWithNotice(anchored(HERE, 'confirm'), 'notice.confirmFirst');
  switch (form.get('intent')) {
    case 'confirm':
    case 'fresh-link': {
      const shown = await confirmAgain(context, request, form, viewer, { here: HERE, place: 'confirm' });
      return shown instanceof Response ? shown : refused(shown.result, { form: 'confirm' }, shown.status);
    }
    case 'add': {
      const submission = parseForm(form, passkeyNameSchema, context.t);
      const refuse = (errors: Parameters<typeof submission.reply>[0]) =>
        refused(submission.reply({ ...errors, hideFields: ['response'] }), { form: 'add' });
      if (submission.status !== 'success') return refuse({});
      const response = String(form.get('response') ?? '');
      const { name } = submission.value;
      const added = await addPasskey(context, viewer, word, { response, name, browser: context.browser.passkey });
      if (added.ok) return redirectWithNotice(anchored(HERE, `passkey-${added.id}`), 'notice.passkeyAdded');
      if (added.reason !== 'failed' && added.reason !== 'full') return confirmFirst();
      return refuse({ formErrors: [context.t(added.reason === 'full' ? 'passkeys.addFull' : 'passkeys.addFailed')] });
    }
    case 'rename': {
      const submission = parseForm(form, passkeyNameSchema, context.t);
      if (submission.status !== 'success') return refused(submission.reply(), { form: id });
      if (!(await renamePasskey(context, viewer, id, submission.value.name))) throw notFound();
      return redirectWithNotice(anchored(HERE, `passkey-${id}`), 'notice.passkeyRenamed');
    }
    case 'remove': {
      const removed = await removePasskey(context, viewer, word, id);
      if (!removed.ok && removed.reason !== 'gone') return confirmFirst();
      return redirectWithNotice(anchored(HERE, 'passkeys'), removed.ok ? 'notice.passkeyRemoved' : 'notice.gone');
    }
    case 'ask': {
      const asks = form.get('asks') === 'on';
      const done = await askForPasskey(context, viewer, word, asks);
      if (!done.ok && done.reason !== 'none') return confirmFirst();
      const notice = !done.ok ? 'notice.unchanged' : asks ? 'notice.passkeyAsked' : 'notice.passkeyNotAsked';
      return redirectWithNotice(anchored(HERE, 'ask'), notice);
    }
    default:
      throw new Response(null, { status: 400 });
  }
}

export default function Passkeys() {
  const t = useTranslate();
  const { possible, fresh, hasPassword, hasMail, asks, passkeys } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const resultOf = (form: string) => (answer?.form === form ? answer.result : undefined);
  return (
    <div className="narrow stack">
      <p className="crumb">
        <a href="/account">{t('account.title')}</a>
      </p>
      <h1>{t('passkeys.title')}</h1>
      <p>{t('passkeys.lead')}</p>
      <PasskeyList passkeys={passkeys} removable={fresh} resultOf={resultOf} />
      {!possible && <p>{t('passkeys.impossible')}</p>}
      {!fresh && (possible || passkeys.length > 0) && (
        <ConfirmOwner hasPassword={hasPassword} hasMail={hasMail} lastResult={resultOf('confirm')} />
      )}
      {possible && fresh && <AddPasskey lastResult={resultOf('add')} />}
      {fresh && passkeys.length > 0 && <AskForPasskey asks={asks} />}
    </div>
  );
}

import { getFormProps, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { confirmAgain, ownersWord } from '~/auth/confirm.server';
import { notFound, requireViewer, requireViewerKeeping } from '~/auth/gate.server';
import { keptResult } from '~/auth/keeping.server';
import { chooseAddress, requestAddress } from '~/domain/account/addresses.server';
import { renameAccount } from '~/domain/account/commands.server';
import { primaryMailbox } from '~/domain/account/mailbox-owners.server';
import { ownMailboxes } from '~/domain/account/mailboxes.server';
import { hasPassword } from '~/domain/account/queries.server';
import { addAddressSchema, nameSchema } from '~/domain/account/schema';
import { isFresh } from '~/domain/account/security/sessions.server';
import { timed } from '~/domain/zoned-time';
import { readForm, refused } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { limitSentence } from '~/http/sentences.server';
import { anchored } from '~/paths';
import { AddAddress } from '~/ui/add-address';
import { ConfirmOwner } from '~/ui/confirm-owner';
import { ErrorSummary, TextField } from '~/ui/fields';
import { keep } from '~/ui/keep';
import { parseForm } from '~/ui/parse-form';
import { Timed } from '~/ui/timed';
import { useTranslate } from '~/ui/translate';

/** What one types is kept. */
export const handle = { times: true, keeps: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const viewer = await requireViewer(context, request);
  const [{ session }, withPassword, mailboxes, primary] = await Promise.all([
    ownersWord(context),
    hasPassword(context.db, viewer.accountId),
    ownMailboxes(context.db, viewer.accountId),
    primaryMailbox(context.db, viewer.accountId),
  ]);
  return {
    title: `${context.t('account.title')} · Colloquy`,
    name: viewer.name,
    kept: await keptResult(context, request),
    fresh: isFresh(context, session),
    hasPassword: withPassword,
    // The one page that shows addresses, to their owner.
    addresses: mailboxes.map((mailbox) => ({
      id: mailbox.id as string,
      address: mailbox.reveal(),
      primary: mailbox.id === primary,
      verified: mailbox.verified,
      failedAt: mailbox.suppressedAt && timed(mailbox.suppressedAt, 'UTC'),
    })),
  };
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  // Addresses are not kept.
  const kept = form.get('intent') === 'name' ? form : new FormData();
  const viewer = await requireViewerKeeping(context, request, kept, { itself: true });
  const { accountId } = viewer;
  switch (form.get('intent')) {
    case 'name': {
      const submission = parseForm(form, nameSchema, context.t);
      if (submission.status !== 'success') return refused(submission.reply(), { form: 'name' });
      const was = form.get('was');
      if (was !== null && was !== viewer.name && viewer.name !== submission.value.name)
        return refused(
          submission.reply({ formErrors: [context.t('account.staleName', { name: viewer.name })] }),
          { form: 'name', overtaken: true },
          409,
        );
      await renameAccount(context, accountId, submission.value.name);
      return redirectWithNotice(anchored('/account', 'save-name'), 'notice.saved');
    }
    case 'add-address': {
      const submission = parseForm(form, addAddressSchema, context.t);
      if (submission.status !== 'success') return refused(submission.reply(), { form: 'address' });
      const { address } = submission.value;
      const asked = { address, network: context.network };
      const requested = await requestAddress(context, viewer, await ownersWord(context), asked);
      if (!requested.ok && requested.reason !== 'limit')
        return refused(submission.reply({ formErrors: [context.t('account.addConfirm')] }), { form: 'address' }, 403);
      if (!requested.ok) {
        const isLimit = requested.reason === 'limit';
        const sentence = isLimit ? await limitSentence(context, requested) : context.t('account.linksSent');
        return refused(submission.reply({ formErrors: [sentence] }), { form: 'address' }, 429);
      }
      return redirectWithNotice(anchored('/account', 'addresses'), 'notice.addressAsked');
    }
    case 'confirm':
    case 'fresh-link': {
      const shown = await confirmAgain(context, request, form, viewer, { here: '/account', place: 'addresses' });
      return shown instanceof Response ? shown : refused(shown.result, { form: 'confirm' }, shown.status);
    }
    case 'choose-address': {
      if (!(await chooseAddress(context, viewer, String(form.get('mailbox'))))) throw notFound();
      return redirectWithNotice(anchored('/account', 'addresses'), 'notice.addressChosen');
    }
    default:
      throw new Response(null, { status: 400 });
  }
}

export default function Account() {
  const t = useTranslate();
  const { name, kept, fresh, hasPassword, addresses } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const failed = answered && 'form' in answered ? answered : undefined;
  const overtaken = failed !== undefined && 'overtaken' in failed;
  const shown = failed?.form === 'name' ? failed.result : kept;
  const was = shown?.initialValue?.was as string | undefined;
  const [nameForm, { name: nameField }] = useForm<{ name: string }>({
    id: 'name',
    lastResult: shown ?? undefined,
    defaultValue: { name },
  });
  return (
    <div className="narrow stack">
      <h1>{t('account.title')}</h1>
      <section>
        <h2>{t('account.nameTitle')}</h2>
        <form
          method="post"
          {...getFormProps(nameForm)}
          {...keep('account/name', failed?.form === 'name' || kept)}
          noValidate
        >
          <ErrorSummary form={nameForm} labels={() => t('link.name')} />
          <input type="hidden" name="was" value={overtaken ? name : (was ?? name)} />
          <TextField field={nameField} label={t('link.name')} hint={t('account.nameHint')} autoComplete="name" />
          <button type="submit" name="intent" value="name" id="save-name">
            {t('form.save')}
          </button>
        </form>
      </section>
      <section>
        <h2 id="addresses" tabIndex={-1}>
          {t('account.addressesTitle')}
        </h2>
        <p>{t('account.addressesLead')}</p>
        <ul>
          {addresses.map(({ id, address, verified, primary, failedAt }) => (
            <li key={address}>
              <bdi>{address}</bdi> {!verified && t('account.unverified')}
              {primary && <span className="tag">{t('account.primary')}</span>}
              {verified && !primary && (
                <form method="post">
                  <input type="hidden" name="mailbox" value={id} />
                  <button
                    type="submit"
                    name="intent"
                    value="choose-address"
                    className="plain"
                    aria-label={t('account.chooseLabel', { address })}
                  >
                    {t('account.choose')}
                  </button>
                </form>
              )}
              {failedAt && (
                <p className="error">
                  <Timed>{t('account.failed', { at: failedAt })}</Timed>
                </p>
              )}
            </li>
          ))}
        </ul>
        <h3>{t('account.addTitle')}</h3>
        <p>{t('account.addLead')}</p>
        {(fresh || failed?.form === 'address') && (
          <AddAddress lastResult={failed?.form === 'address' ? failed.result : undefined} />
        )}
        {!fresh && (
          <ConfirmOwner
            heading="h3"
            hasPassword={hasPassword}
            hasMail={addresses.some(({ verified }) => verified)}
            lastResult={failed?.form === 'confirm' ? failed.result : undefined}
          />
        )}
      </section>
      <section>
        <h2>{t('account.lettersTitle')}</h2>
        <p>{t('account.lettersLead')}</p>
        <p>
          <a href="/account/letters">{t('letters.title')}</a>
        </p>
      </section>
      <section>
        <h2>{t('account.securityTitle')}</h2>
        <p>{t('account.securityLead')}</p>
        <p>
          <a href="/account/security">{t('account.securityTitle')}</a> ·{' '}
          <a href="/account/passkeys">{t('passkeys.title')}</a>
        </p>
      </section>
    </div>
  );
}

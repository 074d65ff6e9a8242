import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requireViewer } from '~/auth/gate.server';
import { addsAddress, confirmAddress } from '~/domain/account/addresses.server';
import { readForm } from '~/http/form.server';
import { redirectWithNotice } from '~/http/notice.server';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction = () => [{ title: 'Colloquy' }, { name: 'robots', content: 'noindex' }];

/** Opening the link adds nothing, since mail scanners open links too: the button does. */
export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const viewer = await requireViewer(context, request);
  return { name: viewer.name, live: await addsAddress(context, viewer, params.token ?? '') };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const viewer = await requireViewer(context, request);
  await readForm(request);
  const result = await confirmAddress(context, viewer, params.token ?? '');
  const notice = { added: 'notice.addressAdded', taken: 'notice.addressTaken', dead: 'notice.addressDead' } as const;
  return redirectWithNotice('/account', notice[result]);
}

export default function AddAddress() {
  const t = useTranslate();
  const { name, live } = useLoaderData<typeof loader>();
  return (
    <section className="narrow">
      <h1>{t(live ? 'address.title' : 'link.deadTitle')}</h1>
      <p>{t(live ? 'address.lead' : 'address.dead', { name })}</p>
      {live ? (
        <form method="post">
          <button type="submit">{t('address.add')}</button>
        </form>
      ) : (
        <p>
          <a href="/account">{t('account.title')}</a>
        </p>
      )}
    </section>
  );
}

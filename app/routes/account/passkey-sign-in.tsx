import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { completeSignIn } from '~/auth/complete.server';
import { safeNext } from '~/auth/gate.server';
import { forgetPending, pendingIn } from '~/domain/account/passkey/pending.server';
import { signInByPasskey } from '~/domain/account/passkey/sign-in.server';
import { readForm } from '~/http/form.server';
import { redirectTo } from '~/http/redirect.server';
import { PasskeyForm } from '~/ui/passkey-form';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

/** Where an account that wants a passkey beside a link or a password asks for it. */
export async function loader({ context }: LoaderFunctionArgs) {
  const pending = await pendingIn(context.db, context.clock, context.browser.passkey);
  // What a refused passkey answers with is this page too.
  if (!pending && !context.posted) throw redirectTo('/sign-in');
  const title = context.t(pending ? 'passkey.secondTitle' : 'signIn.title');
  return { title: `${title} · Colloquy`, waits: pending !== null };
}

/** Takes what a passkey has signed: as the second step for the account that waits for it, else as the only one. */
export async function action({ context, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const second = form.get('second') === '1';
  const { passkey: browser } = context.browser;
  const pending = second ? await pendingIn(context.db, context.clock, browser) : null;
  if (second && !pending) return redirectTo('/sign-in', { status: 303 });
  const response = String(form.get('response') ?? '');
  const signedIn = await signInByPasskey(context, { response, browser, accountId: pending?.accountId ?? null });
  if (!signedIn.ok) return data({ failed: true, next: safeNext(form.get('next')) }, { status: 422 });
  if (pending) await forgetPending(context.db, browser!);
  const next = pending?.next ?? safeNext(form.get('next'));
  return completeSignIn(context, { request, accountId: signedIn.accountId, by: 'passkey' }, next, pending?.revived);
}

export default function PasskeySignIn() {
  const t = useTranslate();
  const { waits } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const again = `/sign-in?${new URLSearchParams({ next: answer?.next ?? '/' })}`;
  return (
    <section className="narrow">
      <h1>{t(waits ? 'passkey.secondTitle' : 'signIn.title')}</h1>
      {answer?.failed && (
        <p className="summary" role="alert">
          {t('passkey.failed')}
        </p>
      )}
      {waits && (
        <>
          <p>{t('passkey.secondLead')}</p>
          <PasskeyForm
            purpose="second"
            action="/sign-in/passkey"
            cancelled={t('passkey.cancelled')}
            instead={t('passkey.needsScript')}
          >
            <input type="hidden" name="second" value="1" />
            <button type="submit">{t('passkey.use')}</button>
          </PasskeyForm>
        </>
      )}
      <p>
        <a href={again}>{t('passkey.other')}</a>
      </p>
    </section>
  );
}

import { getFormProps, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { completeSignIn } from '~/auth/complete.server';
import { safeNext } from '~/auth/gate.server';
import { keptFor } from '~/auth/keeping.server';
import { requestSignIn, signInByPassword } from '~/domain/account/commands.server';
import { relyingParty } from '~/domain/account/passkey/relying-party.server';
import { signInSchema } from '~/domain/account/schema';
import { readForm, refused } from '~/http/form.server';
import { redirectTo } from '~/http/redirect.server';
import { limitSentence } from '~/http/sentences.server';
import { ErrorSummary, TextField } from '~/ui/fields';
import { parseForm } from '~/ui/parse-form';
import { PasskeyForm } from '~/ui/passkey-form';
import { useTranslate } from '~/ui/translate';

export const handle = { times: true };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  const next = safeNext(searchParams.get('next'));
  if (await context.viewer()) throw redirectTo(next);
  return {
    title: `${context.t('signIn.title')} · Colloquy`,
    next,
    kept: await keptFor(context, next),
    sent: searchParams.has('sent'),
    captured: context.config.smtp === null,
    passkeys: relyingParty(context.config) !== null,
  };
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const next = safeNext(form.get('next'));
  const submission = parseForm(form, signInSchema, context.t);
  const refuse = (sentence: string, status?: number) =>
    refused(submission.reply({ formErrors: [sentence], hideFields: ['password'] }), { next }, status);
  if (submission.status !== 'success') return refused(submission.reply({ hideFields: ['password'] }), { next });
  const { address, password } = submission.value;
  const { network } = context;

  if (password) {
    const { devices } = context.browser;
    const signedIn = await signInByPassword(context, { address, password, network, devices });
    if (signedIn.ok) return completeSignIn(context, { request, accountId: signedIn.accountId, by: 'password' }, next);
    if (signedIn.reason === 'wrong') return refuse(context.t('signIn.wrong'));
    return refuse(await limitSentence(context, signedIn), 429);
  }
  const requested = await requestSignIn(context, { address, next, network });
  if (!requested.ok) return refuse(await limitSentence(context, requested), 429);
  return redirectTo(`/sign-in?${new URLSearchParams({ sent: '1', next })}`, { status: 303 });
}

export default function SignIn() {
  const t = useTranslate();
  const { sent, captured, kept, passkeys, ...asked } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const lastResult = answered?.result;
  const next = answered?.next ?? asked.next;
  const [form, fields] = useForm<{ address: string; password: string }>({ id: 'sign-in', lastResult });
  if (sent && !lastResult) {
    return (
      <section className="narrow">
        <h1>{t('signIn.sentTitle')}</h1>
        <p>{t('signIn.sent')}</p>
        {captured && (
          <p>
            <a href="/dev/mail">{t('signIn.captured')}</a>
          </p>
        )}
        <p>
          <a href={`/sign-in?${new URLSearchParams({ next })}`}>{t('signIn.again')}</a>
        </p>
      </section>
    );
  }
  return (
    <section className="narrow">
      <h1>{t('signIn.title')}</h1>
      {kept && <p className="notice">{t(kept === 'itself' ? 'signIn.keptItself' : 'signIn.keptWaits')}</p>}
      <p>{t('signIn.lead')}</p>
      {/* Where to go then stays in the address too, or a refused form would forget it. */}
      <form method="post" action={`/sign-in?${new URLSearchParams({ next })}`} {...getFormProps(form)} noValidate>
        <ErrorSummary
          form={form}
          labels={(name) => (name === 'address' ? t('signIn.address') : t('signIn.password'))}
        />
        <input type="hidden" name="next" value={next} />
        <TextField
          field={fields.address}
          label={t('signIn.address')}
          type="email"
          // Passkeys are offered in it where the browser can.
          autoComplete="email webauthn"
          inputMode="email"
          spellCheck={false}
        />
        <TextField
          field={fields.password}
          label={t('signIn.password')}
          hint={t('signIn.passwordHint')}
          optional
          type="password"
          autoComplete="current-password"
        />
        <button type="submit">{t('signIn.button')}</button>
      </form>
      {passkeys && (
        <PasskeyForm purpose="sign-in" action="/sign-in/passkey" cancelled={t('passkey.cancelled')} autofill>
          <input type="hidden" name="next" value={next} />
          <button type="submit" className="secondary">
            {t('signIn.passkey')}
          </button>
        </PasskeyForm>
      )}
    </section>
  );
}

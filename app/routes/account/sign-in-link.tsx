import { getFormProps, useForm } from '@conform-to/react';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { completeSignIn } from '~/auth/complete.server';
import { pendingSignIn, signInByLink } from '~/domain/account/commands.server';
import { nameSchema } from '~/domain/account/schema';
import { readForm, refused } from '~/http/form.server';
import { ErrorSummary, TextField } from '~/ui/fields';
import { parseForm } from '~/ui/parse-form';
import { useTranslate } from '~/ui/translate';

export const meta: MetaFunction = () => [{ title: 'Colloquy' }, { name: 'robots', content: 'noindex' }];

/** Opening the link signs nobody in, since mail scanners open links too: the button does. */
export async function loader({ context, params }: LoaderFunctionArgs) {
  return { pending: await pendingSignIn(context, params.token ?? '') };
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const token = params.token ?? '';
  const pending = await pendingSignIn(context, token);
  const submission = parseForm(form, nameSchema, context.t);
  if (pending?.needsName && submission.status !== 'success') return refused(submission.reply());
  const signedIn = await signInByLink(context, token, submission.status === 'success' ? submission.value.name : null);
  // Used or expired meanwhile: the page says so.
  if (!signedIn.ok) return null;
  const { accountId, next, revived } = signedIn;
  return completeSignIn(context, { request, accountId, by: 'link' }, next, revived);
}

export default function SignInLink() {
  const t = useTranslate();
  const { pending } = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>()?.result;
  const [form, fields] = useForm<{ name: string }>({ id: 'name', lastResult });
  if (!pending) {
    return (
      <section className="narrow">
        <h1>{t('link.deadTitle')}</h1>
        <p>{t('link.dead')}</p>
        <p>
          <a className="button" href="/sign-in">
            {t('link.new')}
          </a>
        </p>
      </section>
    );
  }
  return (
    <section className="narrow">
      <h1>{pending.needsName ? t('link.welcome') : t('link.title')}</h1>
      <p>{pending.needsName ? t('link.nameLead') : t('link.lead', { name: pending.name })}</p>
      <form method="post" {...getFormProps(form)} noValidate>
        <ErrorSummary form={form} labels={() => t('link.name')} />
        {pending.needsName && (
          <TextField field={fields.name} label={t('link.name')} hint={t('link.nameHint')} autoComplete="name" />
        )}
        <button type="submit">{t('link.button')}</button>
      </form>
    </section>
  );
}

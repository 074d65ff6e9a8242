import type { SubmissionResult } from '@conform-to/dom';
import { getFormProps, useForm } from '@conform-to/react';
import { ErrorSummary, TextField } from './fields';
import { keep } from './keep';
import { useTranslate } from './translate';

/** Asks for an address that a link is to go to, so that it can be added. */
export function AddAddress({ lastResult }: { lastResult: SubmissionResult<string[]> | undefined }) {
  const t = useTranslate();
  const [form, { address }] = useForm<{ address: string }>({ id: 'address', lastResult });
  return (
    <form method="post" {...getFormProps(form)} {...keep('account/address', lastResult)} noValidate>
      <ErrorSummary form={form} labels={() => t('signIn.address')} />
      <TextField
        field={address}
        label={t('account.addAddress')}
        type="email"
        inputMode="email"
        autoComplete="email"
        spellCheck={false}
      />
      <button type="submit" name="intent" value="add-address" className="secondary">
        {t('account.add')}
      </button>
    </form>
  );
}

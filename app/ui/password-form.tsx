import type { SubmissionResult } from '@conform-to/dom';
import { getFormProps, useForm } from '@conform-to/react';
import { ErrorSummary, TextField } from './fields';
import { useTranslate } from './translate';

/** Sets, changes and removes a password. `fresh`: its owner has shown a moment ago who they are. */
export function PasswordForm({
  hasPassword,
  fresh,
  lastResult,
}: {
  hasPassword: boolean;
  fresh: boolean;
  lastResult: SubmissionResult<string[]> | undefined;
}) {
  const t = useTranslate();
  const [form, { password, currentPassword }] = useForm<{ password: string; currentPassword: string }>({
    id: 'password',
    lastResult,
  });
  const labels = (name: string) => t(name === 'password' ? 'account.newPassword' : 'account.currentPassword');
  // Nobody could say so: a link comes first.
  if (!hasPassword && !fresh) return <ErrorSummary form={form} labels={labels} />;
  return (
    <form method="post" {...getFormProps(form)} noValidate>
      <ErrorSummary form={form} labels={labels} />
      {fresh && hasPassword && <p>{t('account.passwordFresh')}</p>}
      {!fresh && (
        <TextField
          field={currentPassword}
          label={t('account.currentPassword')}
          type="password"
          autoComplete="current-password"
        />
      )}
      <TextField
        field={password}
        label={t('account.newPassword')}
        hint={t('account.passwordHint')}
        type="password"
        autoComplete="new-password"
      />
      <div className="actions">
        <button type="submit" name="intent" value="password">
          {t('account.setPassword')}
        </button>
        {hasPassword && (
          <button type="submit" className="plain" name="intent" value="no-password">
            {t('account.removePassword')}
          </button>
        )}
      </div>
    </form>
  );
}

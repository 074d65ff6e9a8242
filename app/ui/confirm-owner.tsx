import type { SubmissionResult } from '@conform-to/dom';
import { getFormProps, useForm } from '@conform-to/react';
import { ErrorSummary, TextField } from './fields';
import { useTranslate } from './translate';

/** Asks who is signed in to show that it is them: by their password, or by a link that goes to their address. */
export function ConfirmOwner({
  heading: Heading = 'h2',
  hasPassword,
  hasMail,
  lastResult,
}: {
  heading?: 'h2' | 'h3';
  hasPassword: boolean;
  hasMail: boolean;
  lastResult: SubmissionResult<string[]> | undefined;
}) {
  const t = useTranslate();
  const [form, { currentPassword }] = useForm<{ currentPassword: string }>({ id: 'confirm-owner', lastResult });
  return (
    <section>
      <Heading id="confirm" tabIndex={-1}>
        {t('account.confirmTitle')}
      </Heading>
      <p>{t('account.confirmLead', { hasPassword: hasPassword ? 'yes' : 'no' })}</p>
      <ErrorSummary form={form} labels={() => t('account.currentPassword')} />
      {hasPassword && (
        <form method="post" {...getFormProps(form)} noValidate>
          <TextField
            field={currentPassword}
            label={t('account.currentPassword')}
            type="password"
            autoComplete="current-password"
          />
          <button type="submit" name="intent" value="confirm">
            {t('account.confirm')}
          </button>
        </form>
      )}
      <FreshLink possible={hasMail} />
    </section>
  );
}

export function FreshLink({ lead, possible }: { lead?: string; possible: boolean }) {
  const t = useTranslate();
  if (!possible) return <p>{t('account.mailFirst')}</p>;
  return (
    <form method="post">
      {lead && <p className="hint">{lead}</p>}
      <button type="submit" name="intent" value="fresh-link" className="secondary">
        {t('account.freshLink')}
      </button>
    </form>
  );
}

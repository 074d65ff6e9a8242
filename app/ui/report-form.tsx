import { getFormProps, type SubmissionResult, useForm } from '@conform-to/react';
import { REASONS } from '~/domain/conduct/schema';
import { ErrorSummary, Select, TextArea } from './fields';
import { keep } from './keep';
import { useTranslate } from './translate';

/** Reports a message: why, and what the conduct contacts should know. */
export function ReportForm({
  lastResult,
  keptAs,
}: {
  lastResult: SubmissionResult<string[]> | null | undefined;
  /** Under which name the browser keeps what is typed. */
  keptAs: string;
}) {
  const t = useTranslate();
  const [form, fields] = useForm<{ reason: string; note: string }>({
    id: 'report',
    lastResult,
  });
  return (
    <form method="post" {...getFormProps(form)} {...keep(keptAs, lastResult)} noValidate>
      <ErrorSummary form={form} labels={(name) => t(name === 'note' ? 'report.note' : 'report.reason')} />
      <Select
        field={fields.reason}
        label={t('report.reason')}
        options={[
          // Nobody is to be accused of what stands first in a list.
          { value: '', label: t('report.choose') },
          ...REASONS.map((reason) => ({ value: reason, label: t(`report.reason.${reason}`) })),
        ]}
      />
      <TextArea field={fields.note} label={t('report.note')} hint={t('report.noteHint')} rows={4} optional />
      <button type="submit" name="intent" value="report">
        {t('report.send')}
      </button>
    </form>
  );
}

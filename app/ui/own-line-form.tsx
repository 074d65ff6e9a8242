import { getFormProps, type SubmissionResult, useForm } from '@conform-to/react';
import { Checkbox, ErrorSummary, TextField } from './fields';
import { keep } from './keep';
import { useTranslate } from './translate';

export interface OwnLine {
  name: string;
  affiliation: string;
  orcid: string;
  contactable: boolean;
  /** The version that it was read from. */
  base: string;
}

/** One's own line of a byline: how one is named there, and whether readers may write. */
export function OwnLineForm({
  line,
  spelling,
  intent,
  button,
  lastResult,
  stale = false,
  keptAs,
}: {
  line: OwnLine;
  /** Whether how it is spelt can be changed; else it is shown and sent as it is. */
  spelling: boolean;
  intent: string;
  button: string;
  lastResult: SubmissionResult<string[]> | null | undefined;
  /** Whether how the line stands by now has just been shown; else what comes back is about how it stood then. */
  stale?: boolean;
  /** Under which name the browser keeps what is typed. */
  keptAs: string;
}) {
  const t = useTranslate();
  const [form, fields] = useForm<Record<'name' | 'affiliation' | 'orcid' | 'contactable' | 'base', string>>({
    id: 'own-line',
    lastResult,
    defaultValue: { ...line, contactable: line.contactable ? 'on' : undefined },
  });
  const labels: Record<string, string> = {
    name: t('submit.authorName'),
    affiliation: t('submit.affiliation'),
    orcid: t('submit.orcid'),
  };
  return (
    <form method="post" {...getFormProps(form)} {...keep(keptAs, lastResult)} noValidate>
      <ErrorSummary form={form} labels={(name) => labels[name] ?? t('form.form')} />
      <input type="hidden" name="base" value={stale ? line.base : (fields.base.initialValue ?? line.base)} />
      {spelling || lastResult ? (
        <>
          <TextField field={fields.name} label={labels.name!} />
          <TextField field={fields.affiliation} label={labels.affiliation!} optional />
          <TextField field={fields.orcid} label={labels.orcid!} optional spellCheck={false} />
        </>
      ) : (
        <>
          <p>
            <bdi>{line.name}</bdi>
            {line.affiliation && (
              <>
                {' '}
                (<bdi>{line.affiliation}</bdi>)
              </>
            )}
          </p>
          <p className="hint">{t('authorship.fixed')}</p>
          <input type="hidden" name="name" value={line.name} />
          <input type="hidden" name="affiliation" value={line.affiliation} />
          <input type="hidden" name="orcid" value={line.orcid} />
        </>
      )}
      <Checkbox field={fields.contactable} label={t('authorship.contactable')} />
      <p className="hint">{t('authorship.contactableHint')}</p>
      <button type="submit" name="intent" value={intent}>
        {button}
      </button>
    </form>
  );
}

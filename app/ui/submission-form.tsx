import { getFormProps, type SubmissionResult, useForm } from '@conform-to/react';
import { type FormEvent, useEffect, useMemo, useState } from 'react';
import type { Reach } from '~/domain/submission/byline/reach';
import type { Language, LanguageChoices } from '~/domain/submission/languages.server';
import { submissionSchema } from '~/domain/submission/schema';
import { AbstractField } from './abstract-field';
import { answeredChange, useBylineComfort } from './byline-comfort';
import { BylineFields } from './byline-fields';
import { Checkbox, Consent, ErrorSummary, type Option, Select, TextField } from './fields';
import { keep } from './keep';
import { useKeptRows } from './kept-rows';
import { parseForm } from './parse-form';
import type { SubmissionFields } from './submission-fields';
import { useTranslate } from './translate';

export interface SubmissionFormProps {
  formats: { id: string; name: string; wordLimit: number }[];
  themes: { id: string; name: string }[];
  languages: LanguageChoices;
  values: SubmissionFields;
  lastResult: SubmissionResult<string[]> | null | undefined;
  /** The version that the text was read from; empty for a new submission. */
  baseVersion: string;
  /** How each author of the saved byline, by id, can be reached. */
  reach: Record<string, Reach>;
  /** Whether the byline is not for this person, or no longer, to change: then it is not in the form. */
  bylineFixed?: boolean;
  /** Whether it is this person's to hand in. */
  mayHandIn?: boolean;
  /** Whether it has been handed in: then a press saves, and there is no draft any more. */
  handedIn: boolean;
  /** Under which name the browser keeps what is typed. */
  keptAs: string;
  /** Of a new submission: how the names of all others begin. */
  family?: string;
}

/** The author's form. Whole without scripts; with them it counts words and checks while one types. */
export function SubmissionForm({
  formats,
  themes,
  languages,
  values,
  lastResult,
  baseVersion,
  reach,
  bylineFixed = false,
  mayHandIn = true,
  handedIn,
  keptAs,
  family,
}: SubmissionFormProps) {
  const t = useTranslate();
  const schema = useMemo(() => submissionSchema({ formats, themes, bylineFixed }), [formats, themes, bylineFixed]);
  const [form, fields] = useForm<SubmissionFields>({
    id: 'submission',
    lastResult: lastResult as SubmissionResult<string[]> | undefined,
    defaultValue: values,
    shouldValidate: 'onSubmit',
    // Not on blur: an error that comes or goes then moves the button from under the pointer that presses it.
    shouldRevalidate: 'onInput',
    onValidate: ({ formData }) => parseForm(formData, schema, t) as never,
  });
  useKeptRows(form.id, form.update as (to: { value: SubmissionFields }) => void);
  const [formatId, setFormat] = useState(text(fields.formatId.initialValue));
  useEffect(() => {
    // The browser may have put back what was chosen before this script ran.
    const control = document.getElementById(fields.formatId.id);
    if (control instanceof HTMLSelectElement) setFormat(control.value);
  }, [fields.formatId.id]);
  const limit = formats.find((format) => format.id === formatId)?.wordLimit ?? null;
  const answered = answeredChange(lastResult, fields.authors, t);
  const [status, say] = useState(answered?.said ?? '');
  useBylineComfort(fields.authors, t, say);
  const labels: Record<string, string> = {
    title: t('submit.titleField'),
    abstract: t('paper.abstract'),
    formatId: t('paper.format'),
    themeId: t('paper.theme'),
    keywords: t('paper.keywords'),
    language: t('submit.language'),
    consent: t('submit.consent'),
    authors: t('submit.byline'),
  };
  function label(name: string): string {
    const [, index, field = ''] = /^authors\[(\d+)\]\.(\w+)$/.exec(name) ?? [];
    if (index === undefined) return labels[name] ?? t('form.form');
    const fieldLabels: Record<string, string> = {
      name: t('submit.authorName'),
      affiliation: t('submit.affiliation'),
      orcid: t('submit.orcid'),
      address: t('submit.address'),
    };
    return `${t('submit.author', { number: Number(index) + 1 })}, ${fieldLabels[field] ?? field}`;
  }
  /** Nothing is chosen in silence, but where there is one choice only. */
  function choices(options: Option[], chosen: string): Option[] {
    const single = options.length === 1 && chosen === options[0]!.value;
    return single ? options : [{ value: '', label: t('form.choose') }, ...options];
  }
  function languageOptions() {
    const sent = text(fields.language.initialValue);
    const option = ({ tag, name }: Language) => ({ value: tag, label: name });
    const known = [...languages.likely, ...languages.others].some(({ tag }) => tag === sent);
    return [
      { value: '', label: t('submit.languageNone') },
      // Not of the list, and perhaps no language: it stands as it was sent.
      ...(sent && !known ? [{ value: sent, label: sent }] : []),
      ...(languages.likely.length > 0 ? [{ group: t('form.likely'), options: languages.likely.map(option) }] : []),
      { group: t('submit.languages'), options: languages.others.map(option) },
    ];
  }
  const { onSubmit, ...formProps } = getFormProps(form);
  return (
    <form
      method="post"
      className="narrow"
      {...formProps}
      {...keep(keptAs, lastResult?.initialValue)}
      data-keep-rows=""
      data-keep-family={family}
      onSubmit={(event) => checkThenFocus(event, onSubmit)}
      noValidate
    >
      <ErrorSummary form={form} labels={label} />
      {/* The one voice of the form. */}
      <p role="status" className="hidden">
        {status}
      </p>
      {/* Enter in a field saves; it neither hands in nor removes an author. */}
      <button
        type="submit"
        name="intent"
        value={handedIn ? 'save' : 'draft'}
        className="hidden"
        tabIndex={-1}
        aria-hidden="true"
      >
        {t('form.save')}
      </button>
      <input type="hidden" name="baseVersion" value={baseVersion} />
      <input type="hidden" name="key" value={text(fields.key.initialValue)} />
      <TextField field={fields.title} label={t('submit.titleField')} maxLength={400} />
      <div className="columns">
        <Select
          field={fields.formatId}
          label={t('paper.format')}
          options={choices(
            formats.map(({ id, name, wordLimit }) => ({
              value: id,
              label: `${name} (${t('conference.words', { limit: wordLimit })})`,
            })),
            text(fields.formatId.initialValue),
          )}
          onChange={setFormat}
        />
        <Select
          field={fields.themeId}
          label={t('paper.theme')}
          options={choices(
            themes.map(({ id, name }) => ({ value: id, label: name })),
            text(fields.themeId.initialValue),
          )}
        />
      </div>
      <AbstractField field={fields.abstract} unjoined={fields.unjoined.initialValue} limit={limit} say={say} />
      <Checkbox field={fields.markdown} label={t('submit.markdown')} />
      <TextField field={fields.keywords} label={t('paper.keywords')} hint={t('submit.keywordsHint')} optional />
      <Select
        field={fields.language}
        label={t('submit.language')}
        hint={t('submit.languageHint')}
        optional
        options={languageOptions()}
      />
      <Consent field={fields.consent} label={t('submit.consent')} />
      {!bylineFixed && <BylineFields form={form} authors={fields.authors} reach={reach} focus={answered?.focus} />}
      <div className="actions">
        {handedIn ? (
          <button type="submit" name="intent" value="save">
            {t('form.save')}
          </button>
        ) : (
          <>
            {mayHandIn && (
              <button type="submit" name="intent" value="submit">
                {t('submit.submit')}
              </button>
            )}
            <button type="submit" name="intent" value="draft" className="secondary">
              {t('submit.draft')}
            </button>
          </>
        )}
      </div>
      {!handedIn && <p className="hint">{t('submit.draftNeeds')}</p>}
    </form>
  );
}

/** What was checked here takes the reader to the summary, as the page does that the server answers with. */
function checkThenFocus(event: FormEvent<HTMLFormElement>, check: (event: FormEvent<HTMLFormElement>) => void): void {
  check(event);
  const { submitter } = event.nativeEvent as SubmitEvent;
  // Adding or moving an author is a press of a button as well, but not one that sends the form.
  if (submitter?.getAttribute('name') !== 'intent') return;
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.summary')?.focus());
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

import { getFormProps, type SubmissionResult, useForm } from '@conform-to/react';
import { choiceText } from '~/domain/conference/schema';
import { ChoiceQuestion, type ChoiceQuestionProps } from './choice-question';
import { ErrorSummary, TextField } from './fields';
import { keep } from './keep';
import { useTranslate } from './translate';

interface Props {
  /** Of the conference. */
  slug: string;
  table: 'formats' | 'themes';
  /** Empty for the form that adds one. */
  id: string;
  /** The one that stands beside it, for when it is removed. */
  next?: string;
  name: string;
  wordLimit?: number;
  lastResult: SubmissionResult<string[]> | undefined;
  /** What is to be answered before it is done. */
  question?: ChoiceQuestionProps;
}

/** The id of the form: empty for the one that adds. */
export function choiceFormId(table: 'formats' | 'themes', id: string): string {
  return `${table}-${id || 'new'}`;
}

/** One format or theme: change it, remove it, or add one. */
export function ChoiceForm({ slug, table, id, next, name, wordLimit, lastResult, question }: Props) {
  const t = useTranslate();
  const [form, fields] = useForm<{ name: string; wordLimit: string }>({
    id: choiceFormId(table, id),
    lastResult,
    defaultValue: { name, wordLimit: wordLimit === undefined ? '' : String(wordLimit) },
  });
  const now = choiceText({ name, wordLimit });
  return (
    <form
      method="post"
      className="choice"
      aria-label={name || t(`organise.add.${table}`)}
      {...getFormProps(form)}
      tabIndex={-1}
      {...keep(`${slug}/${form.id}`, lastResult)}
      noValidate
    >
      <ErrorSummary
        form={form}
        labels={(field) => t(field === 'wordLimit' ? 'organise.wordLimit' : 'organise.choiceName')}
      />
      <input type="hidden" name="table" value={table} />
      <input type="hidden" name="id" value={id} />
      {next && <input type="hidden" name="next" value={next} />}
      {id && <input type="hidden" name="was" value={String(lastResult?.initialValue?.was || now)} />}
      {lastResult?.initialValue?.was === '' && (
        <p className="theirs">
          {t('submit.theirs')}: <bdi>{name}</bdi>
          {wordLimit !== undefined && `, ${t('conference.words', { limit: wordLimit })}`}
        </p>
      )}
      <TextField field={fields.name} label={t(id ? 'organise.choiceName' : `organise.add.${table}`)} />
      {wordLimit !== undefined && (
        <TextField
          field={fields.wordLimit}
          label={t('organise.wordLimit')}
          type="number"
          inputMode="numeric"
          min={10}
          max={20000}
        />
      )}
      <div className="row">
        <button type="submit" name="intent" value="save" className={id ? 'secondary' : undefined}>
          {t(id ? 'form.save' : 'organise.addButton')}
        </button>
        {id && (
          <button type="submit" name="intent" value="remove" className="plain">
            {t('organise.remove')}
          </button>
        )}
      </div>
      {question && <ChoiceQuestion {...question} />}
    </form>
  );
}

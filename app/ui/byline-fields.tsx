import type { FieldMetadata, FormMetadata } from '@conform-to/react';
import { MOST_AUTHORS } from '~/domain/submission/schema';
import { Checkbox, FieldErrors, TextField } from './fields';
import type { AuthorFields, SubmissionFields } from './submission-fields';
import { useTranslate } from './translate';

interface Props {
  form: FormMetadata<SubmissionFields, string[]>;
  authors: FieldMetadata<AuthorFields[] | undefined, SubmissionFields, string[]>;
  withAddress: string[];
}

/** The authors in their order. Adding, moving and removing are submit buttons, so they work without scripts. */
export function BylineFields({ form, authors, withAddress }: Props) {
  const t = useTranslate();
  const list = authors.getFieldList();
  return (
    <fieldset className={authors.errors ? 'byline wrong' : 'byline'} id={authors.id}>
      <legend>{t('submit.byline')}</legend>
      <p className="hint">{t('submit.bylineHint')}</p>
      <FieldErrors field={authors} />
      {list.map((author, index) => {
        const fields = author.getFieldset();
        const known = withAddress.includes(String(fields.id.initialValue ?? ''));
        const move = (to: number) => form.reorder.getButtonProps({ name: authors.name, from: index, to });
        return (
          <fieldset key={author.key ?? author.name} className="author" id={author.id}>
            <legend>{t('submit.author', { number: index + 1 })}</legend>
            <input type="hidden" name={fields.id.name} defaultValue={String(fields.id.initialValue ?? '')} />
            <div className="columns">
              <TextField field={fields.name} label={t('submit.authorName')} />
              <TextField field={fields.affiliation} label={t('submit.affiliation')} optional />
              <TextField field={fields.orcid} label={t('submit.orcid')} optional spellCheck={false} />
              <TextField
                field={fields.address}
                label={t('submit.address')}
                hint={t(known ? 'submit.addressKnown' : 'submit.addressHint')}
                optional
                type="email"
                inputMode="email"
                autoComplete="off"
              />
            </div>
            <Checkbox field={fields.presenter} label={t('submit.presenter')} />
            <Checkbox field={fields.contactable} label={t('submit.contactable')} />
            {known && <Checkbox field={fields.forgetAddress} label={t('submit.forgetAddress')} />}
            <div className="row small">
              {index > 0 && (
                <button {...move(index - 1)} className="secondary">
                  {t('submit.up')}
                </button>
              )}
              {index < list.length - 1 && (
                <button {...move(index + 1)} className="secondary">
                  {t('submit.down')}
                </button>
              )}
              <button {...form.remove.getButtonProps({ name: authors.name, index })} className="secondary">
                {t('submit.remove')}
              </button>
            </div>
          </fieldset>
        );
      })}
      {list.length < MOST_AUTHORS && (
        <button
          {...form.insert.getButtonProps({ name: authors.name, defaultValue: { contactable: 'on' } })}
          className="secondary"
        >
          {t('submit.addAuthor')}
        </button>
      )}
    </fieldset>
  );
}

import type { FieldMetadata, FormMetadata } from '@conform-to/react';
import type { Reach } from '~/domain/submission/byline/reach';
import { MOST_AUTHORS } from '~/domain/submission/schema';
import { bylineIds } from './byline-comfort';
import { Checkbox, FieldErrors, TextField } from './fields';
import { ReachTag } from './reach-tag';
import type { AuthorFields, SubmissionFields } from './submission-fields';
import { useTranslate } from './translate';

interface Props {
  form: FormMetadata<SubmissionFields, string[]>;
  authors: FieldMetadata<AuthorFields[] | undefined, SubmissionFields, string[]>;
  /** How each author of the saved byline, by id, can be reached. */
  reach: Record<string, Reach>;
  /** Whether whoever fills it in can be an author: an organiser corrects it for others. */
  withMe?: boolean;
  /** The control that takes the focus as the page opens. */
  focus?: string;
}

/** The authors in their order. Adding, moving and removing are submit buttons, so they work without scripts. */
export function BylineFields({ form, authors, reach, withMe = true, focus }: Props) {
  const t = useTranslate();
  const list = authors.getFieldList();
  const ids = bylineIds(authors);
  const at = (id: string) => ({ id, autoFocus: id === focus || undefined });
  return (
    <fieldset className={authors.errors ? 'byline wrong' : 'byline'} id={authors.id}>
      <legend>{t('submit.byline')}</legend>
      <p className="hint">{t('submit.bylineHint')}</p>
      <FieldErrors field={authors} />
      {list.map((author, index) => {
        const fields = author.getFieldset();
        const known = reach[String(fields.id.initialValue ?? '')];
        const withAddress = known !== undefined && known !== 'no-address';
        const move = (to: number) => form.reorder.getButtonProps({ name: authors.name, from: index, to });
        return (
          <fieldset
            key={author.key ?? author.name}
            className="author"
            tabIndex={-1}
            data-known={withAddress || undefined}
            {...at(author.id)}
          >
            <legend>
              {t('submit.author', { number: index + 1 })} {known && <ReachTag reach={known} />}
            </legend>
            <input type="hidden" name={fields.id.name} defaultValue={String(fields.id.initialValue ?? '')} />
            {!withMe && fields.me.initialValue === 'on' && <input type="hidden" name={fields.me.name} value="on" />}
            {withMe && (
              <div className="me">
                <Checkbox field={fields.me} label={t('submit.me')} />
                <FieldErrors field={fields.me} />
                <p className="hint">{t('submit.meHint')}</p>
              </div>
            )}
            <div className="columns">
              <TextField field={fields.name} label={t('submit.authorName')} {...at(fields.name.id)} />
              <TextField field={fields.affiliation} label={t('submit.affiliation')} optional />
              <TextField field={fields.orcid} label={t('submit.orcid')} optional spellCheck={false} />
              <div className="address">
                <TextField
                  field={fields.address}
                  label={t('submit.address')}
                  hint={t(withAddress ? 'submit.addressKnown' : 'submit.addressHint')}
                  optional
                  type="email"
                  inputMode="email"
                  autoComplete="off"
                  placeholder=" "
                />
                {withAddress && <Checkbox field={fields.forgetAddress} label={t('submit.forgetAddress')} />}
              </div>
            </div>
            <Checkbox field={fields.presenter} label={t('submit.presenter')} />
            <div className="reach">
              <Checkbox field={fields.contactable} label={t('submit.contactable')} />
            </div>
            <div className="others">
              <Checkbox field={fields.mayEdit} label={t('submit.mayEdit')} />
            </div>
            <div className="row small">
              {index > 0 && (
                <button {...move(index - 1)} {...at(ids.up(index))} className="secondary">
                  {t('submit.up')}
                </button>
              )}
              {index < list.length - 1 && (
                <button {...move(index + 1)} {...at(ids.down(index))} className="secondary">
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
          {...at(ids.add)}
          className="secondary"
        >
          {t('submit.addAuthor')}
        </button>
      )}
    </fieldset>
  );
}

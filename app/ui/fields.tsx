import type { FieldMetadata } from '@conform-to/react';
import type { ReactNode } from 'react';
import { Timed } from './timed';
import { useTranslate } from './translate';

export type AnyField = Pick<FieldMetadata<unknown>, 'id' | 'name' | 'errors' | 'initialValue'>;

interface Common {
  field: AnyField;
  label: string;
  hint?: ReactNode;
  /** What is not, is required, and says so. */
  optional?: boolean;
}

/** What describes a control: its hint and its errors. */
function describedBy({ field, hint }: Pick<Common, 'field' | 'hint'>): string | undefined {
  return [hint && `${field.id}-hint`, field.errors && `${field.id}-errors`].filter(Boolean).join(' ') || undefined;
}

function Wrapped({ field, label, hint, optional, children }: Common & { children: ReactNode }) {
  const t = useTranslate();
  return (
    <div className={field.errors ? 'field wrong' : 'field'}>
      <label htmlFor={field.id}>
        {label}
        {optional && <span className="optional"> {t('form.optional')}</span>}
      </label>
      {!optional && <RequiredMark silent />}
      {hint && (
        <p className="hint" id={`${field.id}-hint`}>
          {hint}
        </p>
      )}
      {children}
      <FieldErrors field={field} />
    </div>
  );
}

/** Silent beside a control that says it by `aria-required`; a group of controls cannot. */
export function RequiredMark({ silent = false }: { silent?: boolean }) {
  const t = useTranslate();
  return (
    <span className="optional" aria-hidden={silent || undefined}>
      {' '}
      {t('form.required')}
    </span>
  );
}

export function FieldErrors({ field }: { field: AnyField }) {
  if (!field.errors) return null;
  return (
    <p className="error" id={`${field.id}-errors`}>
      <Timed>{field.errors.join(' ')}</Timed>
    </p>
  );
}

type InputProps = Common & {
  type?: string;
  autoComplete?: string;
  inputMode?: 'email' | 'numeric' | 'text';
  min?: number;
  max?: number;
  maxLength?: number;
  spellCheck?: boolean;
  placeholder?: string;
  autoFocus?: boolean;
  id?: string;
};

export function TextField({ field, label, hint, optional, type = 'text', ...rest }: InputProps) {
  return (
    <Wrapped field={field} label={label} hint={hint} optional={optional}>
      <input
        id={field.id}
        name={field.name}
        type={type}
        dir="auto"
        defaultValue={type === 'password' ? undefined : text(field)}
        // Not `required`: browsers call such a field invalid before anybody has typed in it.
        aria-required={optional ? undefined : true}
        aria-invalid={field.errors ? true : undefined}
        aria-describedby={describedBy({ field, hint })}
        {...rest}
      />
    </Wrapped>
  );
}

export function TextArea({
  field,
  label,
  hint,
  optional,
  rows = 8,
  onInput,
}: Common & { rows?: number; onInput?: (value: string) => void }) {
  return (
    <Wrapped field={field} label={label} hint={hint} optional={optional}>
      <textarea
        id={field.id}
        name={field.name}
        rows={rows}
        dir="auto"
        defaultValue={text(field)}
        aria-required={optional ? undefined : true}
        aria-invalid={field.errors ? true : undefined}
        aria-describedby={describedBy({ field, hint })}
        onInput={onInput && ((event) => onInput(event.currentTarget.value))}
      />
    </Wrapped>
  );
}

export interface Option {
  value: string;
  label: string;
  /** Another value that a script may know it by. */
  also?: string;
}

export interface OptionGroup {
  group: string;
  options: Option[];
}

export function Select({
  field,
  label,
  hint,
  optional,
  options,
  onChange,
}: Common & { options: (Option | OptionGroup)[]; onChange?: (value: string) => void }) {
  return (
    <Wrapped field={field} label={label} hint={hint} optional={optional}>
      <select
        id={field.id}
        name={field.name}
        defaultValue={text(field)}
        aria-required={optional ? undefined : true}
        aria-invalid={field.errors ? true : undefined}
        aria-describedby={describedBy({ field, hint })}
        onChange={onChange && ((event) => onChange(event.currentTarget.value))}
      >
        {options.map((one) =>
          'group' in one ? (
            <optgroup key={one.group} label={one.group}>
              {one.options.map(renderOption)}
            </optgroup>
          ) : (
            renderOption(one)
          ),
        )}
      </select>
    </Wrapped>
  );
}

function renderOption({ value, label, also }: Option) {
  return (
    <option key={value} value={value} data-also={also}>
      {label}
    </option>
  );
}

export function Checkbox({
  field,
  label,
  value = 'on',
  checked,
}: {
  field: AnyField;
  label: ReactNode;
  value?: string;
  checked?: boolean;
}) {
  const id = value === 'on' ? field.id : `${field.id}-${value}`;
  return (
    <div className="check">
      <input
        id={id}
        type="checkbox"
        name={field.name}
        value={value}
        defaultChecked={checked ?? field.initialValue === 'on'}
        aria-invalid={field.errors ? true : undefined}
        aria-describedby={field.errors ? `${field.id}-errors` : undefined}
      />
      <label htmlFor={id}>{label}</label>
    </div>
  );
}

/** Asked only where something needs the writer's word: a box that is always there is ticked without reading. */
export function Consent({ field, label, asked = false }: { field: AnyField; label: ReactNode; asked?: boolean }) {
  if (!asked && !field.errors && field.initialValue !== 'on') return null;
  return (
    <div className={field.errors ? 'field wrong' : 'field'}>
      <Checkbox field={field} label={label} />
      <FieldErrors field={field} />
    </div>
  );
}

/** All that is wrong with a form, in one place that takes the focus, each line leading to its field. */
export function ErrorSummary({
  form,
  labels,
}: {
  form: { id: string; allErrors: Record<string, string[]> };
  labels: (name: string) => string;
}) {
  const t = useTranslate();
  const errors = Object.entries(form.allErrors);
  if (errors.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noAutofocus: the summary is what a person who pressed the button needs to read next
    <div className="summary" role="alert" tabIndex={-1} autoFocus>
      <h2>{t('form.summary')}</h2>
      <ul>
        {errors.map(([name, sentences]) => (
          <li key={name}>
            {name === '' ? (
              <Timed>{sentences.join(' ')}</Timed>
            ) : (
              <a href={`#${form.id}-${name}`}>{`${labels(name)}: ${sentences.join(' ')}`}</a>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function text(field: AnyField): string | undefined {
  return typeof field.initialValue === 'string' ? field.initialValue : undefined;
}

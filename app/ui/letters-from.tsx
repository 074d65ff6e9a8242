import type { FieldMetadata } from '@conform-to/react';
import type { LettersFrom as Rule } from '#db/schema';
import { useTranslate } from './translate';

export const RULES = ['anyone', 'participants', 'asked', 'nobody'] as const satisfies Rule[];

/** From whom an author takes first messages. */
export function LettersFrom({ field }: { field: Pick<FieldMetadata<string>, 'id' | 'name' | 'initialValue'> }) {
  const t = useTranslate();
  return (
    <fieldset className="field" id={field.id}>
      <legend>{t('letters.from')}</legend>
      {RULES.map((rule) => (
        <div className="check" key={rule}>
          <input
            type="radio"
            id={`${field.id}-${rule}`}
            name={field.name}
            value={rule}
            defaultChecked={field.initialValue === rule}
          />
          <label htmlFor={`${field.id}-${rule}`}>{t(`letters.rule.${rule}`)}</label>
        </div>
      ))}
    </fieldset>
  );
}

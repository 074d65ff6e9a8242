import type { FieldMetadata } from '@conform-to/react';
import { useEffect, useState } from 'react';
import { countWords } from '~/domain/word-count';
import { TextArea } from './fields';
import { useTranslate } from './translate';

/** Long enough to type on without waiting for the count. */
const PAUSE = 250;

/** The abstract with its words counted. By itself, so that a key pressed in it draws nothing else anew. */
export function AbstractField({
  field,
  limit,
}: {
  field: FieldMetadata<string | undefined>;
  /** Of the format; null where none is chosen yet. */
  limit: number | null;
}) {
  const t = useTranslate();
  const [text, setText] = useState(field.initialValue ?? '');
  const [words, setWords] = useState(() => countWords(text));
  useEffect(() => {
    // The browser may have put back what was typed before this script ran.
    const control = document.getElementById(field.id);
    if (control instanceof HTMLTextAreaElement) setText(control.value);
  }, [field.id]);
  useEffect(() => {
    const timer = setTimeout(() => setWords(countWords(text)), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <>
      <TextArea
        field={field}
        label={t('paper.abstract')}
        hint={limit === null ? t('submit.abstractAnyFormat') : t('submit.abstractHint', { limit })}
        rows={14}
        onInput={setText}
      />
      {/* Browsers' dictionaries of scripts without blanks differ from the server's by a word here and there. */}
      <p
        className={limit !== null && words > limit ? 'count over' : 'count'}
        aria-live="polite"
        suppressHydrationWarning
      >
        {limit === null ? t('submit.wordsSoFar', { words }) : t('submit.words', { words, limit })}
      </p>
    </>
  );
}

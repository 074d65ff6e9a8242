import type { FieldMetadata } from '@conform-to/react';
import { useEffect, useState } from 'react';
import { countWords } from '~/domain/word-count';
import { TextArea } from './fields';
import { useTranslate } from './translate';

/** Long enough to type on without waiting for the count. */
const PAUSE = 250;

/** The abstract with its words counted. By itself, so that a key pressed in it draws nothing else anew. */
export function AbstractField({ field, limit }: { field: FieldMetadata<string | undefined>; limit: number }) {
  const t = useTranslate();
  const [text, setText] = useState(field.initialValue ?? '');
  const [words, setWords] = useState(() => countWords(text));
  useEffect(() => {
    const timer = setTimeout(() => setWords(countWords(text)), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <>
      <TextArea
        field={field}
        label={t('paper.abstract')}
        hint={t('submit.abstractHint', { limit })}
        rows={14}
        onInput={setText}
      />
      {/* Browsers' dictionaries of scripts without blanks differ from the server's by a word here and there. */}
      <p className={words > limit ? 'count over' : 'count'} aria-live="polite" suppressHydrationWarning>
        {t('submit.words', { words, limit })}
      </p>
    </>
  );
}

import type { FieldMetadata } from '@conform-to/react';
import { useEffect, useRef, useState } from 'react';
import { countWords } from '~/domain/word-count';
import { TextArea } from './fields';
import { JoinLines } from './join-lines';
import { useTranslate } from './translate';

/** Long enough to type on without waiting for the count. */
const PAUSE = 250;

/** The abstract with its words counted. By itself, so that a key pressed in it draws nothing else anew. */
export function AbstractField({
  field,
  unjoined,
  limit,
  say,
}: {
  field: FieldMetadata<string | undefined>;
  /** The text as it was before its lines were joined, to undo that. */
  unjoined: string | undefined;
  /** Of the format; null where none is chosen yet. */
  limit: number | null;
  /** Into the form's one status. */
  say: (said: string) => void;
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
  const over = limit !== null && words > limit;
  useLimitSaid(over, t('submit.overLimit', { limit: limit ?? 0 }), t('submit.withinLimit'), say);
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
      <p className={over ? 'count over' : 'count'} suppressHydrationWarning>
        {limit === null ? t('submit.wordsSoFar', { words }) : t('submit.words', { words, limit })}
      </p>
      <JoinLines field={field} text={text} unjoined={unjoined} say={say} />
    </>
  );
}

/** A count that is read out at every word tells nobody anything: that the limit is passed does. */
function useLimitSaid(over: boolean, passed: string, within: string, say: (said: string) => void): void {
  const before = useRef(over);
  useEffect(() => {
    if (before.current === over) return;
    before.current = over;
    say(over ? passed : within);
  }, [over, passed, within, say]);
}

import { parse, type SubmissionResult } from '@conform-to/dom';
import { useMemo, useState } from 'react';
import { joinedLines } from '~/domain/submission/line-breaks';
import { useTranslate } from './translate';

/**
 * Offers to join the lines of a text that was pasted with its line breaks, and to undo it. One button in one place, so
 * that it keeps the focus. With scripts it acts at once; without, the server gives the form back (withLinesJoined).
 */
export function JoinLines({
  field,
  text,
  unjoined,
  say,
}: {
  field: { id: string };
  text: string;
  /** What the server was asked to join or to undo: the text as it was before. */
  unjoined: unknown;
  say: (said: string) => void;
}) {
  const t = useTranslate();
  const [before, setBefore] = useState(typeof unjoined === 'string' ? unjoined : null);
  const joined = useMemo(() => joinedLines(text), [text]);
  // Whoever has typed on undoes that by typing.
  const undoes = Boolean(before) && joined === null && joinedLines(before!) === text;
  // The answer to a press without scripts is a page: it begins where the press was.
  const focus = unjoined === undefined ? {} : { autoFocus: true };
  function put(next: string, said: string): void {
    const area = document.getElementById(field.id) as HTMLTextAreaElement;
    area.value = next;
    area.dispatchEvent(new Event('input', { bubbles: true }));
    say(said);
  }
  function press(): void {
    if (undoes) {
      put(before!, t('submit.unjoined'));
    } else if (joined !== null) {
      setBefore(text);
      put(joined, t('submit.joined'));
    }
  }
  if (!undoes && joined === null)
    return (
      <>
        {before === text && <p className="hint">{t('submit.nothingJoined')}</p>}
        {/* What will be pasted can be known here by scripts alone. */}
        <noscript>
          <p className="hint join">
            {t('submit.maybeBroken')}{' '}
            <button type="submit" name="intent" value="join" className="plain" formNoValidate>
              {t('submit.join')}
            </button>
          </p>
        </noscript>
      </>
    );
  return (
    <p className="hint join">
      {undoes && <input type="hidden" name="unjoined" value={before!} />}
      {t(undoes ? 'submit.joined' : 'submit.brokenLines')}{' '}
      <button
        type="submit"
        name="intent"
        value={undoes ? 'unjoin' : 'join'}
        className="plain"
        formNoValidate
        {...focus}
        onClick={(event) => {
          event.preventDefault();
          press();
        }}
      >
        {t(undoes ? 'submit.unjoin' : 'submit.join')}
      </button>
    </p>
  );
}

/** The form as it was sent, with the lines of its abstract joined or as they were before; null: it asks for neither. */
export function withLinesJoined(form: FormData): SubmissionResult<string[]> | null {
  const intent = form.get('intent');
  if ((intent !== 'join' && intent !== 'unjoin') || form.has('__intent__')) return null;
  const given = new FormData();
  for (const [name, value] of form) if (name !== 'unjoined' && name !== 'abstract') given.append(name, value);
  const abstract = String(form.get('abstract') ?? '').replace(/\r\n?/g, '\n');
  const before = intent === 'unjoin' ? String(form.get('unjoined') ?? '').replace(/\r\n?/g, '\n') : abstract;
  const joined = joinedLines(before);
  // Whoever has typed on since would lose that by going back.
  const goesBack = intent === 'unjoin' && joined === abstract;
  given.set('abstract', goesBack ? before : intent === 'join' ? (joined ?? abstract) : abstract);
  given.set('unjoined', before);
  const { payload } = parse(given, { resolve: () => ({ value: null }) });
  return { initialValue: payload as SubmissionResult['initialValue'] };
}

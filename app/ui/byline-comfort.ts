import type { FieldMetadata, SubmissionResult } from '@conform-to/react';
import { useEffect, useRef } from 'react';
import type { Translate } from '#locales/translate';

/** What a button of the byline asks for. */
type Change =
  | { type: 'insert'; index?: number }
  | { type: 'remove'; index: number }
  | { type: 'reorder'; from: number; to: number };

/** What has happened to the byline, and the element that takes the focus after it. */
interface Outcome {
  focus: string;
  said: string;
}

type AuthorsField = Pick<FieldMetadata<unknown[] | undefined>, 'id' | 'name'> & {
  getFieldList(): { key: string | undefined }[];
};

/** The ids of the byline's controls: by place, as the form library names them. */
export function bylineIds(authors: { id: string }) {
  const author = (index: number) => `${authors.id}[${index}]`;
  return {
    author,
    name: (index: number) => `${author(index)}.name`,
    up: (index: number) => `${author(index)}-up`,
    down: (index: number) => `${author(index)}-down`,
    add: `${authors.id}-add`,
  };
}

/**
 * Adding an author leads to the new name; moving one keeps the focus on the same button of that author; removing one
 * leads to the next. Each is said once, through `say`, the form's one status.
 */
export function useBylineComfort(authors: AuthorsField, t: Translate, say: (said: string) => void): void {
  const pressed = useRef<Change | null>(null);
  const list = authors.getFieldList();
  const order = list.map(({ key }) => key).join();

  useEffect(() => {
    const byline = document.getElementById(authors.id);
    const note = (event: Event) => {
      pressed.current = changeOf((event.target as Element).closest('button'), authors.name);
    };
    byline?.addEventListener('click', note, true);
    return () => byline?.removeEventListener('click', note, true);
  }, [authors.id, authors.name]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each new order of the authors
  useEffect(() => {
    const change = pressed.current;
    if (!change) return;
    pressed.current = null;
    const { focus, said } = outcomeOf(change, list.length, authors, t);
    document.getElementById(focus)?.focus();
    say(said);
  }, [order]);
}

/** The same of the server's answer to a press without scripts: null where it answers something else. */
export function answeredChange(
  result: SubmissionResult<string[]> | null | undefined,
  authors: AuthorsField,
  t: Translate,
): Outcome | null {
  const intent = result?.intent;
  if (intent?.type !== 'insert' && intent?.type !== 'remove' && intent?.type !== 'reorder') return null;
  if (intent.payload.name !== authors.name) return null;
  const change = { type: intent.type, ...intent.payload } as Change;
  return outcomeOf(change, authors.getFieldList().length, authors, t);
}

function changeOf(button: HTMLButtonElement | null, list: string): Change | null {
  if (button?.name !== '__intent__') return null;
  const { type, payload } = JSON.parse(button.value) as { type: string; payload: Record<string, unknown> };
  return payload.name === list ? ({ type, ...payload } as Change) : null;
}

function outcomeOf(change: Change, count: number, authors: { id: string }, t: Translate): Outcome {
  const ids = bylineIds(authors);
  switch (change.type) {
    case 'insert': {
      const index = change.index ?? count - 1;
      return { focus: ids.name(index), said: t('submit.authorAdded', { number: index + 1 }) };
    }
    case 'remove':
      return {
        focus: change.index < count ? ids.author(change.index) : ids.add,
        said: t('submit.authorRemoved', { number: change.index + 1 }),
      };
    case 'reorder': {
      const { from, to } = change;
      // At the ends of the list one of the two buttons is not there.
      const up = to === count - 1 || (to < from && to > 0);
      return {
        focus: up ? ids.up(to) : ids.down(to),
        said: t('submit.authorMoved', { from: from + 1, to: to + 1 }),
      };
    }
  }
}

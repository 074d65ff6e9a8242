/** What the server tells the script about the page (app/ui/kept-forms.tsx). */
export interface PageFacts {
  /** A pseudonym of who is signed in; empty: nobody. */
  account: string;
  /** Whether React takes the page over. */
  hydrates: boolean;
  /** What the page before this wanted said: a form that had been sent by the browser itself has arrived. */
  notice: string;
  texts: Record<Text, string>;
}

export type Text =
  | 'restored'
  | 'discard'
  | 'discarded'
  | 'undo'
  | 'offline'
  | 'failed'
  | 'changed'
  | 'tooLarge'
  | 'unsent'
  | 'goOn'
  | 'orphan';

export function readPage(): PageFacts {
  const { account = '', hydrates, notice = '', texts = '{}' } = document.getElementById('kept-forms')?.dataset ?? {};
  return { account, hydrates: hydrates !== undefined, notice, texts: JSON.parse(texts) };
}

const LIMIT = 5_000;

/** Calls back once React has taken over what it takes over; where it does not come, after a while all the same. */
export function whenTakenOver(page: PageFacts, ready: () => void): void {
  if (!page.hydrates || document.documentElement.dataset.hydrated !== undefined) {
    ready();
    return;
  }
  const timer = setTimeout(once, LIMIT);
  document.addEventListener('hydrated', once);
  function once() {
    clearTimeout(timer);
    document.removeEventListener('hydrated', once);
    ready();
  }
}

/** The time of something kept: the hour, and the day unless it is today. */
export function timeOf(at: number): string {
  const today = new Date(at).toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(document.documentElement.lang || 'en', {
    timeStyle: 'short',
    hourCycle: 'h23',
    ...(!today && { dateStyle: 'medium' as const }),
  }).format(at);
}

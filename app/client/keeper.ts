import { BASES, type Fields, fieldsOf, fill, holdsWords, labelsOf, sayTheSame } from './fields';
import { Note } from './note';
import { type PageFacts, timeOf } from './page';
import type { Kept, KeptForms } from './storage';

const PAUSE = 200;
/** This page among those that may be open at once. */
const ME = Math.random().toString(36).slice(2);

/** Keeps what is typed into one form until the server has it, and gives it back to who returns. */
export class Keeper {
  readonly form: HTMLFormElement;
  readonly name: string;
  readonly #page: PageFacts;
  readonly #store: KeptForms;
  readonly #note = new Note('restored', (line) => this.form.before(line));
  /** As the server sent it. */
  readonly #initial: Fields;
  /** What a text that was given back had been read from: that is sent with it in place of today's. */
  #bases: Fields = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The server has what is typed, and the page is being left. */
  #settled = false;
  /** What has been sent and waits for signing in. */
  #waiting = '';
  /** Where this page keeps it: under the form's name, unless another tab keeps something else there. */
  #slot: string;

  constructor(form: HTMLFormElement, page: PageFacts, store: KeptForms) {
    this.form = form;
    this.name = form.dataset.keep!;
    this.#page = page;
    this.#store = store;
    this.#initial = fieldsOf(form);
    this.#slot = this.name;
  }

  /** `typedBefore`: what was typed into it before React took it over, which React may have undone. */
  start(typedBefore: Fields | undefined): void {
    this.form.addEventListener('formdata', ({ formData }) => {
      for (const [name, value] of this.#bases) if (formData.has(name)) formData.set(name, value);
    });
    const kept = this.#store.get(this.name) ?? this.#store.adopt(this.name);
    if (this.#isAnswer && !(kept && isAgain())) this.#keepAnswer();
    // Done after signing in, and this page says so.
    else if (kept?.waits && this.#page.notice) this.#store.remove(this.name);
    else if (typedBefore && !sayTheSame(typedBefore, this.#initial)) this.#put(typedBefore);
    else if (kept && sayTheSame(kept.fields, this.#initial)) this.#store.remove(this.name);
    else if (kept) this.#restore(kept);
    const note = () => this.#saveSoon();
    this.form.addEventListener('input', note);
    this.form.addEventListener('change', note);
    // Rows that were added, moved or removed.
    new MutationObserver(note).observe(this.form, { childList: true, subtree: true });
  }

  #keepAnswer(): void {
    if (!isAnothers()) this.save(true);
  }

  /** The page came with what somebody had typed and the server had refused: that is newer than anything kept. */
  get #isAnswer(): boolean {
    return this.form.dataset.typed !== undefined;
  }

  /** `takesOver`: what is kept under this name is what this page has been given. */
  save(takesOver = false): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#settled || !this.form.isConnected) return;
    const fields = fieldsOf(this.form);
    const kept = this.#store.get(this.#slot);
    const others = kept !== null && kept.by !== ME && !takesOver;
    if (sayTheSame(fields, this.#initial) && !(this.#isAnswer && holdsWords(this.form, fields))) {
      if (!others) this.#store.remove(this.#slot);
      return;
    }
    if (others && !sayTheSame(kept.fields, fields)) this.#slot = `${this.name}/${ME}`;
    this.#store.set(this.#slot, {
      at: Date.now(),
      by: ME,
      url: location.pathname + location.search,
      fields,
      labels: labelsOf(this.form),
      ...(this.#waiting === JSON.stringify(fields) && { waits: true }),
    });
  }

  /** What is still to be written down is, before the page goes. */
  flush(): void {
    if (this.#timer !== undefined) this.save();
  }

  /** The server has confirmed what was sent. What another tab has typed since stays. */
  settle(sent: Fields): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    const kept = this.#store.get(this.#slot);
    if (kept && (kept.by === ME || sayTheSame(kept.fields, sent))) this.#store.remove(this.#slot);
  }

  /** The server keeps what was sent, and does it or asks once more after signing in. */
  wait(sent: Fields): void {
    this.#waiting = JSON.stringify(sent);
    this.save();
  }

  /** Under which name it is kept. */
  get slot(): string {
    return this.#slot;
  }

  get settled(): boolean {
    return this.#settled;
  }

  #saveSoon(): void {
    this.#timer ??= setTimeout(() => this.save(), PAUSE);
  }

  #restore(kept: Kept): void {
    this.#put(kept.fields, () => {
      // From now on it is this page's.
      this.#store.set(this.#slot, { ...kept, by: ME });
      // A form that has no room for all of it any more: the rest is shown beside it, at the next visit too.
      if (!holdsAll(this.form, kept)) this.#store.set(`${this.name}/rest`, kept);
      this.#note.say(this.#text('restored', kept.at), { text: this.#text('discard'), act: () => this.#discard(kept) });
    });
  }

  #discard(kept: Kept): void {
    const typed = { ...kept, fields: fieldsOf(this.form), at: Date.now() };
    this.#put(this.#initial, () => {
      this.#store.remove(this.#slot);
      this.#note.say(this.#text('discarded'), { text: this.#text('undo'), act: () => this.#restore(typed) });
    });
  }

  #put(fields: Fields, done?: () => void): void {
    this.#bases = fields.filter(([name]) => BASES.has(name));
    const rows = this.form.dataset.keepRows !== undefined && this.#page.hydrates;
    if (rows) this.form.dispatchEvent(new CustomEvent('kept:rows', { detail: fields }));
    afterPaint(rows ? 3 : 0, () => {
      // React has put the values into its rows already, and what counts or checks them has not heard of it.
      fill(this.form, fields, { told: rows });
      done?.();
    });
  }

  #text(key: 'restored' | 'discard' | 'discarded' | 'undo', at = 0): string {
    return this.#page.texts[key].replace('{at}', timeOf(at));
  }
}

/** Reloaded, or come back to: what was typed here since is newer than what the page came with. */
function isAgain(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return navigation?.type === 'reload' || navigation?.type === 'back_forward';
}

/** The words of another account, which the page says they are: what this one makes of them is kept, and they are not. */
function isAnothers(): boolean {
  return document.querySelector('[data-other-account]') !== null;
}

function holdsAll(form: HTMLFormElement, kept: Kept): boolean {
  const now = fieldsOf(form);
  return kept.fields.every(
    ([name, value]) =>
      !(name in kept.labels) || value.trim() === '' || now.some(([same, held]) => same === name && held === value),
  );
}

/** React shows new rows within a frame or two. */
function afterPaint(frames: number, then: () => void): void {
  if (frames === 0) then();
  else requestAnimationFrame(() => afterPaint(frames - 1, then));
}

import { type Fields, fieldsOf } from './fields';
import { Keeper } from './keeper';
import { Note } from './note';
import { readPage, timeOf, whenTakenOver } from './page';
import { SENT, SETTLED, Sender } from './sending';
import { type Kept, KeptForms, remember, remembered } from './storage';

/**
 * Nothing that is typed is lost: forms that the page marks with `data-keep` are kept in this browser until the server
 * has confirmed them, and are sent so that a lost network leaves the page as it is. Without this script the portal
 * works all the same.
 */
const page = readPage();
const store = new KeptForms(page.account);
const keepers = new Map<HTMLFormElement, { keeper: Keeper; sender: Sender }>();
const typedBefore = new Map<HTMLFormElement, Fields>();

begin();

function begin(): void {
  if (cameBackToSettled()) {
    location.reload();
    return;
  }
  store.tidy(Date.now());
  forgetWhatArrived();
  document.addEventListener('input', noteEarly, true);
  addEventListener('submit', sendByScript);
  addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', flush);
  addEventListener('pageshow', ({ persisted }) => {
    // What is shown here has been saved, and may have been changed since.
    if (persisted && [...keepers.values()].some(({ keeper }) => keeper.settled)) location.reload();
  });
  whenTakenOver(page, () => {
    document.removeEventListener('input', noteEarly, true);
    watch();
    new MutationObserver(watch).observe(document.body, { childList: true, subtree: true });
    showUnsent();
    showOrphans();
  });
}

/** Forms may come later, as when a thread can be answered again. */
function watch(): void {
  for (const form of markedForms()) {
    if (keepers.has(form)) continue;
    const keeper = new Keeper(form, page, store);
    keepers.set(form, { keeper, sender: new Sender(keeper, page) });
    keeper.start(typedBefore.get(form));
  }
}

function markedForms(): HTMLFormElement[] {
  return [...document.querySelectorAll<HTMLFormElement>('form[data-keep]')];
}

function noteEarly({ target }: Event): void {
  const form = (target as HTMLInputElement).form;
  if (form?.dataset.keep) typedBefore.set(form, fieldsOf(form));
}

/** After the page's own check, which prevents the sending of what is not right yet. */
function sendByScript(event: SubmitEvent): void {
  const known = keepers.get(event.target as HTMLFormElement);
  if (event.defaultPrevented || !known || event.submitter?.getAttribute('name') === '__intent__') return;
  event.preventDefault();
  known.sender.send(event.submitter);
}

function flush(): void {
  for (const { keeper } of keepers.values()) keeper.flush();
}

/** Back to a form that has been saved: the browser shows it as it was then, the server knows what became of it. */
function cameBackToSettled(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const settled = markedForms()
    .map((form) => `${SETTLED}:${form.dataset.keep}`)
    .filter((name) => remembered(name));
  for (const name of settled) remember(name, null);
  return navigation?.type === 'back_forward' && settled.length > 0;
}

/** A form that the browser sent by itself has arrived where this page says what was done. */
function forgetWhatArrived(): void {
  const sent = JSON.parse(remembered(SENT) ?? 'null') as { name: string; slot: string; at: number } | null;
  remember(SENT, null);
  if (!sent || sent.at < Date.now() - 60_000) return;
  const cameBack = markedForms().some(({ dataset }) => dataset.keep === sent.name && dataset.typed !== undefined);
  // What came back is kept as this page has it.
  if (cameBack ? sent.slot !== sent.name : page.notice && !location.pathname.startsWith('/sign-in'))
    store.remove(sent.slot);
}

/** On the page of a new text: others of its kind that were begun and never sent. */
function showUnsent(): void {
  const form = document.querySelector<HTMLFormElement>('form[data-keep-family]');
  const family = form?.dataset.keepFamily;
  if (!form || !family) return;
  const unsent = store
    .all()
    .filter(
      ([name, kept]) => name.startsWith(family) && name !== form.dataset.keep && pathOf(kept) === location.pathname,
    );
  for (const [name, kept] of unsent.slice(0, 3)) {
    const note = new Note('restored', (line) => form.before(line));
    const text = page.texts.unsent.replace('{title}', titleOf(kept)).replace('{at}', timeOf(kept.at));
    offer(note, name, kept, text, [{ text: page.texts.goOn, act: kept.url }]);
  }
}

/** What was typed on this page into a form that is not there any more: to be read and copied. */
function showOrphans(): void {
  const main = document.querySelector('main');
  if (!main || document.querySelector('[data-typed]')) return;
  const here = new Set(markedForms().map((form) => form.dataset.keep));
  for (const [name, kept] of store.all()) {
    if (here.has(name) || kept.url !== location.pathname + location.search) continue;
    const words = wordsOf(kept);
    if (words.length === 0) continue;
    const box = document.createElement('section');
    box.className = 'panel kept';
    main.append(box);
    const note = new Note('restored', (line) => box.prepend(line));
    offer(note, name, kept, page.texts.orphan.replace('{at}', timeOf(kept.at)), []);
    for (const [label, text] of words) box.append(shown(label, text));
  }
}

function offer(
  note: Note,
  name: string,
  kept: Kept,
  text: string,
  actions: { text: string; act: (() => void) | string }[],
): void {
  const discard = () => {
    store.remove(name);
    const undo = () => {
      store.set(name, kept);
      offer(note, name, kept, text, actions);
    };
    note.say(page.texts.discarded, { text: page.texts.undo, act: undo });
  };
  note.say(text, ...actions, { text: page.texts.discard, act: discard });
}

function wordsOf(kept: Kept): [string, string][] {
  return kept.fields
    .filter(([name, value]) => name in kept.labels && value.trim() !== '')
    .map(([name, value]) => [kept.labels[name] || name, value]);
}

function titleOf(kept: Kept): string {
  return kept.fields.find(([name]) => name === 'title')?.[1].slice(0, 120) || '…';
}

function pathOf(kept: Kept): string {
  return new URL(kept.url, location.href).pathname;
}

function shown(name: string, text: string): HTMLElement {
  const label = document.createElement('label');
  label.className = 'field';
  const area = document.createElement('textarea');
  area.readOnly = true;
  area.dir = 'auto';
  area.rows = Math.min(12, text.split('\n').length + Math.ceil(text.length / 80));
  area.value = text;
  label.append(name, area);
  return label;
}

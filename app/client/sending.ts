import { type Fields, fieldsOf } from './fields';
import type { Keeper } from './keeper';
import { Note } from './note';
import type { PageFacts, Text } from './page';
import { remember } from './storage';

/** Milliseconds. */
const TIMEOUT = 60_000;
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;
/** Something that goes wrong in the portal again and again is shown as it is. */
const MAX_FAILURES = 5;

/** Names of what this tab remembers. */
export const SENT = 'kept-sent';
export const SETTLED = 'kept-settled';

/**
 * Sends a form by itself, so that a lost network leaves the page as it is. What the server confirms is forgotten here;
 * what it refuses is sent once more by the browser, which shows the answer as it does without scripts. That changes
 * nothing twice: forms carry a key or what their text was read from.
 */
export class Sender {
  readonly #keeper: Keeper;
  readonly #page: PageFacts;
  readonly #note = new Note('sending', (line) => this.#keeper.form.after(line));
  #under = false;
  #retry: { submitter: HTMLElement | null; timer: ReturnType<typeof setTimeout>; fields: string } | null = null;
  #failures = 0;

  constructor(keeper: Keeper, page: PageFacts) {
    this.#keeper = keeper;
    this.#page = page;
    addEventListener('online', () => this.#retry && this.send(this.#retry.submitter));
    keeper.form.addEventListener('input', () => this.#typedOn());
  }

  async send(submitter: HTMLElement | null): Promise<void> {
    if (this.#under) return;
    this.#under = true;
    this.#stopRetrying();
    const { form } = this.#keeper;
    this.#keeper.save();
    const sent = fieldsOf(form);
    form.setAttribute('aria-busy', 'true');
    // What is typed while it is under way would be in neither the text that is sent nor the page that answers.
    const focused = document.activeElement;
    form.inert = true;
    try {
      await this.#take(await this.#post(submitter), submitter, sent);
    } catch {
      this.#keepTrying('offline', submitter);
    } finally {
      form.removeAttribute('aria-busy');
      if (!this.#keeper.settled) {
        form.inert = false;
        if (focused instanceof HTMLElement && form.contains(focused)) focused.focus({ preventScroll: true });
      }
      this.#under = false;
    }
  }

  #post(submitter: HTMLElement | null): Promise<Response> {
    const { form } = this.#keeper;
    return fetch(submitter?.getAttribute('formaction') ?? form.action, {
      method: 'POST',
      headers: { 'x-colloquy-form': this.#page.account || '1' },
      body: new URLSearchParams([...dataOf(form, submitter)] as [string, string][]),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
    });
  }

  async #take(response: Response, submitter: HTMLElement | null, sent: Fields): Promise<void> {
    const to = response.headers.get('x-colloquy-location');
    if (response.status === 204 && to !== null) {
      if (response.headers.has('x-colloquy-confirmed')) {
        this.#keeper.settle(sent);
        remember(`${SETTLED}:${this.#keeper.name}`, '1');
      } else {
        this.#keeper.wait(sent);
      }
      this.#note.hush();
      return go(to);
    }
    if (response.status === 413) return this.#say('tooLarge');
    if (response.status >= 500 && this.#failures < MAX_FAILURES) return this.#keepTrying('failed', submitter);
    this.#sendByBrowser(submitter);
  }

  #sendByBrowser(submitter: HTMLElement | null): void {
    const { form, name, slot } = this.#keeper;
    this.#keeper.flush();
    remember(SENT, JSON.stringify({ name, slot, at: Date.now() }));
    const button = submitter?.getAttribute('name');
    const pressed = button ? document.createElement('input') : null;
    if (pressed) {
      pressed.type = 'hidden';
      pressed.name = button!;
      pressed.value = submitter?.getAttribute('value') ?? '';
      form.append(pressed);
    }
    HTMLFormElement.prototype.submit.call(form);
    pressed?.remove();
  }

  #keepTrying(why: 'offline' | 'failed', submitter: HTMLElement | null): void {
    const pause = Math.min(FIRST_PAUSE * 2 ** this.#failures++, LONGEST_PAUSE);
    const timer = setTimeout(() => this.send(submitter), pause);
    this.#retry = { submitter, timer, fields: JSON.stringify(fieldsOf(this.#keeper.form)) };
    this.#say(why);
  }

  /** What has changed since is not what was meant to be sent. */
  #typedOn(): void {
    if (!this.#retry || JSON.stringify(fieldsOf(this.#keeper.form)) === this.#retry.fields) return;
    this.#stopRetrying();
    this.#failures = 0;
    this.#say('changed');
  }

  #stopRetrying(): void {
    if (this.#retry) clearTimeout(this.#retry.timer);
    this.#retry = null;
  }

  #say(text: Text): void {
    this.#note.say(this.#page.texts[text]);
  }
}

/** With the button that was pressed; older browsers take none. */
function dataOf(form: HTMLFormElement, submitter: HTMLElement | null): FormData {
  const data = new FormData(form);
  const name = submitter?.getAttribute('name');
  if (name) data.append(name, submitter?.getAttribute('value') ?? '');
  return data;
}

/**
 * To a page that is asked for anew, also where only its fragment is another: as from elsewhere, since a reload would send
 * once more whatever form the page has answered.
 */
function go(to: string): void {
  const url = new URL(to, location.href);
  const here = new URL(location.href);
  if (url.hash && url.pathname + url.search === here.pathname + here.search) {
    history.replaceState(history.state, '', url.pathname === '/' ? '/?' : '/');
    location.replace(url);
  } else {
    location.assign(url);
  }
}

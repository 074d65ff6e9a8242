/** A line that is read out politely: what was restored, what was not saved. */
export class Note {
  readonly #line = document.createElement('p');
  readonly #place: (line: HTMLElement) => void;

  constructor(kind: 'restored' | 'sending', place: (line: HTMLElement) => void) {
    this.#line.className = `notice kept ${kind}`;
    this.#line.setAttribute('role', 'status');
    this.#place = place;
  }

  say(text: string, ...actions: { text: string; act: (() => void) | string }[]): void {
    const focused = this.#line.contains(document.activeElement);
    // A live region has to be there before its words are, or they are not read out.
    if (!this.#line.isConnected) {
      this.#line.textContent = '';
      this.#place(this.#line);
    }
    requestAnimationFrame(() => {
      this.#line.replaceChildren(text, ...actions.flatMap((action) => [' · ', controlFor(action)]));
      // Whoever pressed a button here is still here.
      if (focused) this.#line.querySelector<HTMLElement>('button, a')?.focus();
    });
  }

  hush(): void {
    this.#line.remove();
  }
}

function controlFor({ text, act }: { text: string; act: (() => void) | string }): HTMLElement {
  if (typeof act === 'string') {
    const link = document.createElement('a');
    link.href = act;
    link.textContent = text;
    return link;
  }
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'plain';
  button.textContent = text;
  button.addEventListener('click', act);
  return button;
}

/** The fields of a form as a browser would send them, without what must not be kept. */
export type Fields = [string, string][];

/** A proof of work is good once; the rest is which button was pressed. */
const NEVER_KEPT = new Set(['proof', 'intent', '__intent__']);
/** What a text was read from. It goes with the text, so that an old one meets the server's check for stale forms. */
export const BASES: ReadonlySet<string> = new Set(['key', 'revision', 'base', 'baseVersion', 'was']);

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export function fieldsOf(form: HTMLFormElement): Fields {
  const secret = new Set(
    controlsOf(form)
      .filter(({ type }) => type === 'password' || type === 'file')
      .map(({ name }) => name),
  );
  return [...new FormData(form)].filter(
    (field): field is [string, string] =>
      typeof field[1] === 'string' && !NEVER_KEPT.has(field[0]) && !secret.has(field[0]),
  );
}

/** Whether two forms say the same, whatever they were read from. */
export function sayTheSame(one: Fields, other: Fields): boolean {
  return told(one) === told(other);
}

/** What the server stores of no form, or gives by itself: the text before its lines were joined, consent, an author's id. */
const UNSTORED = /^(unjoined|consent|authors\[\d+\]\.id)$/;

function told(fields: Fields): string {
  return JSON.stringify(fields.filter(([name]) => !BASES.has(name) && !UNSTORED.test(name)));
}

/** Whether there is a word in it that somebody would miss. */
export function holdsWords(form: HTMLFormElement, fields: Fields): boolean {
  const texts = new Set(
    controlsOf(form)
      .filter(isText)
      .map(({ name }) => name),
  );
  return fields.some(([name, value]) => texts.has(name) && value.trim() !== '');
}

/**
 * Puts fields into a form that has a control for each, and tells whoever listens to those that change; `told`: to all.
 */
export function fill(form: HTMLFormElement, fields: Fields, { told = false } = {}): void {
  const left = new Map<string, string[]>();
  for (const [name, value] of fields) left.set(name, [...(left.get(name) ?? []), value]);
  for (const control of controlsOf(form)) {
    if (NEVER_KEPT.has(control.name) || BASES.has(control.name) || control.type === 'password') continue;
    const values = left.get(control.name);
    if (control.type === 'checkbox' || control.type === 'radio')
      check(control as HTMLInputElement, values?.includes(control.value) ?? false);
    else if (values && values.length > 0) write(control, values.shift()!, told);
  }
}

function check(box: HTMLInputElement, checked: boolean): void {
  if (box.checked === checked) return;
  box.checked = checked;
  tell(box);
}

function write(control: Control, value: string, told: boolean): void {
  // What a browser sends has CRLF where its field says LF.
  const text = value.replaceAll('\r\n', '\n');
  if (control.value === text && !told) return;
  control.value = text;
  tell(control);
}

function tell(control: Control): void {
  for (const type of ['input', 'change']) control.dispatchEvent(new Event(type, { bubbles: true }));
}

/** What the fields are called, for showing them where their form is gone. */
export function labelsOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries(
    controlsOf(form)
      .filter(isText)
      .map((control) => [control.name, control.labels?.[0]?.textContent?.trim() ?? '']),
  );
}

function isText(control: Control): boolean {
  return control instanceof HTMLTextAreaElement || /^(text|email|url|search|tel|number)$/.test(control.type);
}

function controlsOf(form: HTMLFormElement): Control[] {
  return [...form.elements].filter(
    (element): element is Control =>
      (element instanceof HTMLInputElement ||
        element instanceof HTMLTextAreaElement ||
        element instanceof HTMLSelectElement) &&
      element.name !== '',
  );
}

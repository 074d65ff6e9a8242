import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';

/** Challenges live for ten minutes (CHALLENGE_TTL): on a page that stays open the next is asked for before. */
const NEXT_CHALLENGE = 9 * 60_000;

/** A dialogue of the browser's is open: nothing may take its place. */
let asking = false;

if (browserSupportsWebAuthn())
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) offer(form);

/** Shows the form, whose button asks for a passkey; where the browser can, its field for the address does as well. */
function offer(form: HTMLFormElement): void {
  form.hidden = false;
  for (const line of document.querySelectorAll<HTMLElement>('[data-passkey-instead]')) line.hidden = true;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask(form);
  });
  if (form.dataset.autofill !== undefined) autofill(form);
}

async function ask(form: HTMLFormElement): Promise<void> {
  if (asking) return;
  asking = true;
  tell(form, '');
  const options = await challenge(form);
  try {
    if (!options) tell(form, form.dataset.unreachable!);
    else if (form.dataset.passkey === 'add')
      send(
        form,
        await startRegistration({ optionsJSON: options as Parameters<typeof startRegistration>[0]['optionsJSON'] }),
      );
    else send(form, await startAuthentication({ optionsJSON: options as AuthenticationOptions }));
  } catch {
    // Refused by the person or by their device: browsers do not say which, so that pages cannot find out.
    tell(form, form.dataset.cancelled!);
  }
  asking = false;
}

type AuthenticationOptions = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/** Offers passkeys among what the browser fills in (WebAuthn Level 3, 5.1.5, conditional mediation). */
async function autofill(form: HTMLFormElement): Promise<void> {
  if (!(await browserSupportsWebAuthnAutofill())) return;
  setTimeout(() => whenLookedAt(() => autofill(form)), NEXT_CHALLENGE);
  const options = !asking && (await challenge(form));
  if (!options || asking) return;
  try {
    send(form, await startAuthentication({ optionsJSON: options as AuthenticationOptions, useBrowserAutofill: true }));
  } catch {
    // The button was pressed instead, or the next challenge has come.
  }
}

function whenLookedAt(then: () => void): void {
  if (document.visibilityState === 'visible') then();
  else document.addEventListener('visibilitychange', () => whenLookedAt(then), { once: true });
}

/** What the portal wants signed. Null: it gives nothing now. */
async function challenge(form: HTMLFormElement): Promise<unknown> {
  try {
    const body = new URLSearchParams({ purpose: form.dataset.passkey! });
    const response = await fetch('/account/passkeys/challenge', { method: 'POST', body });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** As a form, whose answer is a page. */
function send(form: HTMLFormElement, signed: unknown): void {
  form.querySelector<HTMLInputElement>('input[name="response"]')!.value = JSON.stringify(signed);
  form.submit();
}

function tell(form: HTMLFormElement, sentence: string): void {
  form.querySelector('[data-passkey-told]')!.textContent = sentence;
}

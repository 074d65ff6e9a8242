import { randomBytes } from 'node:crypto';
import { expect, type Page } from 'playwright/test';
import { linkIn } from './mailbox';
import type { Portal } from './portal';
import { say } from './text';

/** An address that nobody has had before. */
export function newAddress(who: string): string {
  return `${who}.${randomBytes(4).toString('hex')}@example.org`;
}

/** How the subject of a mail with a link to sign in begins. */
const SIGN_IN = say('mail.signIn.subject', { portal: '' });

/** Goes through the mailed link, from wherever the page asks to sign in. New people say their name. */
export async function signInByLink(page: Page, portal: Portal, address: string, name?: string): Promise<void> {
  await page.getByLabel(say('signIn.address')).fill(address);
  await page.getByRole('button', { name: say('signIn.button') }).click();
  await expect(heading(page, 'signIn.sentTitle')).toBeVisible();
  await page.goto(linkIn(await portal.mailbox.next(address, SIGN_IN)));
  // Asked for at the first time alone.
  const asked = page.getByLabel(say('link.name'));
  if (name && (await asked.count()) > 0) await asked.fill(name);
  await page.getByRole('button', { name: say('link.button') }).click();
  await expect(page.getByRole('button', { name: say('layout.signOut') })).toBeVisible();
}

/**
 * Presses the button of a guest's message until it is confirmed: with a script by the link in their mail, without one
 * by signing in first, after which it is sent.
 */
export async function confirmAsGuest(
  page: Page,
  portal: Portal,
  guest: { address: string; name: string },
  scripts: boolean,
  press: (key: Parameters<typeof say>[0]) => Promise<void>,
): Promise<void> {
  if (scripts) {
    await takenOver(page);
    await press('message.continue');
    await expect(page.getByText(say('message.confirm'))).toBeVisible();
    return;
  }
  await press('message.continue');
  await expect(notice(page, 'notice.signInToSend')).toBeVisible();
  await signInByLink(page, portal, guest.address, guest.name);
}

/** As one of the demo's people. */
export async function signInByPassword(page: Page, portal: Portal, who: keyof Portal['people']): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel(say('signIn.address')).fill(portal.people[who]);
  await page.getByLabel(say('signIn.password')).fill(portal.password);
  await page.getByRole('button', { name: say('signIn.button') }).click();
  await expect(page.getByRole('button', { name: say('layout.signOut') })).toBeVisible();
}

/** Waits until the scripts of a form's page have taken over: until then a press goes to the server. */
export async function takenOver(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const form = document.querySelector('main form[method="post"]');
    return form !== null && Object.keys(form).some((key) => key.startsWith('__reactProps$'));
  });
}

export interface Paper {
  title: string;
  abstract: string;
}

/** A paper that no other test has. */
export function newPaper(about: string): Paper {
  const mark = randomBytes(4).toString('hex');
  return { title: `${about} ${mark}`, abstract: `What is known about it, and what is not. Mark ${mark}.` };
}

/** Signs a new person in and hands a paper of theirs in. Returns its reference. */
export async function submitAs(
  page: Page,
  portal: Portal,
  who: { address: string; name: string },
  paper: Paper,
): Promise<string> {
  await page.goto(`${portal.conference}/submit`);
  await signInByLink(page, portal, who.address, who.name);
  await page.getByLabel(say('submit.titleField'), { exact: true }).fill(paper.title);
  await chooseFirst(page);
  await page.getByLabel(say('paper.abstract'), { exact: true }).fill(paper.abstract);
  await page.getByRole('button', { name: say('submit.submit'), exact: true }).click();
  await expect(notice(page, 'notice.submitted')).toBeVisible();
  await portal.mailbox.next(who.address);
  return refOf(page);
}

/** Chooses the first format and theme of the submission form: none is chosen beforehand. */
export async function chooseFirst(page: Page): Promise<void> {
  for (const key of ['paper.format', 'paper.theme'] as const)
    await page.getByLabel(say(key), { exact: true }).selectOption({ index: 1 });
}

/** The reference of the submission or paper whose page this is. */
export function refOf(page: Page): string {
  const ref = new URL(page.url()).pathname.split('/')[3];
  if (!ref) throw new Error(`${page.url()} is no page of a paper`);
  return ref;
}

export function heading(page: Page, key: Parameters<typeof say>[0]) {
  return page.getByRole('heading', { level: 1, name: say(key) });
}

export function notice(page: Page, key: Parameters<typeof say>[0]) {
  return page.getByRole('status').filter({ hasText: say(key) });
}

/** The box that says all that is wrong with a form. */
export function summary(page: Page) {
  return page.getByRole('alert').filter({ hasText: say('form.summary') });
}

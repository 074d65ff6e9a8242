import type { Page } from 'playwright/test';
import { signInByPassword } from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

/** Where the focused element stands on the screen. */
const focused = (page: Page) =>
  page.evaluate(() => ({ id: document.activeElement?.id, top: document.activeElement?.getBoundingClientRect().top }));

test('a star far down a list leaves one where one was, with the focus on it', async ({ page, portal }) => {
  await signInByPassword(page, portal, 'reviewer');
  await page.goto(`${portal.conference}/programme`);
  const star = page.locator('.papers > li:nth-child(20) .star button');
  const id = (await star.getAttribute('id'))!;
  await star.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator(`[id="${id}"]`)).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator(`[id="${id}"]`)).toBeFocused();
  const { top } = await focused(page);
  expect(top).toBeGreaterThan(0);
  expect(top).toBeLessThan(page.viewportSize()!.height - 40);

  await page.goto(`${portal.conference}/schedule`);
  await page.locator('.star button').first().focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.star button:focus, main:focus')).toHaveCount(1);
});

test('muting leaves the rules open, the focus on the button and the notice in sight', async ({ page, portal }) => {
  await signInByPassword(page, portal, 'author');
  await page.goto(`${portal.conference}/messages`);
  await page.locator('.lines a').first().click();
  await page.getByText(say('thread.rules')).click();
  await page.getByRole('button', { name: say('thread.mute'), exact: true }).click();
  const unmute = page.getByRole('button', { name: say('thread.unmute') });
  await expect(unmute).toBeFocused();
  await expect(unmute).toBeInViewport();
  await expect(page.getByRole('status').filter({ hasText: say('notice.muted') })).toBeInViewport();
  await unmute.click();
  await expect(page.getByRole('button', { name: say('thread.mute'), exact: true })).toBeFocused();
});

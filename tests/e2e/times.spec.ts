import type { Page } from 'playwright/test';
import { readersTime } from '~/client/readers-time';
import { signInByPassword } from './people';
import { expect, test } from './portal';
import { say } from './text';

test.use({ timezoneId: 'Pacific/Auckland' });

/** All times of the page, each with what the reader's own clock shows beside it. */
async function expectOwnTimes(page: Page): Promise<void> {
  const times = page.locator('main time');
  await expect(times.first()).toContainText(say('layout.yourTime', { time: '' }).trim());
  for (const time of await times.all()) {
    const own = readersTime(
      (await time.getAttribute('datetime'))!,
      (await time.getAttribute('data-zone'))!,
      'Pacific/Auckland',
    );
    expect(own).not.toBeNull();
    await expect(time).toContainText(` · ${say('layout.yourTime', { time: own! })}`);
  }
  // What stands around a time on its way to the page is not shown.
  expect(
    await page
      .locator('html')
      .textContent()
      .then((text) => text?.replace(/window\.__remix.*/s, '')),
  ).not.toMatch(/\u2063/);
}

test('beside the conference’s time stands the reader’s, with and without React', async ({ page, portal }) => {
  await page.goto(portal.conference);
  await expectOwnTimes(page);
  await signInByPassword(page, portal, 'author');
  for (const path of ['/submit', '/submissions', '/messages']) {
    await page.goto(portal.conference + path);
    await expectOwnTimes(page);
  }
  await page.locator('.lines a').first().click();
  await expectOwnTimes(page);
});

test.describe('in the conference’s zone', () => {
  test.use({ timezoneId: 'Asia/Almaty' });

  test('each time stands once', async ({ page, portal }) => {
    await page.goto(portal.conference);
    await expect(page.locator('main time')).not.toContainText(say('layout.yourTime', { time: '' }).trim());
  });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('a time is a time all the same', async ({ page, portal }) => {
    await page.goto(portal.conference);
    await expect(page.locator('main time')).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });
});

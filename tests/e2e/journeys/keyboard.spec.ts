import type { Locator, Page } from 'playwright/test';
import { linkIn } from '../mailbox';
import { confirmAsGuest, newAddress, newPaper, notice, summary, takenOver } from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

test('by keyboard alone: from the conference to a message, and back out of every error', async ({
  page,
  portal,
  watch,
  javaScriptEnabled,
}) => {
  const address = newAddress('keyboard');
  const subject = newPaper('Keys').title;

  await test.step('the first stop skips to the content', async () => {
    await page.goto(`${portal.conference}/papers/T0121`);
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: say('layout.skip') })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
    await tabTo(page, page.getByRole('link', { name: say('paper.send', { count: 4 }) }));
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/message$/);
  });

  await test.step('what is wrong takes the focus, and leads to its field', async () => {
    await tabTo(page, page.getByRole('button', { name: say('message.continue') }));
    watch.expects(422, /\/message$/);
    await page.keyboard.press('Enter');
    await expect(summary(page)).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(summary(page).getByRole('link').first()).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByLabel(say('message.name'), { exact: true })).toBeFocused();
  });

  await test.step('it is written and sent', async () => {
    await page.keyboard.type('Per Keyserling');
    await page.keyboard.press('Tab');
    await page.keyboard.type(address);
    await page.keyboard.press('Tab');
    await page.keyboard.type(subject);
    await page.keyboard.press('Tab');
    await page.keyboard.type('Written without a mouse.');
    await page.keyboard.press('Tab');
    const scripts = javaScriptEnabled !== false;
    const press = async (key: Parameters<typeof say>[0]) => {
      await tabTo(page, page.getByRole('button', { name: say(key) }));
      await page.keyboard.press('Enter');
    };
    await confirmAsGuest(page, portal, { address, name: 'Per Keyserling' }, scripts, press);
    if (scripts) {
      await page.goto(linkIn(await portal.mailbox.next(address)));
      await press('confirm.send');
    }
    await expect(page.getByRole('link', { name: subject })).toBeVisible();
  });
});

test('by keyboard alone: a form with scripts says what is wrong in the same way', async ({
  page,
  portal,
  watch,
  javaScriptEnabled,
}) => {
  const address = newAddress('keyboard');
  const paper = newPaper('Keys');
  await page.goto(`${portal.conference}/submit`);
  await tabTo(page, page.getByLabel(say('signIn.address')));
  await page.keyboard.type(address);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/sent=1/);
  await page.goto(linkIn(await portal.mailbox.next(address)));
  await tabTo(page, page.getByLabel(say('link.name')));
  await page.keyboard.type('Per Keyserling');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/submit\?key=/);

  await tabTo(page, page.getByRole('button', { name: say('submit.submit'), exact: true }));
  if (javaScriptEnabled === false) watch.expects(422, /\/submit$/);
  else await takenOver(page);
  await page.keyboard.press('Enter');
  await expect(summary(page)).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(say('submit.titleField'), { exact: true })).toBeFocused();
  await page.keyboard.type(paper.title);
  for (const key of ['paper.format', 'paper.theme'] as const) {
    await tabTo(page, page.getByLabel(say(key), { exact: true }));
    await page.keyboard.press('ArrowDown');
  }
  await tabTo(page, page.getByLabel(say('paper.keywords')));
  // Enter in a field keeps a draft; it does not hand in.
  await page.keyboard.press('Enter');
  await expect(notice(page, 'notice.draftSaved')).toBeVisible();
  await tabTo(page, page.getByLabel(say('paper.abstract'), { exact: true }));
  await page.keyboard.type(paper.abstract);
  await tabTo(page, page.getByRole('button', { name: say('submit.submit'), exact: true }));
  await page.keyboard.press('Enter');
  await expect(notice(page, 'notice.submitted')).toBeVisible();
});

/** Presses Tab until it is there, as a person would; each stop on the way must show where it is. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let stops = 0; stops < 80; stops++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
    expect(await page.evaluate(showsFocus), 'the focus can be seen').toBe(true);
  }
  await expect(target).toBeFocused();
}

function showsFocus(): boolean {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return true;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
  const { width, height } = focused.getBoundingClientRect();
  const marked = (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  return marked && width > 1 && height > 1;
}

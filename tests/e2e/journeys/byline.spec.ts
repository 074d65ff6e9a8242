import type { Page } from 'playwright/test';
import { signInByPassword, takenOver } from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

test('the byline by keyboard: the focus goes with the author, and one voice says what happened', async ({
  page,
  portal,
  javaScriptEnabled,
}) => {
  await signInByPassword(page, portal, 'author');
  await page.goto(`${portal.conference}/submit`);
  if (javaScriptEnabled !== false) await takenOver(page);
  const author = (number: number) => page.getByRole('group', { name: say('submit.author', { number }), exact: true });
  const name = (number: number) => author(number).getByLabel(say('submit.authorName'), { exact: true });
  const button = (number: number, key: 'submit.up' | 'submit.down' | 'submit.remove') =>
    author(number).getByRole('button', { name: say(key) });
  const add = page.getByRole('button', { name: say('submit.addAuthor') });
  const press = async (control: ReturnType<typeof button>) => {
    await control.focus();
    await page.keyboard.press('Enter');
  };

  for (const number of [2, 3]) {
    await press(add);
    await expect(name(number)).toBeFocused();
    await expect(voice(page)).toHaveText(say('submit.authorAdded', { number }));
    await page.keyboard.type(`Author of place ${number}`);
  }
  await press(button(3, 'submit.up'));
  await expect(name(2)).toHaveValue('Author of place 3');
  await expect(button(2, 'submit.up')).toBeFocused();
  await expect(voice(page)).toHaveText(say('submit.authorMoved', { from: 3, to: 2 }));
  await page.keyboard.press('Enter');
  await expect(name(1)).toHaveValue('Author of place 3');
  await expect(button(1, 'submit.down')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(button(2, 'submit.down')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(button(3, 'submit.up')).toBeFocused();
  await expect(voice(page)).toHaveText(say('submit.authorMoved', { from: 2, to: 3 }));

  await press(button(1, 'submit.remove'));
  await expect(author(1)).toBeFocused();
  await expect(voice(page)).toHaveText(say('submit.authorRemoved', { number: 1 }));
  await press(button(2, 'submit.remove'));
  await expect(add).toBeFocused();
  await expect(voice(page)).toHaveText(say('submit.authorRemoved', { number: 2 }));
});

function voice(page: Page) {
  return page.locator('form#submission [role="status"]');
}

import { signInByPassword, takenOver } from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

const PASTED = [
  'The Aral Sea has lost nine tenths of its water since 1960. This paper asks who',
  'speaks for the river in the negotiations that followed, and how the dele-',
  'gations of five republics came to count water in shares and not in needs.',
  '',
  'A second part is about the Syr Darya.',
].join('\n');
const JOINED = PASTED.replace('dele-\ngations', 'delegations').replace('who\nspeaks', 'who speaks');

test('the lines of a pasted abstract are offered to be joined, and to be as they were', async ({
  page,
  portal,
  javaScriptEnabled,
}) => {
  await signInByPassword(page, portal, 'author');
  await page.goto(`${portal.conference}/submit`);
  if (javaScriptEnabled !== false) await takenOver(page);
  const abstract = page.getByLabel(say('paper.abstract'), { exact: true });
  const title = page.getByLabel(say('submit.titleField'), { exact: true });
  const join = page.getByRole('button', { name: say('submit.join') });
  const undo = page.getByRole('button', { name: say('submit.unjoin'), exact: true });
  await title.fill('Kept all the while');
  await abstract.fill('One line.');
  if (javaScriptEnabled !== false) await expect(join).toHaveCount(0);
  await abstract.fill(PASTED);
  await join.click();
  await expect(abstract).toHaveValue(JOINED);
  await expect(undo).toBeFocused();
  await undo.click();
  await expect(abstract).toHaveValue(PASTED);
  await expect(join).toBeFocused();
  await join.click();
  await expect(abstract).toHaveValue(JOINED);
  await expect(title).toHaveValue('Kept all the while');
  // What one has typed since is not undone.
  await abstract.press('End');
  await abstract.fill(`${JOINED} And more.`);
  if (javaScriptEnabled === false) await undo.click();
  await expect(abstract).toHaveValue(`${JOINED} And more.`);
  await expect(undo).toHaveCount(0);
});

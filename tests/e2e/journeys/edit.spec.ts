import type { Page } from 'playwright/test';
import { newAddress, newPaper, notice, submitAs, takenOver } from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

test('edit: versions, a form that has grown stale, withdrawing and taking that back', async ({
  page,
  portal,
  watch,
  javaScriptEnabled,
}) => {
  const address = newAddress('editor');
  const paper = newPaper('Bridges of Rope');
  const ref = await submitAs(page, portal, { address, name: 'Ilse Tanaka-Brück' }, paper);
  const other = await page.context().newPage();

  await test.step('each save is a version', async () => {
    await other.goto(page.url());
    await title(page).fill(`${paper.title}, revised`);
    await abstract(page).fill('What the first tab says.');
    await press(page, 'form.save');
    await expect(notice(page, 'notice.saved')).toBeVisible();
    await expect(versions(page, 2)).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(say('state.submitted'));
  });

  await test.step('a form opened before that shows the other version and keeps what was typed', async () => {
    await abstract(other).fill('What the second tab says.');
    watch.expects(409, /\/submissions\//);
    await press(other, 'form.save');
    await expect(other.getByRole('alert')).toContainText(say('submit.stale'));
    const theirs = other.locator('section').filter({ has: other.getByRole('heading', { name: say('submit.theirs') }) });
    await expect(theirs).toContainText('What the first tab says.');
    // What this tab had not touched has come over.
    await expect(title(other)).toHaveValue(`${paper.title}, revised`);
    await expect(abstract(other)).toHaveValue('What the second tab says.');
    await expect(versions(other, 2)).toBeVisible();
  });

  await test.step('whoever saves again puts theirs in its place', async () => {
    await press(other, 'form.save');
    await expect(notice(other, 'notice.saved')).toBeVisible();
    await expect(versions(other, 3)).toBeVisible();
    await page.reload();
    await expect(title(page)).toHaveValue(`${paper.title}, revised`);
    await expect(abstract(page)).toHaveValue('What the second tab says.');
  });

  await test.step('what is withdrawn can be read and no longer edited', async () => {
    await page.getByText(say('submission.withdraw'), { exact: true }).first().click();
    await press(page, 'submission.withdraw');
    await expect(notice(page, 'notice.withdrawn')).toBeVisible();
    await expect(title(page)).toHaveCount(0);
    await expect(page.getByRole('heading', { name: paper.title })).toBeVisible();
  });

  await test.step('a form that was open then loses nothing', async () => {
    await abstract(other).fill('Too late, but not lost.');
    watch.expects(409, /\/submissions\//);
    await press(other, 'form.save');
    await expect(other.getByRole('alert')).toContainText(say('submit.notSaved'));
    await expect(abstract(other)).toHaveValue('Too late, but not lost.');
  });

  await test.step('taken back it is a draft, and is handed in again', async () => {
    await press(page, 'submission.reinstate');
    await expect(notice(page, 'notice.reinstated')).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(say('state.draft'));
    await press(page, 'submit.submit');
    await expect(notice(page, 'notice.submitted')).toBeVisible();
    expect((await portal.mailbox.next(address)).subject).toContain(ref);
    await expect(page.getByText(say('submit.words', { words: 5, limit: 300 }))).toBeVisible();
    if (javaScriptEnabled !== false) {
      await takenOver(page);
      await abstract(page).fill('Seven words now, counted as one types.');
      await expect(page.getByText(say('submit.words', { words: 7, limit: 300 }))).toBeVisible();
    }
  });

  await test.step('nobody else finds it', async () => {
    await page.getByRole('button', { name: say('layout.signOut') }).click();
    await page.goto(`${portal.conference}/submissions/${ref}`);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
  });
});

function title(page: Page) {
  return page.getByLabel(say('submit.titleField'), { exact: true });
}

function abstract(page: Page) {
  return page.getByLabel(say('paper.abstract'), { exact: true });
}

function versions(page: Page, count: number) {
  return page.getByText(say('submission.versions', { count }), { exact: true });
}

async function press(page: Page, key: Parameters<typeof say>[0]) {
  await page.getByRole('button', { name: say(key), exact: true }).click();
}

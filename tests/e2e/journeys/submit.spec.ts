import type { Page } from 'playwright/test';
import { linkIn } from '../mailbox';
import { chooseFirst, heading, newAddress, newPaper, notice, refOf, signInByLink, summary, takenOver } from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

test('submit: from nobody to a paper that is handed in', async ({ page, portal, watch, javaScriptEnabled }) => {
  const address = newAddress('submitter');
  const coAuthor = newAddress('co-author');
  const paper = newPaper('Felt and Weather');

  await test.step('whoever is new signs up by a mailed link and says their name', async () => {
    await page.goto(portal.conference);
    await page.getByRole('link', { name: say('conference.submit') }).click();
    await signUpHesitantly(page, address);
    await expect(heading(page, 'submit.title')).toBeVisible();
    await expect(author(page, 1).getByLabel(say('submit.authorName'))).toHaveValue('Aygül Öztürk');
  });

  await test.step('what is missing is said beside its field', async () => {
    // Without scripts the server says it.
    if (javaScriptEnabled === false) watch.expects(422, /\/submit$/);
    else await takenOver(page);
    await press(page, 'submit.submit');
    await expect(summary(page)).toBeVisible();
    await expect(summary(page).getByRole('link')).toHaveCount(4);
    for (const key of ['submit.titleField', 'paper.abstract'] as const)
      await expect(page.getByLabel(say(key), { exact: true })).toHaveAccessibleDescription(/Please fill this in/);
    for (const key of ['paper.format', 'paper.theme'] as const)
      await expect(page.getByLabel(say(key), { exact: true })).toHaveAccessibleDescription(/Please choose one/);
  });

  await test.step('a co-author is added, moved and corrected with buttons', async () => {
    await page.getByLabel(say('submit.titleField'), { exact: true }).fill(paper.title);
    await chooseFirst(page);
    await page.getByLabel(say('paper.abstract'), { exact: true }).fill(paper.abstract);
    await press(page, 'submit.addAuthor');
    await author(page, 2).getByLabel(say('submit.authorName')).fill('Brynjar Okafor');
    await author(page, 2).getByLabel(say('submit.address')).fill(coAuthor);
    await author(page, 2).getByLabel(say('submit.orcid')).fill('0000-0002-1825-0098');
    await press(page, 'submit.addAuthor');
    await author(page, 3)
      .getByRole('button', { name: say('submit.remove') })
      .click();
    await expect(author(page, 3)).toHaveCount(0);
    await author(page, 2)
      .getByRole('button', { name: say('submit.up') })
      .click();
    await expect(author(page, 1).getByLabel(say('submit.authorName'))).toHaveValue('Brynjar Okafor');
    await expect(author(page, 2).getByLabel(say('submit.authorName'))).toHaveValue('Aygül Öztürk');
    if (javaScriptEnabled === false) watch.expects(422, /\/submit$/);
    await press(page, 'submit.draft');
    await expect(author(page, 1).getByLabel(say('submit.orcid'))).toHaveAccessibleDescription(/check digit/);
    await author(page, 1).getByLabel(say('submit.orcid')).fill('https://orcid.org/0000-0002-1825-0097');
  });

  await test.step('a draft is kept, also where it is too long to be handed in', async () => {
    await page.getByLabel(say('paper.abstract'), { exact: true }).fill('word '.repeat(1_000));
    await press(page, 'submit.draft');
    await expect(notice(page, 'notice.draftSaved')).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(say('state.draft'));
    if (javaScriptEnabled === false) watch.expects(422, /\/submissions\//);
    else await takenOver(page);
    await press(page, 'submit.submit');
    await expect(page.getByLabel(say('paper.abstract'), { exact: true })).toHaveAccessibleDescription(/1,000 words/);
  });

  await test.step('it is handed in, and a mail confirms it', async () => {
    await page.getByLabel(say('paper.abstract'), { exact: true }).fill(paper.abstract);
    await press(page, 'submit.submit');
    await expect(notice(page, 'notice.submitted')).toBeVisible();
    const receipt = await portal.mailbox.next(address);
    expect(receipt.subject).toContain(refOf(page));
    expect(receipt.text).toContain(paper.title);
    const { pathname } = new URL(page.url());
    expect(linkIn(receipt)).toBe(portal.origin + pathname);
    await page.goto(linkIn(receipt));
    await expect(page.getByRole('heading', { level: 1 })).toContainText(say('state.submitted'));
  });

  await test.step('the co-author is asked, no other mail came before, and their address is not shown again', async () => {
    const asked = await portal.mailbox.next(coAuthor);
    expect(asked.subject).toBe(say('mail.author.subject', { conference: 'Central Asian Studies 2027' }));
    expect(portal.mailbox.waiting(coAuthor)).toBe(0);
    await expect(author(page, 1).getByLabel(say('submit.address'))).toHaveAccessibleDescription(
      say('submit.addressKnown'),
    );
    expect(await page.content()).not.toContain(coAuthor);
    expect(await page.content()).not.toContain(address);
  });

  async function signUpHesitantly(page: Page, address: string) {
    watch.expects(422, /\/sign-in$/);
    await page.getByRole('button', { name: say('signIn.button') }).click();
    await expect(page.getByLabel(say('signIn.address'))).toHaveAccessibleDescription(/./);
    await signInByLink(page, portal, address, 'Aygül Öztürk');
  }
});

function author(page: Page, number: number) {
  // Behind it stands how the author can be reached.
  return page.getByRole('group', { name: new RegExp(`^${say('submit.author', { number })}\\b`) });
}

async function press(page: Page, key: Parameters<typeof say>[0]) {
  await page.getByRole('button', { name: say(key), exact: true }).click();
}

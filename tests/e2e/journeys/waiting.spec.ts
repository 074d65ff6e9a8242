import type { Page } from 'playwright/test';
import { linkIn } from '../mailbox';
import {
  chooseFirst,
  heading,
  newAddress,
  newPaper,
  notice,
  refOf,
  signInByLink,
  signInByPassword,
  takenOver,
} from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

const WORDS = 'The committee looks forward to your talk.';

test('a session that ends while somebody writes', async ({ page, portal, somebody, context, javaScriptEnabled }) => {
  const address = newAddress('forgetful');
  const paper = newPaper('Salt and Memory');
  const other = newPaper('Salt and Silence');

  await test.step('what they save is saved once they are signed in again, and the page says so', async () => {
    await page.goto(`${portal.conference}/submit`);
    await signInByLink(page, portal, address, 'Nodira Halvorsen');
    await write(page, paper);
    await context.clearCookies({ name: 'colloquy' });
    await page.getByRole('button', { name: say('submit.draft') }).click();
    await expect(page.getByText(say('signIn.keptItself'))).toBeVisible();
    await signInByLink(page, portal, address);
    await expect(notice(page, 'notice.draftSaved')).toBeVisible();
    await expect(page.getByLabel(say('submit.titleField'), { exact: true })).toHaveValue(paper.title);
    await expect(page.getByText(say('standing.draft'))).toBeVisible();
    expect(refOf(page)).toMatch(/^T/);
  });

  await test.step('another device says where it waits, and there it is done', async () => {
    await page.goto(`${portal.conference}/submit`);
    if (javaScriptEnabled !== false) await takenOver(page);
    await write(page, other);
    await context.clearCookies({ name: 'colloquy' });
    await page.getByRole('button', { name: say('submit.draft') }).click();
    await expect(page.getByText(say('signIn.keptItself'))).toBeVisible();
    const signIn = page.url();
    await page.getByLabel(say('signIn.address')).fill(address);
    await page.getByRole('button', { name: say('signIn.button') }).click();
    await expect(heading(page, 'signIn.sentTitle')).toBeVisible();
    const phone = await somebody();
    await phone.goto(linkIn(await portal.mailbox.next(address, say('mail.signIn.subject', { portal: '' }))));
    await phone.getByRole('button', { name: say('link.button') }).click();
    await expect(phone.getByText(say('waiting.otherBrowser'))).toBeVisible();
    await expect(phone.getByText(other.title)).toHaveCount(0);
    await page.goto(signIn);
    await signInByLink(page, portal, address);
    await expect(notice(page, 'notice.draftSaved')).toBeVisible();
    await expect(page.getByLabel(say('submit.titleField'), { exact: true })).toHaveValue(other.title);
  });
});

test('a decision as a co-author reads it', async ({ page, portal, somebody }) => {
  const address = newAddress('author');
  const coAuthor = newAddress('co-author');
  const paper = newPaper('Wool and Iron');
  await page.goto(`${portal.conference}/submit`);
  await signInByLink(page, portal, address, 'Mirembe Halloran');
  await write(page, paper);
  await page.getByRole('button', { name: say('submit.addAuthor') }).click();
  const second = page.getByRole('group', { name: say('submit.author', { number: 2 }) });
  await second.getByLabel(say('submit.authorName')).fill('Brynjar Okafor');
  await second.getByLabel(say('submit.address')).fill(coAuthor);
  await page.getByRole('button', { name: say('submit.submit'), exact: true }).click();
  await expect(notice(page, 'notice.submitted')).toBeVisible();
  const ref = refOf(page);

  const colleague = await somebody();
  await test.step('before it is decided', async () => {
    await colleague.goto(linkIn(await portal.mailbox.next(coAuthor)));
    await colleague.getByRole('button', { name: say('authorship.yes') }).click();
    await expect(notice(colleague, 'notice.isMe')).toBeVisible();
    await colleague.goto(`${portal.conference}/submissions`);
    await signInByLink(colleague, portal, coAuthor);
    await expect(colleague.getByRole('listitem').filter({ hasText: ref })).toContainText(
      'It is submitted. Mirembe Halloran can change it',
    );
  });

  await test.step('outcome, date with its zone, and the organisers’ words', async () => {
    const organiser = await somebody();
    await signInByPassword(organiser, portal, 'organiser');
    await organiser.goto(`${portal.conference}/review/${ref}`);
    await organiser.getByRole('link', { name: say('decide.accept') }).click();
    await organiser.getByLabel(say('decide.note')).fill(WORDS);
    await organiser.getByRole('button', { name: say('decide.acceptSend') }).click();
    await expect(organiser.getByRole('status')).toContainText('2 people are told by mail.');

    await colleague.reload();
    await expect(colleague.getByRole('listitem').filter({ hasText: ref })).toContainText(
      say('standing.accepted.waiting'),
    );
    await colleague.getByRole('link', { name: say('submission.decision.read') }).click();
    const decision = colleague.getByRole('region', { name: say('submission.decision') });
    await expect(decision).toContainText(/Accepted on \d+ \w+ \d{4} at \d\d:\d\d GMT\+5/);
    await expect(decision).toContainText(WORDS);
  });
});

async function write(page: Page, paper: { title: string; abstract: string }): Promise<void> {
  await page.getByLabel(say('submit.titleField'), { exact: true }).fill(paper.title);
  await chooseFirst(page);
  await page.getByLabel(say('paper.abstract'), { exact: true }).fill(paper.abstract);
}

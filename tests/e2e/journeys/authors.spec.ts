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
  submitAs,
} from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

test('a submission with every default left as it is can be written to', async ({ page, portal, somebody }) => {
  const address = newAddress('professor');
  const paper = newPaper('Wells Along the Silk Road');
  const ref = await submitAs(page, portal, { address, name: 'Oyelaran Brandt' }, paper);
  const organiser = await somebody();
  const reader = await somebody();
  const subject = `Your wells (${ref})`;

  await test.step('an organiser accepts it and puts it into the programme', async () => {
    await signInByPassword(organiser, portal, 'organiser');
    await organiser.goto(`${portal.conference}/review/${ref}`);
    await expect(organiser.getByRole('region', { name: say('reach.title') })).toContainText(say('reach.reachable'));
    await organiser.getByRole('link', { name: say('decide.accept') }).click();
    await organiser.getByRole('button', { name: say('decide.acceptSend') }).click();
    await organiser.getByRole('button', { name: say('decide.publish') }).click();
    await expect(notice(organiser, 'notice.published')).toBeVisible();
    await portal.mailbox.next(address, ref);
  });

  await test.step('a reader finds the button, writes, and the author has the message', async () => {
    await signInByPassword(reader, portal, 'reviewer');
    await reader.goto(`${portal.conference}/papers/${ref}`);
    await reader.getByRole('link', { name: say('paper.send', { count: 1 }) }).click();
    await reader.getByLabel(say('message.subject')).fill(subject);
    await reader.getByLabel(say('message.body')).fill('How deep are they?');
    await reader.getByRole('button', { name: say('message.send'), exact: true }).click();
    await expect(heading(reader, 'threads.title')).toBeVisible();
    const mail = await portal.mailbox.next(address, subject);
    expect(mail.text).toContain('How deep are they?');
    expect(await reader.content()).not.toContain(address);
  });
});

test('a co-author says yes, corrects their line, and leaves', async ({ page, portal, somebody, watch }) => {
  const paper = newPaper('Snow Lines');
  const address = newAddress('coauthor');
  const coauthor = await somebody();
  let ref = '';

  await test.step('a submitter names them, with a slip of the pen', async () => {
    await page.goto(`${portal.conference}/submit`);
    await signInByLink(page, portal, newAddress('submitter'), 'Halima Ostrowski');
    await page.getByLabel(say('submit.titleField'), { exact: true }).fill(paper.title);
    await chooseFirst(page);
    await page.getByLabel(say('paper.abstract'), { exact: true }).fill(paper.abstract);
    await page.getByRole('button', { name: say('submit.addAuthor') }).click();
    const second = page.getByRole('group', { name: say('submit.author', { number: 2 }) });
    await second.getByLabel(say('submit.authorName')).fill('Timur Lindkvist');
    await second.getByLabel(say('submit.address')).fill(address);
    await page.getByRole('button', { name: say('submit.submit'), exact: true }).click();
    await expect(notice(page, 'notice.submitted')).toBeVisible();
    ref = refOf(page);
    await expect(page.getByText(say('reach.waiting'), { exact: true })).toBeVisible();
  });

  await test.step('one mail asks: the paper and its byline, and none of the other words', async () => {
    const mail = await portal.mailbox.next(address);
    for (const shown of [paper.title, 'Timur Lindkvist', 'Halima Ostrowski']) expect(mail.text).toContain(shown);
    expect(mail.everything).not.toContain('What is known about it');
    await coauthor.goto(linkIn(mail));
    await expect(heading(coauthor, 'authorship.title')).toBeVisible();
    await coauthor.reload();
    await expect(heading(coauthor, 'authorship.title')).toBeVisible();
  });

  await test.step('they say yes with their name put right, and read the submission once they are signed in', async () => {
    await open(coauthor, 'authorship.correct');
    await coauthor.getByLabel(say('submit.authorName')).fill('Timur Lindqvist');
    await coauthor.getByRole('button', { name: say('authorship.correctYes') }).click();
    await expect(notice(coauthor, 'notice.isMe')).toBeVisible();
    await coauthor.getByRole('link', { name: say('authorship.signIn') }).click();
    await signInByLink(coauthor, portal, address);
    await expect(coauthor.getByRole('heading', { level: 1 })).toContainText(ref);
    await expect(coauthor.getByText(paper.abstract)).toBeVisible();
  });

  await test.step('they put their line right once more, and the submitter sees all of it', async () => {
    await coauthor.getByRole('link', { name: say('authorship.own') }).click();
    await coauthor.getByLabel(say('submit.affiliation')).fill('University of Uppsala');
    await coauthor.getByRole('button', { name: say('form.save'), exact: true }).click();
    await expect(notice(coauthor, 'notice.saved')).toBeVisible();
    await page.reload();
    const second = page.getByRole('group', { name: say('submit.author', { number: 2 }) });
    await expect(second.getByLabel(say('submit.authorName'))).toHaveValue('Timur Lindqvist');
    await expect(second.getByLabel(say('submit.affiliation'))).toHaveValue('University of Uppsala');
    await expect(second).toContainText(say('reach.reachable'));
    expect(await page.content()).not.toContain(address);
  });

  await test.step('they leave: the submission is theirs no more, and the submitter reads why', async () => {
    await coauthor.getByRole('link', { name: say('authorship.own') }).click();
    await open(coauthor, 'authorship.leave');
    await coauthor.getByRole('button', { name: say('authorship.leave') }).click();
    await expect(notice(coauthor, 'notice.leftPaper')).toBeVisible();
    watch.expects(404, /\/submissions\//);
    await coauthor.goto(`${portal.conference}/submissions/${ref}`);
    await expect(coauthor.getByRole('heading', { name: say('trouble.404.title') })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('group', { name: say('submit.author', { number: 2 }) })).toContainText(
      say('reach.declined'),
    );
  });
});

async function open(page: Page, key: 'authorship.correct' | 'authorship.leave'): Promise<void> {
  await page
    .locator('summary')
    .filter({ hasText: say(key) })
    .click();
}

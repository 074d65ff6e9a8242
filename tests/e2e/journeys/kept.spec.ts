import type { Page } from 'playwright/test';
import {
  chooseFirst,
  heading,
  newAddress,
  newPaper,
  notice,
  signInByLink,
  signInByPassword,
  submitAs,
  takenOver,
} from '../people';
import { expect, type Portal, test } from '../portal';
import { say } from '../text';

/** An author of the byline; how they can be reached stands in the name too. */
const authorGroup = (number: number) => new RegExp(`^${say('submit.author', { number })}( |$)`);

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'the script keeps what is typed');

const title = (page: Page) => page.getByLabel(say('submit.titleField'), { exact: true });
const abstract = (page: Page) => page.getByLabel(say('paper.abstract'), { exact: true });
const authorName = (page: Page, number: number) =>
  page.getByRole('group', { name: authorGroup(number) }).getByLabel(say('submit.authorName'));
const button = (page: Page, key: Parameters<typeof say>[0]) =>
  page.getByRole('button', { name: say(key), exact: true });
const restored = (page: Page) => page.getByRole('status').filter({ hasText: 'Restored from this device' });

async function beginSubmission(page: Page, portal: Portal): Promise<void> {
  await page.goto(`${portal.conference}/submit`);
  await signInByLink(page, portal, newAddress('keeper'), 'Karima Keeper');
  await expect(heading(page, 'submit.title')).toBeVisible();
  await takenOver(page);
  await chooseFirst(page);
}

/** Writes a paper with two co-authors, the second of them moved up. */
async function type(page: Page, paper: { title: string; abstract: string }): Promise<void> {
  await title(page).fill(paper.title);
  await abstract(page).fill(paper.abstract);
  for (const [number, name] of [
    [2, 'Brynjar Okafor'],
    [3, '王小明'],
  ] as const) {
    await button(page, 'submit.addAuthor').click();
    await authorName(page, number).fill(name);
  }
  await page
    .getByRole('group', { name: authorGroup(3) })
    .getByRole('button', { name: say('submit.up') })
    .click();
  await expect(authorName(page, 2)).toHaveValue('王小明');
}

async function expectTyped(page: Page, paper: { title: string; abstract: string }): Promise<void> {
  await expect(title(page)).toHaveValue(paper.title);
  await expect(abstract(page)).toHaveValue(paper.abstract);
  await expect(authorName(page, 1)).toHaveValue('Karima Keeper');
  await expect(authorName(page, 2)).toHaveValue('王小明');
  await expect(authorName(page, 3)).toHaveValue('Brynjar Okafor');
}

test('reload, a click on the navigation, Back: a new submission with its co-authors is still there', async ({
  page,
  portal,
}) => {
  const paper = newPaper('Snow and Paper');
  await beginSubmission(page, portal);
  await type(page, paper);

  await test.step('reload', async () => {
    await page.reload();
    await expect(restored(page)).toBeVisible();
    await expectTyped(page, paper);
    // What counts the words has heard of it.
    await expect(page.getByText(/^[1-9]\d* of [\d,]+ words$/)).toBeVisible();
  });

  await test.step('a click on the navigation, and Back', async () => {
    await page.getByRole('link', { name: say('layout.programme'), exact: true }).click();
    await expect(heading(page, 'programme.title')).toBeVisible();
    await page.goBack();
    await expectTyped(page, paper);
  });

  await test.step('coming anew offers to go on', async () => {
    await page.goto(`${portal.conference}/submit`);
    await takenOver(page);
    await expect(title(page)).toHaveValue('');
    await expect(page.getByText(`You began “${paper.title}”`)).toBeVisible();
    await page.getByRole('link', { name: say('kept.goOn') }).click();
    await expectTyped(page, paper);
  });

  await test.step('discarded, and taken back', async () => {
    await page.getByRole('button', { name: say('kept.discard') }).click();
    await expect(title(page)).toHaveValue('');
    await expect(authorName(page, 2)).toHaveCount(0);
    await page.getByRole('button', { name: say('kept.undo') }).click();
    await expectTyped(page, paper);
  });

  await test.step('saved it is forgotten', async () => {
    await button(page, 'submit.draft').click();
    await expect(notice(page, 'notice.draftSaved')).toBeVisible();
    await expectTyped(page, paper);
    await page.goto(`${portal.conference}/submit`);
    await takenOver(page);
    await expect(title(page)).toHaveValue('');
    await expect(page.getByText('You began')).toHaveCount(0);
  });
});

test('the organisers’ page of a byline gives back what was typed there, and sends nothing by itself', async ({
  page,
  portal,
  somebody,
}) => {
  const author = await somebody();
  const ref = await submitAs(
    author,
    portal,
    { address: newAddress('byline'), name: 'Lale Line' },
    newPaper('Lines Apart'),
  );
  await signInByPassword(page, portal, 'organiser');
  await page.goto(`${portal.conference}/review/${ref}/byline`);
  await takenOver(page);
  const affiliation = page.getByLabel(say('submit.affiliation')).first();
  await affiliation.fill('House of Two Rivers');
  await page.reload();
  await expect(restored(page)).toBeVisible();
  await expect(affiliation).toHaveValue('House of Two Rivers');
  await expect(heading(page, 'byline.title')).toBeVisible();
  await button(page, 'form.save').click();
  await expect(notice(page, 'notice.saved')).toBeVisible();
  await expect(page.getByText('House of Two Rivers')).toBeVisible();
});

test('offline while saving: the page stays, and saves as soon as there is a network', async ({
  page,
  portal,
  context,
  watch,
}) => {
  const paper = newPaper('Ice and Ink');
  watch.losesNetwork();
  await beginSubmission(page, portal);
  await type(page, paper);
  await context.setOffline(true);
  await button(page, 'submit.draft').click();
  await expect(page.getByRole('status').filter({ hasText: say('kept.offline') })).toBeVisible();
  await expectTyped(page, paper);
  await context.setOffline(false);
  await expect(notice(page, 'notice.draftSaved')).toBeVisible();
  await expectTyped(page, paper);
});

test('Back and once more: what is added after submitting is saved, and there is one submission', async ({
  page,
  portal,
}) => {
  const paper = newPaper('Twice and Once');
  await beginSubmission(page, portal);
  await title(page).fill(paper.title);
  await abstract(page).fill(paper.abstract);
  await button(page, 'submit.submit').click();
  await expect(notice(page, 'notice.submitted')).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/submissions\/|\/submit/);
  await expect(title(page)).toHaveValue(paper.title);
  await takenOver(page);
  await button(page, 'submit.addAuthor').click();
  await authorName(page, 2).fill('Brynjar Okafor');
  await button(page, 'form.save').click();
  await expect(notice(page, 'notice.saved')).toBeVisible();
  await expect(authorName(page, 2)).toHaveValue('Brynjar Okafor');
  await page.goto(`${portal.conference}/submissions`);
  await expect(page.getByRole('link', { name: paper.title })).toHaveCount(1);
});

test('review after the decision: what happened is said, and the words are still in the field', async ({
  page,
  portal,
  somebody,
  watch,
}) => {
  const paper = newPaper('Judged and Late');
  const author = await somebody();
  const ref = await submitAs(author, portal, { address: newAddress('late'), name: 'Lale Late' }, paper);
  await signInByPassword(page, portal, 'reviewer');
  await page.goto(`${portal.conference}/review/${ref}`);
  await page.getByLabel(say('review.score4')).check();
  await page.getByLabel(say('review.note')).fill('A careful reading that took an hour.');

  const organiser = await somebody();
  await signInByPassword(organiser, portal, 'organiser');
  await organiser.goto(`${portal.conference}/review/${ref}/decide?outcome=accepted`);
  await organiser.getByRole('button', { name: say('decide.acceptSend') }).click();
  const decided = say('notice.decided', { all: 1, told: 1, waiting: 0, held: 0 });
  await expect(organiser.getByRole('status').filter({ hasText: decided })).toBeVisible();

  watch.expects(409, /\/review\//);
  await button(page, 'review.save').click();
  await expect(page.getByRole('alert').filter({ hasText: say('review.decided') })).toBeVisible();
  await expect(page.getByLabel(say('review.note'))).toHaveValue('A careful reading that took an hour.');
  await page.goto(`${portal.conference}/review`);
  await page.goto(`${portal.conference}/review/${ref}`);
  await expect(page.getByText('You typed this here')).toBeVisible();
  await expect(page.locator('section.kept textarea')).toHaveValue('A careful reading that took an hour.');
});

test('the session is lost meanwhile: after signing in again it is saved, and the words are there', async ({
  page,
  portal,
  context,
}) => {
  const paper = newPaper('Gone and Back');
  const address = newAddress('gone');
  await page.goto(`${portal.conference}/submit`);
  await signInByLink(page, portal, address, 'Karima Keeper');
  await takenOver(page);
  await chooseFirst(page);
  await type(page, paper);
  await context.clearCookies();
  await button(page, 'submit.draft').click();
  await expect(heading(page, 'signIn.title')).toBeVisible();
  await signInByLink(page, portal, address);
  await expect(notice(page, 'notice.draftSaved')).toBeVisible();
  await expectTyped(page, paper);
  await takenOver(page);
  await expect(restored(page)).toHaveCount(0);
  await abstract(page).fill('Typed on since.');
  await button(page, 'submit.draft').click();
  await expect(notice(page, 'notice.saved')).toBeVisible();
  await expect(abstract(page)).toHaveValue('Typed on since.');
});

test('what a guest has written goes along when they sign in by the header', async ({ page, portal }) => {
  const write = `${portal.conference}/papers/T0121/message`;
  const body = page.getByLabel(say('message.body'));
  await page.goto(write);
  await takenOver(page);
  await body.fill('Dear author, where do the logbooks lie?');
  await page.getByRole('link', { name: say('layout.signIn'), exact: true }).click();
  await signInByPassword(page, portal, 'reviewer');
  await page.goto(write);
  await expect(restored(page)).toBeVisible();
  await expect(body).toHaveValue('Dear author, where do the logbooks lie?');
  // It is the account's by now: nobody else finds it in this tab.
  await page.getByRole('button', { name: say('layout.signOut') }).click();
  await page.goto(write);
  await expect(body).toHaveValue('');
});

test('two tabs: neither takes the words of the other, and the second save is shown both texts', async ({
  page,
  context,
  portal,
  watch,
}) => {
  const paper = newPaper('Left and Right');
  await beginSubmission(page, portal);
  await title(page).fill(paper.title);
  await abstract(page).fill(paper.abstract);
  await button(page, 'submit.draft').click();
  await expect(notice(page, 'notice.draftSaved')).toBeVisible();
  await takenOver(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await takenOver(other);
  await abstract(page).fill('What the left tab says.');
  await abstract(other).fill('What the right tab says.');
  await button(page, 'submit.draft').click();
  await expect(notice(page, 'notice.saved')).toBeVisible();
  watch.expects(409, /\/submissions\//);
  await button(other, 'submit.draft').click();
  await expect(other.getByRole('definition').getByText('What the left tab says.')).toBeVisible();
  await expect(abstract(other)).toHaveValue('What the right tab says.');
  await takenOver(other);
  await button(other, 'submit.draft').click();
  await expect(notice(other, 'notice.saved')).toBeVisible();
  await expect(abstract(other)).toHaveValue('What the right tab says.');
});

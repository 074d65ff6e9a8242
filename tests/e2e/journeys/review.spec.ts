import { linkIn } from '../mailbox';
import { newAddress, newPaper, notice, signInByPassword, submitAs, summary } from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

const SCORE_LABEL = say('review.score4');
const NOTE = 'The argument is sound. The sources could be named.';
const WORDS = 'The committee asks you to name your sources.';

test('review, decide, publish: from a submission to the programme', async ({ page, portal, somebody, watch }) => {
  const address = newAddress('author');
  const paper = newPaper('Apricot Routes');
  const ref = await submitAs(page, portal, { address, name: 'Mirembe Halloran' }, paper);
  const reviewer = await somebody();
  const organiser = await somebody();

  await test.step('a reviewer finds it by its filters and scores it', async () => {
    await signInByPassword(reviewer, portal, 'reviewer');
    await reviewer.goto(`${portal.conference}/review`);
    await reviewer.getByLabel(say('review.state')).selectOption(say('state.submitted'));
    await reviewer.getByLabel(say('paper.format')).selectOption('Individual paper');
    await reviewer.getByRole('button', { name: say('review.show') }).click();
    await reviewer.getByRole('link', { name: paper.title }).click();
    await expect(reviewer.getByText(paper.abstract)).toBeVisible();
    await reviewer.getByLabel(say('review.note')).fill(NOTE);
    watch.expects(422, /\/review\//);
    await reviewer.getByRole('button', { name: say('review.save') }).click();
    await expect(summary(reviewer)).toContainText(say('review.score'));
    await expect(reviewer.getByLabel(say('review.note'))).toHaveValue(NOTE);
    await reviewer.getByLabel(SCORE_LABEL).check();
    await reviewer.getByRole('button', { name: say('review.save') }).click();
    await expect(notice(reviewer, 'notice.reviewSaved')).toBeVisible();
    await expect(reviewer.getByRole('link', { name: say('decide.accept') })).toHaveCount(0);
  });

  await test.step('an organiser reads what reviewers say and sees the mail before it goes', async () => {
    await signInByPassword(organiser, portal, 'organiser');
    await organiser.goto(`${portal.conference}/review`);
    const line = organiser.getByRole('row').filter({ hasText: paper.title });
    await expect(line).toContainText(say('review.summary', { mean: '4.0', count: 1 }));
    await line.getByRole('link').click();
    await expect(organiser.getByText(NOTE)).toBeVisible();
    await organiser.getByRole('link', { name: say('decide.accept') }).click();
    const preview = organiser.getByRole('region', { name: say('decide.preview') });
    await expect(preview).toContainText(ref);
    await expect(preview).toContainText(paper.title);
    await expect(organiser.getByText(say('decide.lead', { recipients: 1 }))).toBeVisible();
  });

  await test.step('the decision is taken, and the author has the mail', async () => {
    await organiser.getByLabel(say('decide.note')).fill(WORDS);
    await organiser.getByRole('button', { name: say('decide.acceptSend') }).click();
    const decided = say('notice.decided', { all: 1, told: 1, waiting: 0, held: 0 });
    await expect(organiser.getByRole('status').filter({ hasText: decided })).toBeVisible();
    const mail = await portal.mailbox.next(address);
    expect(mail.subject).toContain(ref);
    for (const text of [paper.title, WORDS]) expect(mail.text).toContain(text);
    for (const secret of [NOTE, 'Leyla', portal.people.reviewer, portal.people.organiser])
      expect(mail.everything).not.toContain(secret);
    await page.goto(linkIn(mail));
    await expect(page.getByRole('heading', { level: 1 })).toContainText(say('state.accepted'));
    await expect(page.getByText(say('standing.accepted.waiting'))).toBeVisible();
  });

  await test.step('it is in the programme once it is published, and not before', async () => {
    await search(paper.title);
    await expect(page.getByText(say('programme.nothing'))).toBeVisible();
    await organiser.getByRole('button', { name: say('decide.publish') }).click();
    await expect(notice(organiser, 'notice.published')).toBeVisible();
    await search(paper.title);
    await page.getByRole('link', { name: paper.title }).click();
    await expect(page).toHaveURL(new RegExp(`/papers/${ref}$`));
    await expect(page.getByRole('heading', { level: 1, name: paper.title })).toBeVisible();
    await expect(page.getByText(paper.abstract)).toBeVisible();
  });

  await test.step('and leaves it when it is taken out', async () => {
    await organiser.getByRole('button', { name: say('decide.unpublish') }).click();
    await expect(notice(organiser, 'notice.unpublished')).toBeVisible();
    watch.expects(404, /\/papers\//);
    await page.reload();
    await expect(page.getByRole('heading', { name: say('trouble.404.title') })).toBeVisible();
  });

  async function search(words: string) {
    await page.goto(`${portal.conference}/programme`);
    await page.getByLabel(say('programme.search')).fill(words);
    await page.getByRole('button', { name: say('programme.find') }).click();
  }
});

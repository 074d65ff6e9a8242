import type { Page } from 'playwright/test';
import { newAddress, newPaper, signInByPassword, submitAs } from './people';
import { expect, test } from './portal';
import { say } from './text';

test('a submission is printed as the document that it is, from its form and from the review', async ({
  page,
  portal,
  somebody,
}) => {
  const paper = newPaper('Printed Matter');
  const ref = await submitAs(page, portal, { address: newAddress('author'), name: 'Mirembe Halloran' }, paper);
  const reviewer = await somebody();
  await signInByPassword(reviewer, portal, 'reviewer');
  await reviewer.goto(`${portal.conference}/review/${ref}?list=state%3Dall`);
  for (const [one, path] of [
    [page, `/submissions/${ref}`],
    [reviewer, `/review/${ref}`],
  ] as const) {
    // On the screen once: in the form, or as the text.
    await expect(one.getByRole('heading', { name: paper.title })).toHaveCount(one === page ? 0 : 1);
    await one.emulateMedia({ media: 'print' });
    const printed = await shown(one);
    for (const text of [
      'Central Asian Studies 2027',
      ref,
      say('state.submitted'),
      paper.title,
      'Mirembe Halloran',
      say('paper.format'),
      say('paper.theme'),
      paper.abstract,
      `${portal.origin}${portal.conference}${path}`,
    ])
      expect(printed).toContain(text);
    expect(printed.split(paper.abstract)).toHaveLength(2);
    for (const text of [say('form.save'), say('review.save'), say('layout.signOut'), say('layout.programme')])
      expect(printed).not.toContain(text);
    await expect(one.locator(':is(input, textarea, select, button):visible')).toHaveCount(0);
    expect((await one.pdf()).length).toBeGreaterThan(1_000);
  }
});

test('a paper is printed with the conference and its address', async ({ page, portal }) => {
  await page.goto(`${portal.conference}/papers/T0121`);
  await page.emulateMedia({ media: 'print' });
  const printed = await shown(page);
  for (const text of ['Central Asian Studies 2027', 'T0121', `${portal.origin}${portal.conference}/papers/T0121`])
    expect(printed).toContain(text);
  expect(printed).not.toContain(say('layout.signIn'));
  await expect(page.locator(':is(input, textarea, select, button):visible')).toHaveCount(0);
});

/** What stands on the sheet. */
function shown(page: Page): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is not printed
  return page.locator('body').innerText();
}

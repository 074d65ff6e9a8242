import type { Page } from 'playwright/test';
import { heading, newAddress, signInByLink } from '../people';
import { expect, test } from '../portal';
import { say } from '../text';

test('find, star and read', async ({ page, portal }) => {
  await test.step('words are found whatever their case and accents, in any script', async () => {
    await page.goto(`${portal.conference}/programme`);
    await search(page, 'GULSAT tilegenova');
    await expect(papers(page)).toHaveCount(1);
    await expect(papers(page)).toContainText('Gülşat Tilegenova');
    await search(page, 'ЖАСҰЛАН');
    await expect(papers(page).first()).toBeVisible();
    for (const paper of await papers(page).all()) await expect(paper).toContainText('Жасұлан');
    await search(page, 'no such words anywhere');
    await expect(page.getByText(say('programme.nothing'))).toBeVisible();
    await page.getByRole('link', { name: say('programme.clear') }).click();
  });

  await test.step('pages follow one another, each paper once', async () => {
    await expect(page).toHaveURL(/\/programme$/);
    const first = await refs(page);
    const next = page.getByRole('link', { name: say('filter.next') });
    await expect(next).toHaveAttribute('rel', 'next');
    await next.click();
    await expect(page).toHaveURL(/after=/);
    const second = await refs(page);
    expect(first.length).toBeGreaterThan(0);
    expect(second.length).toBeGreaterThan(0);
    expect(second.filter((ref) => first.includes(ref))).toEqual([]);
  });

  await test.step('filters narrow it', async () => {
    await page.goto(`${portal.conference}/programme`);
    await page.getByLabel(say('paper.format')).selectOption('Poster');
    await page.getByLabel(say('paper.theme')).selectOption('Environment, Water, and Cities');
    await page.getByRole('button', { name: say('programme.find') }).click();
    await expect(papers(page).first()).toBeVisible();
    for (const paper of await papers(page).all()) {
      await expect(paper).toContainText('Poster');
      await expect(paper).toContainText('Environment, Water, and Cities');
    }
  });

  await test.step('a paper is read', async () => {
    await page.goto(`${portal.conference}/programme`);
    await search(page, '"The Ferry That Stayed"');
    await papers(page).getByRole('link').click();
    await expect(page).toHaveURL(/\/papers\/T0121$/);
    for (const shown of ['T0121', 'Gülşat Tilegenova', 'Nukus Centre for Desert Studies', 'Individual paper'])
      await expect(page.getByRole('article')).toContainText(shown);
    await expect(page.getByRole('heading', { name: say('paper.abstract') })).toBeVisible();
  });

  await test.step('the star of somebody signed out leads through signing in, and is set', async () => {
    await expect(star(page)).toHaveAttribute('aria-pressed', 'false');
    await star(page).click();
    await expect(page.getByText(say('signIn.keptItself'))).toBeVisible();
    await signInByLink(page, portal, newAddress('reader'), 'Tomasz Abdi-Lund');
    await expect(page).toHaveURL(/\/papers\/T0121#star-T0121$/);
    await expect(star(page)).toHaveAttribute('aria-pressed', 'true');
  });

  await test.step('a star is set from the list as well, and the list stays where it was', async () => {
    await page.goto(`${portal.conference}/programme`);
    await search(page, '"Consent on Paper"');
    const list = page.url();
    await star(papers(page)).click();
    await expect(page).toHaveURL(`${list}#star-T0102`);
    await expect(star(papers(page))).toHaveAttribute('aria-pressed', 'true');
  });

  await test.step('the schedule has what is starred and nothing else', async () => {
    await page.getByRole('link', { name: say('layout.schedule') }).click();
    await expect(heading(page, 'schedule.title')).toBeVisible();
    await expect(papers(page)).toHaveCount(2);
    await expect(papers(page).nth(0)).toContainText('T0102');
    await expect(papers(page).nth(1)).toContainText('T0121');
    await star(papers(page).nth(0)).click();
    await expect(papers(page)).toHaveCount(1);
    await star(papers(page)).click();
    await expect(page.getByText(say('schedule.empty'))).toBeVisible();
  });
});

function papers(page: Page) {
  return page.getByRole('main').getByRole('list').first().getByRole('listitem');
}

function star(within: Page | ReturnType<typeof papers>) {
  return within.getByRole('button', { name: /your schedule$/ });
}

async function refs(page: Page): Promise<string[]> {
  const texts = await papers(page).allTextContents();
  return texts.map((text) => /T\d{4}/.exec(text)?.[0] ?? '');
}

async function search(page: Page, words: string) {
  await page.getByLabel(say('programme.search')).fill(words);
  await page.getByRole('button', { name: say('programme.find') }).click();
}

import type { Page } from 'playwright/test';
import { oneOf, seeded } from '../../bench/random';
import { chooseFirst, heading, newAddress, notice, signInByLink, takenOver } from '../people';
import { expect, type Portal, test } from '../portal';
import { say } from '../text';

/** An author of the byline; how they can be reached stands in the name too. */
const authorGroup = (number: number) => new RegExp(`^${say('submit.author', { number })}( |$)`);

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'the script keeps what is typed');

/** Named, so that what goes wrong once goes wrong again. */
const SEED = Number(process.env.KEPT_SEED ?? 20270115);
const STEPS = 22;
const LONGEST = 60_000;

/** What the person has typed, as they remember it. */
interface Typed {
  title: string;
  abstract: string;
  authors: string[];
}

test('whatever happens in whatever order, no word is lost', async ({ page, portal, context, watch }) => {
  test.setTimeout(150_000);
  watch.losesNetwork();
  const random = seeded(SEED);
  const address = newAddress('anybody');
  await page.goto(`${portal.conference}/submit`);
  await signInByLink(page, portal, address, 'Karima Keeper');
  await takenOver(page);
  await chooseFirst(page);
  const typed: Typed = { title: '', abstract: '', authors: ['Karima Keeper'] };
  const begun = Date.now();
  const done: string[] = [];
  for (let step = 1; step <= STEPS && Date.now() - begun < LONGEST; step++) {
    const act = oneOf(random, [
      'type',
      'type',
      'author',
      'move',
      'reload',
      'away',
      'offline',
      'session',
      'save',
    ] as const);
    done.push(act);
    await test.step(`${step}: ${act}`, () => acts[act]({ page, portal, context, address, typed, step }));
    await expectAll(page, typed, done);
  }
});

type World = {
  page: Page;
  portal: Portal;
  context: ReturnType<Page['context']>;
  address: string;
  typed: Typed;
  step: number;
};

const acts = {
  async type({ page, typed, step }: World) {
    typed.title = `A title, as of step ${step}`;
    typed.abstract += `Sentence ${step}, with “quotes” & <marks>.\n`;
    await title(page).fill(typed.title);
    await abstract(page).fill(typed.abstract);
  },
  async author({ page, typed, step }: World) {
    await page.getByRole('button', { name: say('submit.addAuthor') }).click();
    typed.authors.push(`Author of step ${step}`);
    await authorName(page, typed.authors.length).fill(typed.authors.at(-1)!);
  },
  async move({ page, typed }: World) {
    const number = typed.authors.length;
    if (number < 2) return;
    const group = page.getByRole('group', { name: authorGroup(number) });
    await group.getByRole('button', { name: say('submit.up') }).click();
    typed.authors.splice(number - 2, 2, typed.authors[number - 1]!, typed.authors[number - 2]!);
  },
  async reload({ page }: World) {
    await page.reload();
    await takenOver(page);
  },
  async away({ page }: World) {
    await page.getByRole('link', { name: say('layout.programme'), exact: true }).click();
    await expect(heading(page, 'programme.title')).toBeVisible();
    await page.goBack();
    await takenOver(page);
  },
  /** The network goes as one saves, and comes back. */
  async offline({ page, context, typed }: World) {
    await context.setOffline(true);
    await save(page).click();
    if (typed.title) await expect(page.getByRole('status').filter({ hasText: say('kept.offline') })).toBeVisible();
    await expectAll(page, typed, ['while offline']);
    await context.setOffline(false);
    if (typed.title) await saved(page);
  },
  /** The session is lost as one saves. */
  async session({ page, portal, context, address, typed }: World) {
    if (!typed.title) return;
    await context.clearCookies();
    await save(page).click();
    await expect(heading(page, 'signIn.title')).toBeVisible();
    await signInByLink(page, portal, address);
    await takenOver(page);
  },
  async save({ page, typed }: World) {
    if (!typed.title) return;
    await save(page).click();
    await saved(page);
  },
};

async function saved(page: Page): Promise<void> {
  await expect(notice(page, 'notice.draftSaved').or(notice(page, 'notice.saved')).first()).toBeVisible();
  await takenOver(page);
}

async function expectAll(page: Page, typed: Typed, done: string[]): Promise<void> {
  const after = `seed ${SEED}: ${done.join(', ')}`;
  await expect(title(page), after).toHaveValue(typed.title);
  await expect(abstract(page), after).toHaveValue(new RegExp(`^${escaped(typed.abstract.trim())}\\s*$`));
  await expect(page.getByLabel(say('submit.authorName')), after).toHaveCount(typed.authors.length);
  for (const [index, name] of typed.authors.entries())
    await expect(authorName(page, index + 1), after).toHaveValue(name);
}

const title = (page: Page) => page.getByLabel(say('submit.titleField'), { exact: true });
const abstract = (page: Page) => page.getByLabel(say('paper.abstract'), { exact: true });
const save = (page: Page) => page.getByRole('button', { name: say('submit.draft'), exact: true });
const authorName = (page: Page, number: number) =>
  page.getByRole('group', { name: authorGroup(number) }).getByLabel(say('submit.authorName'));

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

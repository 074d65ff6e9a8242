import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './portal';
import { type SCREENS, visitAs } from './screens';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
const WIDTHS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const SCHEMES = {
  light: (axe: AxeBuilder) => axe.withTags(TAGS),
  // The same document in other colours.
  dark: (axe: AxeBuilder) => axe.withRules(['color-contrast', 'link-in-text-block']),
};

/** A test for each state of each screen: axe has nothing to say and nothing is too wide, small or large, light or dark. */
export function lookAt(screens: typeof SCREENS): void {
  for (const [file, states] of Object.entries(screens)) {
    for (const [state, { as, show }] of Object.entries(states)) {
      test(`${file}, ${state}`, async ({ browser, portal, watch }) => {
        const page = await visitAs(browser, portal, watch, as);
        await show({ page, portal, watch });
        for (const [width, size] of Object.entries(WIDTHS)) {
          await page.setViewportSize(size);
          expect(await page.evaluate(overflow), `what is wider than the ${width}`).toEqual([]);
          for (const [colorScheme, rules] of Object.entries(SCHEMES)) {
            await page.emulateMedia({ colorScheme: colorScheme as 'light' | 'dark' });
            const { violations } = await rules(new AxeBuilder({ page })).analyze();
            expect(violations.map(told), `${width}, ${colorScheme}`).toEqual([]);
          }
        }
        await page.context().close();
      });
    }
  }
}

/** What makes the page scroll sideways (WCAG 1.4.10). */
function overflow(): string[] {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.querySelectorAll('body *')].filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    return left < 0 || right > room;
  });
  return wide.map((element) => element.outerHTML.slice(0, 120));
}

function told(violation: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }): string {
  const nodes = violation.nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`);
  return [`${violation.id}: ${violation.help}`, ...nodes].join('\n');
}

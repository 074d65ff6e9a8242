import { defineConfig, type PlaywrightTestConfig } from 'playwright/test';
import type { WorkerFixtures } from './tests/e2e/portal';
import { requireChromium } from './tests/support/chromium';

type Use = NonNullable<PlaywrightTestConfig['use']>;

const phone: Use = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const desktop: Use = { viewport: { width: 1280, height: 800 } };
const journeys = 'journeys/*.spec.ts';

// Found once; the workers, which read this file again, inherit it.
process.env.CHROMIUM = requireChromium();

export default defineConfig<object, Pick<WorkerFixtures, 'engine'>>({
  testDir: 'tests/e2e',
  globalSetup: './tests/e2e/setup.ts',
  outputDir: 'test-results',
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  reporter: 'list',
  projects: [
    { name: 'phone', testMatch: journeys, use: phone },
    { name: 'desktop', testMatch: journeys, use: desktop },
    { name: 'no script', testMatch: journeys, use: { ...desktop, javaScriptEnabled: false } },
    // On the other engine the journey that goes through the most tables.
    { name: 'postgres', testMatch: 'journeys/conversation.spec.ts', use: { ...desktop, engine: 'postgres' } },
    { name: 'portal', testIgnore: journeys, use: desktop },
  ],
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    screenshot: 'only-on-failure',
    // Playwright runs it without its sandbox, which neither root nor most containers have; it opens our own pages only.
    // And where there is no screen there is no use in drawing as if there were a graphics card.
    launchOptions: { executablePath: process.env.CHROMIUM, args: ['--disable-gpu'] },
  },
});

import { defineConfig } from 'vitest/config';
import { alias, browserScript } from './vite.config';

/** Without the Remix plugin: tests load the domain, the database and the routes' loaders and actions as plain modules. */
export default defineConfig({
  plugins: [browserScript('times', false), browserScript('kept-forms', false), browserScript('passkeys', false)],
  resolve: { alias },
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    exclude: ['tests/e2e/**'],
    globalSetup: ['tests/support/build-setup.ts', 'tests/support/postgres-setup.ts'],
    // The build runs as it is.
    server: { deps: { external: [/\/build\/server\//] } },
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
  },
});

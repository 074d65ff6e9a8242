import { fileURLToPath } from 'node:url';
import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';
import remixConfig from './remix.config.js';

export const alias = {
  '~': path('./app'),
  '#db': path('./db'),
  '#emails': path('./emails'),
  '#locales': path('./locales'),
};

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [remix(remixConfig)],
  resolve: { alias },
  // The search for the browser's packages walks through the server's too, and this one has no browser build to find.
  optimizeDeps: { exclude: ['@node-rs/argon2'] },
  build: {
    target: isSsrBuild ? 'node20' : 'es2022',
    assetsInlineLimit: 0,
    // One server build with several doors: the web server, the command line and what the tests open.
    rollupOptions: {
      input: isSsrBuild
        ? ['server.ts', 'bin/cli.ts', 'app/http/portal.server.ts', 'app/http/listener.server.ts']
        : undefined,
      // zod's own comments, and routes that have no part in the browser.
      onwarn: (warning, warn) => ['INVALID_ANNOTATION', 'EMPTY_BUNDLE'].includes(warning.code ?? '') || warn(warning),
    },
  },
}));

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig, type Plugin } from 'vite';
import remixConfig from './remix.config.js';

export const alias = {
  '~': path('./app'),
  '#db': path('./db'),
  '#emails': path('./emails'),
  '#locales': path('./locales'),
};

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [remix(remixConfig), compressed()],
  resolve: { alias },
  build: {
    target: isSsrBuild ? 'node20' : 'es2022',
    assetsInlineLimit: 0,
    // One server build with three doors: the web server, the command line and what the tests open.
    rollupOptions: {
      input: isSsrBuild ? ['server.ts', 'bin/cli.ts', 'app/http/portal.server.ts'] : undefined,
      // zod's own comments, and routes that have no part in the browser.
      onwarn: (warning, warn) => ['INVALID_ANNOTATION', 'EMPTY_BUNDLE'].includes(warning.code ?? '') || warn(warning),
    },
  },
}));

/** Beside each file for browsers a smaller one, for who accepts it. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: (_, { isSsrBuild }) => !isSsrBuild,
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          const source = file.type === 'chunk' ? file.code : file.source;
          if (source.length < 500) continue;
          this.emitFile({ type: 'asset', fileName: `${file.fileName}.br`, source: brotliCompressSync(source) });
          this.emitFile({ type: 'asset', fileName: `${file.fileName}.gz`, source: gzipSync(source, { level: 9 }) });
        }
      },
    },
  };
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

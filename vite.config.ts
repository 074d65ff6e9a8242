import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  plugins: [remix(remixConfig), ...(isSsrBuild ? [] : [compressed()])],
  resolve: { alias },
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

/** Beside each file for browsers, the same compressed, as the server sends it to who takes that. */
function compressed(): Plugin {
  return {
    name: 'colloquy:compressed',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle).filter((name) => /\.(js|css|svg)$/.test(name))) {
        const file = bundle[name]!;
        const content = Buffer.from(file.type === 'chunk' ? file.code : file.source);
        await writeFile(join(dir, `${name}.br`), brotliCompressSync(content));
        await writeFile(join(dir, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

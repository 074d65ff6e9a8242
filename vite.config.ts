import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { vitePlugin as remix } from '@remix-run/dev';
import { build, defineConfig, type Plugin } from 'vite';
import remixConfig from './remix.config.js';

export const alias = {
  '~': path('./app'),
  '#db': path('./db'),
  '#emails': path('./emails'),
  '#locales': path('./locales'),
};

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [
    remix(remixConfig),
    browserScript('times', !isSsrBuild),
    browserScript('kept-forms', !isSsrBuild),
    browserScript('passkeys', !isSsrBuild),
    ...(isSsrBuild ? [] : [compressed()]),
  ],
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

/**
 * A script of pages that React does not take over, as one file with a name of its own. `virtual:NAME` is its address: of
 * the built file, or in development of the source, which Vite serves as it is.
 */
export function browserScript(name: string, emits: boolean): Plugin {
  const id = `\0virtual:${name}`;
  const source = `app/client/${name}.ts`;
  let serves = false;
  return {
    name: `colloquy:browser-script-${name}`,
    configResolved(config) {
      serves = config.command === 'serve';
    },
    resolveId: (asked) => (asked === `virtual:${name}` ? id : null),
    async load(asked) {
      if (asked !== id) return null;
      if (serves) return `export default '/${source}'`;
      const code = await bundled(path(`./${source}`));
      const fileName = `assets/${name}-${createHash('sha256').update(code).digest('base64url').slice(0, 8)}.js`;
      if (emits) this.emitFile({ type: 'asset', fileName, source: code });
      return `export default '/${fileName}'`;
    },
  };
}

async function bundled(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      minify: 'esbuild',
      modulePreload: false,
      rollupOptions: { input: entry, output: { format: 'es' } },
    },
  });
  const [output] = [built].flat();
  if (!output || !('output' in output)) throw new Error('Vite has built nothing');
  return output.output[0].code;
}

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

#!/usr/bin/env node
// `npm run dev`: the same server from the sources. Pages reload as they change; a change of the server's own parts
// (anything that it opens at its start) takes a restart.
import { existsSync } from 'node:fs';
import { ensureReady, root } from './setup.mjs';

process.chdir(root);
await ensureReady({ build: false });
if (existsSync('.env')) process.loadEnvFile('.env');

const { createServer } = await import('vite');
const vite = await createServer({ server: { middlewareMode: true } });
const { serve } = await vite.ssrLoadModule('/server.ts');
const running = await serve(process.env, {
  build: () => vite.ssrLoadModule('virtual:remix/server-build'),
  clientDirectory: null,
  mode: 'development',
  before: (listener) => (req, res) => vite.middlewares(req, res, () => listener(req, res)),
});
for (const line of running.welcome) console.log(line);

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, async () => {
    await running.stop();
    await vite.close();
    process.exit(0);
  });
}

#!/usr/bin/env node
// `npm run dev`: the same server from the sources. A changed page shows at the next reload; a change of what the
// server opens at its start (the domain, the database, the settings) restarts it.
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { ensureReady, root } from './setup.mjs';

const OPENED_AT_START = /^(server\.ts|db\/|emails\/|locales\/|app\/(domain|http|auth)\/|app\/[^/]*\.server\.ts)/;

process.chdir(root);
await ensureReady({ build: false });
if (existsSync('.env')) process.loadEnvFile('.env');

const { createServer } = await import('vite');
const vite = await createServer({ server: { middlewareMode: true, hmr: false, ws: false } });
let running = await start();
for (const line of running.welcome) console.log(line);

let restarting = null;
vite.watcher.on('change', (path) => {
  if (!OPENED_AT_START.test(relative(root, path))) return;
  clearTimeout(restarting);
  restarting = setTimeout(restart, 100);
});

async function start() {
  const { serve } = await vite.ssrLoadModule('/server.ts');
  return serve(process.env, {
    build: () => vite.ssrLoadModule('virtual:remix/server-build'),
    clientDirectory: null,
    mode: 'development',
    before: (listener) => (req, res) => vite.middlewares(req, res, () => listener(req, res)),
  });
}

async function restart() {
  await running.stop();
  try {
    running = await start();
    console.log('Restarted.');
  } catch (error) {
    vite.ssrFixStacktrace(error);
    console.error(error);
    running = { stop: async () => {} };
  }
}

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, async () => {
    await running.stop();
    await vite.close();
    process.exit(0);
  });
}

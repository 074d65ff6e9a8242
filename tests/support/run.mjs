// Runs a TypeScript module of this tree in a process of its own: node tests/support/run.mjs PATH [argument…]
// The module's `main` gets the arguments. Loaded by Vite, as in the tests, so that aliases and import.meta.glob work.
import { fileURLToPath } from 'node:url';
import { createServer, loadConfigFromFile } from 'vite';

const [path, ...rest] = process.argv.slice(2);
const root = fileURLToPath(new URL('../..', import.meta.url));
const { alias } = await aliases();
const vite = await createServer({
  root,
  configFile: false,
  appType: 'custom',
  logLevel: 'error',
  resolve: { alias },
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true, include: [] },
});
const module = await vite.ssrLoadModule(path);
await module.main(...rest);
await vite.close();

async function aliases() {
  const loaded = await loadConfigFromFile({ command: 'serve', mode: 'test' }, `${root}/vitest.config.ts`, root);
  return loaded.config.resolve;
}

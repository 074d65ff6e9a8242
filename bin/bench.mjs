#!/usr/bin/env node
// `npm run bench [-- options]`: how fast the built portal is on this machine, beside a bare server. See --help.
import { ensureReady, run } from './setup.mjs';

await ensureReady({ build: true });
run(process.execPath, ['tests/support/run.mjs', '/tests/bench/main.ts', ...process.argv.slice(2)]);

#!/usr/bin/env node
// `npm run colloquy -- <command>`: sees to it that everything is installed and built, then runs the built command line.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// npm sets it; whoever calls this file directly may stand anywhere. Names of files are read from there.
process.env.INIT_CWD ??= process.cwd();
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const { ensureReady } = await import('./setup.mjs');
await ensureReady({ build: true });
if (existsSync('.env')) process.loadEnvFile('.env');
const { run } = await import('../build/server/cli.js');
process.exitCode = await run(process.argv, process.env);

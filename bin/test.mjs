#!/usr/bin/env node
// `npm test`: from a fresh clone to the proof that it all works, in one command. Stops at the first step that fails;
// the last line adds up everything that was tried, each check as one.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureReady, root } from './setup.mjs';

process.chdir(root);
const reports = mkdtempSync(join(tmpdir(), 'colloquy-reports-'));
const total = { passed: 0, failed: 0, skipped: 0 };
let done = false;

// Also where a step ends this process: an installation that fails, or a signal.
process.on('exit', () => {
  rmSync(reports, { recursive: true, force: true });
  if (!done && total.failed === 0) total.failed = 1;
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
});

const STEPS = [
  ['Packages and build', () => ensureReady({ build: true }), nothing],
  ['Types', () => script('check:types'), one],
  ['Lint', () => script('check:lint'), one],
  ['Architecture', () => script('check:arrows'), one],
  [
    'Vitest',
    () => script('test:unit', '--reporter=default', '--reporter=json', `--outputFile.json=${vitest()}`),
    vitestCounts,
  ],
  ['Journeys', () => script('test:e2e', '--reporter=list,json'), playwrightCounts],
];

for (const [name, work, count] of STEPS) {
  const began = performance.now();
  console.log(`\n— ${name}`);
  const code = (await work()) ?? 0;
  add(count(code), code);
  console.log(`— ${name}: ${code === 0 ? 'done' : 'failed'} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  if (code !== 0) process.exit(1);
}
done = true;
// What Playwright leaves behind is of use after a failure only.
rmSync(join(root, 'test-results'), { recursive: true, force: true });

function add(counts, code) {
  for (const name of Object.keys(total)) total[name] += counts[name] ?? 0;
  // It ended badly though no test failed: a set-up, a teardown or the program itself.
  if (code !== 0 && !counts.failed) total.failed += 1;
}

function nothing() {
  return {};
}

function one(code) {
  return code === 0 ? { passed: 1 } : { failed: 1 };
}

function vitestCounts() {
  const report = read(vitest());
  return {
    passed: report?.numPassedTests,
    failed: report?.numFailedTests,
    skipped: report && report.numPendingTests + report.numTodoTests,
  };
}

function playwrightCounts() {
  const stats = read(playwright())?.stats;
  return { passed: stats && stats.expected + stats.flaky, failed: stats?.unexpected, skipped: stats?.skipped };
}

function vitest() {
  return join(reports, 'vitest.json');
}

function playwright() {
  return join(reports, 'playwright.json');
}

/** Null where the step did not live to write it. */
function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Runs one of our scripts to its end, without input; a signal to us reaches it too. Resolves with its exit code. */
function script(name, ...args) {
  const child = spawn('npm', ['run', '--silent', name, '--', ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: playwright() },
    shell: process.platform === 'win32',
  });
  const pass = (signal) => child.kill(signal);
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, pass);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once('close', (code) => {
      for (const signal of ['SIGTERM', 'SIGINT']) process.off(signal, pass);
      resolve(code ?? 1);
    });
  });
}

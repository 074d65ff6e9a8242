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
  const good = add(count(await work()));
  console.log(`— ${name}: ${good ? 'done' : 'failed'} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  if (!good) process.exit(1);
}
done = true;
// What Playwright leaves behind is of use after a failure only.
rmSync(join(root, 'test-results'), { recursive: true, force: true });

/** Whether nothing failed. */
function add(counts) {
  for (const [name, number] of Object.entries(counts)) total[name] += number;
  return !counts.failed;
}

function nothing() {
  return {};
}

function one(code) {
  return code === 0 ? { passed: 1 } : { failed: 1 };
}

function vitestCounts(code) {
  const report = read(vitest());
  return sound(
    code,
    report && {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    },
  );
}

function playwrightCounts(code) {
  const stats = read(playwright())?.stats;
  return sound(
    code,
    stats && { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped },
  );
}

/** What ended badly though no test failed, or did not live to tell, is a failure: a set-up, say, or a teardown. */
function sound(code, counts) {
  if (!counts) return { failed: 1 };
  return code === 0 ? counts : { ...counts, failed: Math.max(counts.failed, 1) };
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

/** Runs one of our scripts to its end, without input. Resolves with its exit code. */
function script(name, ...args) {
  const windows = process.platform === 'win32';
  const child = spawn('npm', ['run', '--silent', name, '--', ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: playwright() },
    // A group of its own: a signal to us then reaches all that the script has started, which npm alone would not see to.
    detached: !windows,
    shell: windows,
  });
  const pass = (signal) => (windows ? child.kill(signal) : process.kill(-child.pid, signal));
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, pass);
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

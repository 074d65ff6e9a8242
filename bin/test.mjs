#!/usr/bin/env node
// `npm test`: from a fresh clone to a proof. Installs, builds, then types, lint, arrows, the tests on both databases
// and the journeys in a browser. Stops at the first step that fails; the last line counts them all, each check as one.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureReady, root } from './setup.mjs';

process.chdir(root);
const reports = mkdtempSync(join(tmpdir(), 'colloquy-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const times = [];

// Whatever ends this process, be it an installation that fails, the last line is there.
process.on('exit', (code) => {
  rmSync(reports, { recursive: true, force: true });
  if (code !== 0 && total.failed === 0) total.failed = 1;
  console.log('');
  for (const [name, seconds] of times) console.log(`${name}: ${seconds} s`);
  const { passed, failed, skipped } = total;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
});

await timed('install and build', () => ensureReady({ build: true }));
const steps = [
  ['types', () => check('check:types')],
  ['lint', () => check('check:lint')],
  ['arrows', () => check('check:arrows')],
  ['tests', vitest],
  ['journeys', playwright],
];
for (const [name, step] of steps) if (!(await timed(name, step))) process.exit(1);
// What the journeys leave behind is of use only where one failed.
rmSync(join(root, 'test-results'), { recursive: true, force: true });

async function timed(name, step) {
  const began = Date.now();
  console.log(`\n== ${name}`);
  const result = await step();
  times.push([name, Math.round((Date.now() - began) / 1000)]);
  return result;
}

async function check(script) {
  return count((await run('npm', ['run', '-s', script])) ? { passed: 1 } : { failed: 1 });
}

async function vitest() {
  const file = join(reports, 'vitest.json');
  const ok = await run(process.execPath, [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = readReport(file);
  return counted(
    ok,
    report && {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    },
  );
}

async function playwright() {
  const file = join(reports, 'playwright.json');
  const ok = await run(process.execPath, ['node_modules/playwright/cli.js', 'test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  });
  const stats = readReport(file)?.stats;
  return counted(
    ok,
    stats && { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped },
  );
}

/** A runner that failed without a failing test (it could not start, say) is a failure all the same. */
function counted(ok, results) {
  if (!results) return count({ failed: 1 });
  return count(ok || results.failed > 0 ? results : { ...results, failed: 1 });
}

function count(results) {
  for (const [name, number] of Object.entries(results)) total[name] += number;
  return !results.failed;
}

/** Runs a program to its end, without input. A signal that would end us ends it first. */
function run(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  const pass = (signal) => child.kill(signal);
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, pass);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.once('close', (code) => {
      for (const signal of ['SIGTERM', 'SIGINT']) process.off(signal, pass);
      resolve(code === 0);
    });
  });
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

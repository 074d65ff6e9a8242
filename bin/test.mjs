#!/usr/bin/env node
// `npm test`: from a fresh clone to a proof. Installs, builds, then types, lint, arrows, the tests on both databases
// and the journeys in a browser. The last line counts them all; each check counts as one.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureReady, root } from './setup.mjs';

process.chdir(root);
const reports = mkdtempSync(join(tmpdir(), 'colloquy-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const times = [];

await timed('install and build', () => ensureReady({ build: true }));
const steps = [
  ['types', () => check('check:types')],
  ['lint', () => check('check:lint')],
  ['arrows', () => check('check:arrows')],
  ['tests', vitest],
  ['journeys', playwright],
];
for (const [name, step] of steps) if (!(await timed(name, step))) break;

rmSync(reports, { recursive: true, force: true });
for (const [name, seconds] of times) console.log(`${name}: ${seconds} s`);
const { passed, failed, skipped } = total;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;

async function timed(name, step) {
  const began = Date.now();
  console.log(`\n== ${name}`);
  const result = await step();
  times.push([name, Math.round((Date.now() - began) / 1000)]);
  return result;
}

function check(script) {
  return count(run('npm', ['run', '-s', script]) ? { passed: 1 } : { failed: 1 });
}

function vitest() {
  const file = join(reports, 'vitest.json');
  const ok = run('npx', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
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

function playwright() {
  const file = join(reports, 'playwright.json');
  const ok = run('npx', ['playwright', 'test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: file });
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

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  return status === 0;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

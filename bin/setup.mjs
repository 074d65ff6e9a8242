// Brings a clone to where it can run: dependencies from the lock file, and a build of these very sources.
// Plain JavaScript without dependencies: it runs before there are any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const INSTALLED = join(root, 'node_modules/.colloquy-installed');
const BUILT = join(root, 'build/.colloquy-built');
const SOURCES = [
  'app',
  'db',
  'emails',
  'locales',
  'bin',
  'server.ts',
  'remix.config.js',
  'vite.config.ts',
  'tsconfig.json',
  'package.json',
  'public',
];

/** Installs and builds where that is stale. Fast when nothing is: it compares a hash of the sources. */
export async function ensureReady({ build = true } = {}) {
  requireNode();
  // A container image holds the build and its packages, not the sources: there is nothing to compare and nothing to make.
  if (!existsSync(join(root, 'app'))) return;
  const lock = sha(readFileSync(join(root, 'package-lock.json')));
  if (stamp(INSTALLED) !== lock) {
    say('Installing the packages of the lock file …');
    // With NODE_ENV=production npm would leave out what builds.
    run('npm', ['ci', '--include=dev', '--no-fund', '--no-audit', '--loglevel=error']);
    writeFileSync(INSTALLED, lock);
  }
  if (!build) return;
  const sources = sha(lock + fingerprint());
  if (stamp(BUILT) !== sources) {
    say('Building …');
    run(process.execPath, [join(root, 'node_modules/@remix-run/dev/dist/cli.js'), 'vite:build', '--logLevel', 'warn'], {
      NODE_ENV: 'production',
    });
    mkdirSync(join(root, 'build'), { recursive: true });
    writeFileSync(BUILT, sources);
  }
}

/** Runs a program to its end; what it prints is shown. Ends this process where it fails. */
export function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  if (error) say(error.message);
  if (status !== 0) process.exit(status ?? 1);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(`Colloquy needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

function fingerprint() {
  const lines = [];
  for (const source of SOURCES) walk(join(root, source), lines);
  return lines.join('\n');
}

function walk(path, lines) {
  const found = existsSync(path) && statSync(path);
  if (!found) return;
  if (found.isDirectory()) for (const name of readdirSync(path).sort()) walk(join(path, name), lines);
  else lines.push(`${path.slice(root.length)} ${found.size} ${sha(readFileSync(path))}`);
}

function stamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function sha(data) {
  return createHash('sha256').update(data).digest('hex');
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

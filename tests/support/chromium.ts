import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { chromium } from 'playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const ELSEWHERE = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/snap/bin/chromium'];
const MINUTE = 60_000;

/**
 * The path of a Chromium that runs here: the one that CHROMIUM names, else the system's, else Playwright's own, which
 * is downloaded where that can be, else Debian's package, which is installed where that may be. Throws what to do.
 */
export function requireChromium(): string {
  const named = process.env.CHROMIUM;
  if (named) {
    if (runs(named)) return named;
    throw new Error(`CHROMIUM is set to ${named}, which is no browser that runs here.`);
  }
  return onSystem() ?? playwrightsOwn() ?? debians() ?? fail();
}

function onSystem(): string | undefined {
  const directories = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const paths = NAMES.flatMap((name) => directories.map((directory) => join(directory, name)));
  return [...paths, ...ELSEWHERE].find(runs);
}

function playwrightsOwn(): string | undefined {
  const path = chromium.executablePath();
  if (runs(path)) return path;
  say('There is no Chromium on this machine. Trying to download the one that Playwright brings …');
  const program = join(dirname(createRequire(import.meta.url).resolve('playwright/package.json')), 'cli.js');
  spawnSync(process.execPath, [program, 'install', 'chromium'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 10 * MINUTE,
    // Out of reach is known soon.
    env: { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' },
  });
  return runs(path) ? path : undefined;
}

function debians(): string | undefined {
  if (process.getuid?.() !== 0 || !isDebian()) return undefined;
  say('Trying to install the package chromium of this system …');
  apt('update');
  apt('install', '-y', '--no-install-recommends', 'chromium');
  return onSystem();
}

function isDebian(): boolean {
  const release = '/etc/os-release';
  return existsSync(release) && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync(release, 'utf8'));
}

function apt(...args: string[]): void {
  spawnSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 15 * MINUTE,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

function fail(): never {
  throw new Error(
    'The journeys need a Chromium, and none was found or could be installed. Install one (on Debian: apt-get install chromium), or set CHROMIUM to the path of one.',
  );
}

/** A file of that name is not enough: it may be a stub, or lack its libraries. */
function runs(path: string): boolean {
  return existsSync(path) && spawnSync(path, ['--version'], { stdio: 'ignore', timeout: MINUTE }).status === 0;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

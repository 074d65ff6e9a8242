import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

export type Environment = Record<string, string>;

export interface Started {
  /** Where it will be reached, or would have been. */
  origin: string;
  port: number;
  /** What it has printed so far, by lines. */
  stdout: string[];
  stderr: string[];
  /** Waits for a line on standard output; rejects, with what it printed, when it ends without having said so. */
  line(pattern: RegExp): Promise<string>;
  /** Resolves with the exit code, or the name of the signal that killed it. */
  ended: Promise<number | NodeJS.Signals>;
  signal(name: NodeJS.Signals): void;
}

/** `npm start` as a process of its own, with these settings and no others, whatever the environment or .env say. */
export async function startServer(settings: Environment): Promise<Started> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    ['--import', resolve(import.meta.dirname, 'while-wanted.mjs'), join(ROOT, 'bin/start.mjs')],
    {
      cwd: tmpdir(),
      env: { ...process.env, ...UNSET, HOST: '127.0.0.1', PORT: String(port), ORIGIN: origin, ...settings },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const stdout = linesOf(child.stdout);
  const stderr = linesOf(child.stderr);
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 1));
  });
  return {
    origin,
    port,
    stdout,
    stderr,
    ended,
    line: (pattern) =>
      Promise.race([
        lineLike(child, stdout, pattern),
        ended.then((code) => Promise.reject(new Error(`The server ended with ${code}: ${stderr.join('\n')}`))),
      ]),
    signal: (name) => child.kill(name),
  };
}

/** What it prints, as a line of the log, once it answers. */
export const SERVING = /"msg":"serving"/;

/** An empty value means "not set", and keeps a developer's .env out. */
const UNSET: Environment = Object.fromEntries(
  [
    'NODE_ENV',
    'DATABASE_URL',
    'SMTP_URL',
    'MAIL_FROM',
    'REPLY_DOMAIN',
    'SECRET_KEY',
    'TRUST_PROXY',
    'ROLES',
    'LOG_LEVEL',
  ].map((name) => [name, '']),
);

/** A directory for one server's own files. */
export async function temporaryDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'colloquy-e2e-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

function linesOf(stream: NodeJS.ReadableStream): string[] {
  const lines: string[] = [];
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  stream.on('end', () => {
    if (rest) lines.push(rest);
  });
  return lines;
}

function lineLike(child: ChildProcess, lines: string[], pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    function look() {
      const line = lines.find((one) => pattern.test(one));
      if (line === undefined) return;
      child.stdout?.off('data', look);
      resolve(line);
    }
    child.stdout?.on('data', look);
    look();
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

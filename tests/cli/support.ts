import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { run } from '../../bin/cli';

export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line as `npm run colloquy -- …` does, in this process. */
export async function colloquy(
  env: Record<string, string>,
  args: string[],
  options: { stdin?: Readable; isTTY?: boolean } = {},
): Promise<Ran> {
  const stdout = new PassThrough();
  const stderr = Object.assign(new PassThrough(), { isTTY: options.isTTY ?? false });
  const exitCode = await run(
    ['node', 'colloquy', ...args],
    { NODE_ENV: 'test', ...env },
    { stdin: options.stdin ?? Readable.from([]), stdout, stderr },
  );
  return { exitCode, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

/** A directory that goes when the test is over. */
export async function tempDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'colloquy-cli-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

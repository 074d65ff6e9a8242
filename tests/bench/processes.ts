import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A process of the bench's own that answers what it is asked. */
export interface Helper {
  ask<T>(question: object): Promise<T>;
  stop(): Promise<void>;
}

/** Nothing that the bench waits for takes longer, in milliseconds. */
export const PATIENCE = 60_000;

/** Starts one of the .mjs files beside this one; resolves when it has said that it is ready. */
export async function start(file: string, env: Record<string, string>): Promise<Helper> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    env: { NODE_ENV: 'production', PATH: process.env.PATH, ...env },
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended by itself (${code})`);
  });
  ended.catch(() => {});
  await Promise.race([once(child, 'message', { signal: AbortSignal.timeout(PATIENCE) }), ended]);
  return {
    async ask<T>(question: object) {
      const answer = once(child, 'message', { signal: AbortSignal.timeout(PATIENCE) });
      child.send(question);
      return (await Promise.race([answer, ended]))[0] as T;
    },
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

import type { Readable, Writable } from 'node:stream';

export type Environment = Record<string, string | undefined>;

/** Where a command reads and writes; `process` is one. */
export interface Io {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable & { isTTY?: boolean };
}

/** A command cannot do what it was asked to; the message is all that the caller needs. Never holds an address. */
export class Failure extends Error {}

import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

/** In bytes: a photo of 25 MB, as mail carries it. */
export const MAX_MAIL_BYTES = 36 * 1024 * 1024;
/** Beyond it a mail lies in a file while it is read, so that the process does not grow with what comes in. */
const MAX_IN_MEMORY = 1024 * 1024;
/** Mails in files at once, in this process. */
const MAX_FILES = 10;
/** Of a line, in bytes: RFC 5322 allows 998, careless programs write whole paragraphs. */
const MAX_LINE = 1024 * 1024;
/** Readers of a mail go line by line: so many lines of text take a quarter of a second, and no person types them. */
const MAX_EMPTY_LINES = 30_000;

let files = 0;

/** A mail as its bytes came in, to be read as often as is needed; `dispose` when it has been. */
export class RawMail {
  readonly #bytes: Buffer;
  readonly #file: FileHandle | null;

  constructor(
    bytes: Buffer,
    readonly size: number,
    file: FileHandle | null = null,
  ) {
    this.#bytes = bytes;
    this.#file = file;
  }

  open(): Readable {
    // Each reader begins at the start, whatever others have read.
    if (this.#file) return createReadStream('', { fd: this.#file, start: 0, autoClose: false });
    return Readable.from(chunksOf(this.#bytes), { objectMode: false });
  }

  /** The first of its bytes: all headers of the mail are in them. */
  get head(): Buffer {
    return this.#bytes;
  }

  /** SHA-256 of all of it, in hex. */
  async digest(): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of this.open()) hash.update(chunk as Buffer);
    return hash.digest('hex');
  }

  async dispose(): Promise<void> {
    if (!this.#file) return;
    files--;
    await this.#file.close();
  }
}

/** Small enough that whoever reads them lets others in between. */
function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
}

export function rawMail(bytes: Buffer): RawMail {
  return new RawMail(bytes, bytes.length);
}

export type Collected =
  | { ok: true; mail: RawMail }
  /** `busy`: so many large mails are being read that this one has to come again. */
  | { ok: false; reason: 'too-big' | 'too-complex' | 'busy' };

/**
 * Takes a mail from the network, to the end of the stream whatever it holds, since the protocol wants that. `seen` is
 * shown all bytes as they come, for who signs or counts them.
 */
export async function collectMail(
  stream: AsyncIterable<Uint8Array>,
  seen: (chunk: Uint8Array) => void = () => {},
): Promise<Collected> {
  const chunks: Buffer[] = [];
  const shape = new Shape();
  let size = 0;
  let file: FileHandle | null = null;
  let refused: Exclude<Collected, { ok: true }>['reason'] | null = null;
  try {
    for await (const part of stream) {
      const chunk = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
      seen(chunk);
      size += chunk.length;
      if (size > MAX_MAIL_BYTES) refused ??= 'too-big';
      if (!shape.take(chunk)) refused ??= 'too-complex';
      if (refused) continue;
      if (size <= MAX_IN_MEMORY) chunks.push(Buffer.from(chunk));
      else if (file) await file.write(chunk);
      else if (files >= MAX_FILES) refused = 'busy';
      else {
        file = await openHidden();
        files++;
        await file.write(Buffer.concat(chunks));
        await file.write(chunk);
      }
    }
  } catch (error) {
    await abandon(file);
    throw error;
  }
  if (refused) {
    await abandon(file);
    return { ok: false, reason: refused };
  }
  return { ok: true, mail: new RawMail(Buffer.concat(chunks), size, file) };
}

async function abandon(file: FileHandle | null): Promise<void> {
  if (!file) return;
  files--;
  await file.close();
}

/** Its owner's alone, and without a name from the beginning: whatever ends the process, nothing of it stays. */
async function openHidden(): Promise<FileHandle> {
  const path = join(tmpdir(), `colloquy-${randomBytes(12).toString('hex')}`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path);
  return file;
}

/** Counts what no mail of a person has, so that nothing which reads it is led astray. */
class Shape {
  #line = 0;
  #empty = 0;

  take(chunk: Buffer): boolean {
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(10, from);
      this.#line += (end === -1 ? chunk.length : end) - from;
      if (this.#line > MAX_LINE) return false;
      if (end === -1) return true;
      if (this.#line <= 1 && ++this.#empty > MAX_EMPTY_LINES) return false;
      this.#line = 0;
      from = end + 1;
    }
    return true;
  }
}

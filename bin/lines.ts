import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const NEWLINE = 0x0a;

export interface OpenFile {
  /** The file's lines as they are, without their end. One that is longer than `longest` is cut one byte beyond it. */
  lines: AsyncIterable<Uint8Array>;
  /** Null where it is not known: standard input. */
  size: number | null;
  /** How much of it has been read, as it lies on the disk. */
  bytesRead(): number;
}

/** Opens a file of lines, or standard input where the name is `-`, gzipped or not. Throws where it cannot be read. */
export async function openLines(path: string, stdin: Readable, longest: number): Promise<OpenFile> {
  if (path === '-') return { lines: split(unzipped(stdin), longest), size: null, bytesRead: () => 0 };
  const info = await stat(path);
  if (info.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
  const file = createReadStream(path);
  await new Promise((resolve, reject) => file.once('open', resolve).once('error', reject));
  return {
    lines: split(unzipped(file), longest),
    size: info.isFile() ? info.size : null,
    bytesRead: () => file.bytesRead,
  };
}

/** Goes by what the file holds, not by its name: standard input has none. */
async function* unzipped(source: Readable): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const { done, value } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const whole = { [Symbol.asyncIterator]: () => prepend(head, chunks) };
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip();
  // What breaks the source or the zip is thrown to whoever reads.
  pipeline(whole, gunzip, () => {});
  yield* gunzip;
}

async function* prepend(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** At newlines only: JSON may hold U+2028 and the like as they are, which Node's readline would take for ends of lines. */
async function* split(chunks: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const keep = (part: Uint8Array) => {
    const room = longest + 1 - length;
    if (room <= 0 || part.length === 0) return;
    parts.push(part.subarray(0, room));
    length += Math.min(part.length, room);
  };
  const take = () => {
    const line = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    keep(chunk.subarray(from));
  }
  if (length > 0) yield take();
}

import { type ImportedPaper, type ReadPaper, readPaper } from './import-schema';

/** Bytes of a line, or characters where it comes as text. A reader need not keep more than one beyond. */
export const LONGEST_LINE = 5_000_000;
/** One transaction each. The second limit is for files of very long lines. */
const BATCH_LINES = 200;
const BATCH_LENGTH = 4_000_000;

/** A line of JSON, as text or as bytes of UTF-8. */
export type Line = string | Uint8Array;

export interface Entry {
  line: number;
  length: number;
  paper: ImportedPaper;
}

export interface LineNote {
  /** Counted from 1. */
  line: number;
  /** Never quotes the line. */
  reason: string;
}

/** What could not be taken from the lines. */
export interface Notes {
  rejected: LineNote[];
  /** About papers that went in without something. */
  warnings: LineNote[];
}

/** Where the lines break off with an error, what came before it is handed on first. */
export async function* batches(lines: AsyncIterable<Line> | Iterable<Line>, notes: Notes): AsyncGenerator<Entry[]> {
  let batch: Entry[] = [];
  let length = 0;
  let broken: { error: unknown } | null = null;
  const entries = goodLines(lines, notes);
  for (;;) {
    const next = await entries.next().catch((error: unknown) => {
      broken = { error };
      return { done: true } as const;
    });
    if (next.done) break;
    batch.push(next.value);
    length += next.value.length;
    if (batch.length >= BATCH_LINES || length >= BATCH_LENGTH) {
      yield batch;
      batch = [];
      length = 0;
    }
  }
  if (batch.length > 0) yield batch;
  if (broken) throw (broken as { error: unknown }).error;
}

async function* goodLines(lines: AsyncIterable<Line> | Iterable<Line>, notes: Notes): AsyncGenerator<Entry> {
  const firstLines = new Map<string, number>();
  let line = 0;
  for await (const raw of lines) {
    line++;
    const read = readLine(raw);
    if (read === null) continue;
    const first = read.ok ? firstLines.get(read.paper.ref) : undefined;
    if (!read.ok) {
      notes.rejected.push({ line, reason: read.reason });
    } else if (first !== undefined) {
      notes.rejected.push({ line, reason: `has the same ref as line ${first}` });
    } else {
      firstLines.set(read.paper.ref, line);
      for (const reason of read.warnings) notes.warnings.push({ line, reason });
      yield { line, length: raw.length, paper: read.paper };
    }
  }
}

/** Null: an empty line. */
function readLine(raw: Line): ReadPaper | null {
  if (raw.length > LONGEST_LINE) return { ok: false, reason: 'longer than 5 MB' };
  const text = typeof raw === 'string' ? raw.replace(/^\uFEFF/, '') : decode(raw);
  if (text === null) return { ok: false, reason: 'not UTF-8' };
  return text.trim() === '' ? null : readPaper(text);
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

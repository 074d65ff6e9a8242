import { resolve } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import type { AppContext } from '~/context.server';
import { type ImportResult, importPapers } from '~/domain/submission/import.server';
import { LONGEST_LINE } from '~/domain/submission/import-lines';
import { knownConference } from './conference';
import { type Environment, Failure, type Io } from './io';
import { type OpenFile, openLines } from './lines';

const UNREADABLE: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  Z_BUF_ERROR: 'it ends in the middle',
  Z_DATA_ERROR: 'it is damaged',
};

/** Exit code 0 also where lines were left out: each of them is named, and the rest is in. */
export async function importFile(
  app: AppContext,
  io: Io,
  env: Environment,
  options: { conference: string; file: string },
): Promise<number> {
  const conference = await knownConference(app, options.conference);
  // npm runs scripts in the project's directory and says here where its caller stood.
  const path = options.file === '-' ? '-' : resolve(env.INIT_CWD ?? '', options.file);
  const file = await openLines(path, io.stdin, LONGEST_LINE).catch(unreadable);
  const progress = showProgress(io, file);
  let soFar: ImportResult = { added: 0, unchanged: 0, rejected: [], warnings: [] };
  try {
    soFar = await importPapers(app, conference, file.lines, {
      onProgress(result) {
        soFar = result;
        progress.update(result);
      },
    });
    return 0;
  } catch (error) {
    return unreadable(error, 'What was read before that has gone in; when the file is mended, import it again.');
  } finally {
    progress.stop();
    report(io, soFar, `${app.config.origin}/${conference.slug}/programme`);
  }
}

function showProgress(io: Io, file: OpenFile): { update(result: ImportResult): void; stop(): void } {
  if (!io.stderr.isTTY || file.size === null) return { update() {}, stop() {} };
  const bar = new SingleBar(
    { stream: io.stderr, format: 'Importing {bar} {percentage}%  {papers} papers' },
    Presets.shades_classic,
  );
  bar.start(file.size, 0, { papers: 0 });
  return {
    update: (result) => bar.update(file.bytesRead(), { papers: result.added + result.unchanged }),
    stop: () => bar.stop(),
  };
}

function report(io: Io, result: ImportResult, url: string): void {
  for (const { line, reason } of result.warnings) io.stderr.write(`line ${line}: warning: ${reason}\n`);
  for (const { line, reason } of result.rejected) io.stderr.write(`line ${line}: left out: ${reason}\n`);
  const counts = [
    `${papers(result.added)} added`,
    ...(result.unchanged > 0 ? [`${papers(result.unchanged)} there before and left as they are`] : []),
    ...(result.rejected.length > 0 ? [`${result.rejected.length.toLocaleString('en')} lines left out`] : []),
  ];
  io.stdout.write(`${counts.join(', ')}: ${url}\n`);
}

function papers(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'paper' : 'papers'}`;
}

/** Throws a failure that says why the file cannot be read, or the error itself where it is not about the file. */
function unreadable(error: unknown, more = ''): never {
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  const why = UNREADABLE[code] ?? (syscall === 'read' || code.startsWith('Z_') ? code : null);
  throw why ? new Failure(`The file cannot be read: ${why}. ${more}`.trim()) : error;
}

import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** What SQLite keeps beside a database. It makes these with the mode of the database itself. */
const BESIDE = ['', '-wal', '-shm', '-journal'];
/** What lies in a folder of the portal's own: databases, copies of them, captured mail; and what a file system puts there. */
const OURS = /^mail$|\.(db|sqlite3?|eml)(-wal|-shm|-journal)?$|^\.[0-9a-f]{16}$|^(\.gitignore|\.gitkeep|lost\+found)$/;

/**
 * Sees to it that a database's file can be read by its owner alone, also one that was there before, and what SQLite puts
 * beside it too. Must be called before the file is opened.
 */
export function keepDatabasePrivate(path: string): void {
  const folder = dirname(path);
  keepFolderPrivate(folder, basename(path));
  // Only ever a new file: to open and close one that SQLite has open in this process would end SQLite's locks on it.
  if (!existsSync(path)) tolerating(() => closeSync(openSync(path, 'wx', FILE_MODE)));
  for (const ending of BESIDE) tighten(path + ending, FILE_MODE);
}

/** Makes a folder that its owner alone can enter. One that was there is tightened where it holds nothing but what is ours. */
function keepFolderPrivate(folder: string, database = ''): void {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  else if (isOurs(folder, database)) tighten(folder, FOLDER_MODE);
}

/** The same for a folder of captured mail, with all that is in it. */
export function keepMailPrivate(folder: string): void {
  if (!existsSync(folder)) return;
  keepFolderPrivate(folder);
  for (const name of namesIn(folder)) if (name.endsWith('.eml')) tighten(join(folder, name), FILE_MODE);
}

/** Of these files and folders, those that others than their owner can read or change (or what `mask` says). */
export function openToOthers(paths: readonly string[], mask = 0o077): string[] {
  return paths.filter((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found !== undefined && (found.mode & mask) !== 0 && process.platform !== 'win32';
  });
}

/** The files of a SQLite database. */
export function databaseFiles(path: string): string[] {
  return BESIDE.map((ending) => path + ending);
}

/** Never a folder that others use too: not a home, not the one we stand in, nothing with foreign names in it. */
function isOurs(folder: string, database: string): boolean {
  if ([process.cwd(), homedir(), '/'].includes(resolve(folder))) return false;
  return namesIn(folder).every((name) => OURS.test(name) || (database !== '' && name.startsWith(database)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function tighten(path: string, mode: number): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && (found.mode & 0o777 & ~mode) !== 0) tolerating(() => chmodSync(path, found.mode & mode));
}

/** A file of somebody else's, or one on a disk that knows no modes, is not ours to change: `doctor` says so. */
function tolerating(change: () => void): void {
  try {
    change();
  } catch (error) {
    if (!['EPERM', 'EACCES', 'EROFS', 'ENOTSUP', 'EEXIST', 'ENOENT'].includes((error as { code?: string }).code ?? ''))
      throw error;
  }
}

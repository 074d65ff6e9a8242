import autocannon from 'autocannon';

/** The address under which the portals believe to be reached. */
export const ORIGIN = 'https://bench.example';

/** What browsers say. */
export const BROWSER = {
  host: new URL(ORIGIN).host,
  accept: 'text/html',
  'accept-language': 'en',
  'accept-encoding': 'gzip, deflate, br, zstd',
};

const CONNECTIONS = 10;
/** An answer that never comes must not hold the bench up for long. In seconds. */
const PATIENCE = 10;

export interface Asked {
  path: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
}

/** A server in its own process that says what it has used so far. */
export interface Server {
  url: string;
  usage(): Promise<{ cpuMilliseconds: number }>;
}

export interface Target {
  server: Server;
  /** Asked for in turn by each connection; or a function that is asked for each request. */
  ask: Asked[] | (() => Asked);
  /** The status of a good answer; any other ends the bench. */
  status: number;
}

export interface Round {
  /** Answers a second. */
  rate: number;
  answers: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Milliseconds of CPU that each answer cost the server, on all its threads. */
  cpu: number;
}

/** As many requests as ten connections can make, each waiting for its answer, for so many seconds. */
export async function load(target: Target, seconds: number): Promise<Round> {
  const times: number[] = [];
  const { ask, server } = target;
  const before = await server.usage();
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(
      {
        url: server.url,
        connections: CONNECTIONS,
        duration: seconds,
        timeout: PATIENCE,
        requests:
          typeof ask === 'function'
            ? [{ setupRequest: (request) => ({ ...request, ...withHeaders(ask()) }) }]
            : ask.map((asked) => ({ method: 'GET', ...withHeaders(asked) })),
      },
      (error, done) => (error ? reject(error) : resolve(done)),
    );
    run.on('response', (_client, _status, _bytes, time) => times.push(time));
  });
  const statuses = Object.keys(result.statusCodeStats ?? {});
  if (result.errors > 0 || statuses.some((status) => status !== String(target.status)))
    throw new Error(
      `${server.url}: ${result.errors} errors, answers ${JSON.stringify(result.statusCodeStats)} (LOG_LEVEL=error shows why)`,
    );
  const after = await server.usage();
  const sorted = Float64Array.from(times).sort();
  return {
    rate: times.length / result.duration,
    answers: times.length,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    cpu: (after.cpuMilliseconds - before.cpuMilliseconds) / times.length,
  };
}

export function median(numbers: number[]): number {
  return quantile(Float64Array.from(numbers).sort(), 0.5);
}

function withHeaders(asked: Asked): Asked {
  return { ...asked, headers: { ...BROWSER, ...asked.headers } };
}

function quantile(sorted: Float64Array, part: number): number {
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? 0;
}

import { type Figure, interleaved, type Pace, ratioOf, summary } from './figure';
import type { Asked, Round, Server, Target } from './load';
import type { Portal } from './portal';
import { freePort, start } from './processes';
import { capture } from './wire';

/** Node sets these itself. */
const HOP_BY_HOP = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding']);

/**
 * Pages of the portal against the very same bytes from a bare server, in turn. The ratio is that of the rates or, where
 * that is lower, that of the CPU each answer costs: two servers that both wait for the load to come look alike.
 */
export async function measurePages(
  portal: Portal,
  name: string,
  ask: Asked[],
  pace: Pace,
): Promise<Figure & { ratio: number; cpu: number }> {
  const bare = await startBare(portal, ask);
  try {
    const targets: Target[] = [bare, portal].map((server) => ({ server, ask, status: 200 }));
    const [bareRounds, rounds] = (await interleaved(targets, pace)) as [Round[], Round[]];
    const yardstick = summary(bareRounds);
    const each = (what: 'rate' | 'cpu', some: Round[]) => some.map((round) => round[what]);
    const byRate = ratioOf(each('rate', rounds), each('rate', bareRounds));
    const byCpu = ratioOf(each('cpu', bareRounds), each('cpu', rounds));
    return {
      name,
      ...summary(rounds),
      ratio: Math.min(byRate, byCpu),
      note:
        `bare server: ${Math.round(yardstick.value)}/s, p50 ${yardstick.p50.toFixed(1)}, p99 ${yardstick.p99.toFixed(1)}, ` +
        `CPU ${yardstick.cpu.toFixed(3)} ms; ratio by rate ${byRate.toFixed(2)}, by CPU ${byCpu.toFixed(2)}`,
    };
  } finally {
    await bare.stop();
  }
}

async function startBare(portal: Portal, ask: Asked[]): Promise<Server & { stop(): Promise<void> }> {
  const pages = [];
  for (const asked of ask) {
    // Twice: what is kept in between is what visitors get.
    await capture(portal.url, asked);
    const { status, headers, body } = await capture(portal.url, asked);
    if (status !== 200) throw new Error(`${asked.path} answers ${status}`);
    pages.push({ path: asked.path, headers: withoutHopByHop(headers), body: body.toString('base64') });
  }
  const port = await freePort();
  const helper = await start('./bare-process.mjs', { BARE: JSON.stringify({ port, pages }) });
  return { url: `http://127.0.0.1:${port}`, usage: () => helper.ask({}), stop: helper.stop };
}

function withoutHopByHop(headers: string[]): string[] {
  return headers.filter((_, index) => !HOP_BY_HOP.has((headers[index - (index % 2)] ?? '').toLowerCase()));
}

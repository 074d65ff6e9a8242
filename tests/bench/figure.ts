import { load, median, type Round, type Target } from './load';

/** One line of the table, and of the file that --json writes. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The value beside its yardstick's; null where there is none. */
  ratio: number | null;
  /** Milliseconds. */
  p50?: number;
  p99?: number;
  cpu?: number;
  /** The yardstick, what else is worth knowing. */
  note: string;
  goal?: { text: string; met: boolean };
}

export interface Pace {
  rounds: number;
  /** Of each round. */
  seconds: number;
}

/** Loads the targets in turn, so that what else the machine does falls on all of them; the first, short round only warms up. */
export async function interleaved(targets: Target[], pace: Pace): Promise<Round[][]> {
  for (const target of targets) await load(target, Math.min(1, pace.seconds));
  const rounds: Round[][] = targets.map(() => []);
  for (let round = 0; round < pace.rounds; round++)
    for (const [index, target] of targets.entries()) rounds[index]!.push(await load(target, pace.seconds));
  return rounds;
}

export function summary(rounds: Round[]): { value: number; unit: string; p50: number; p99: number; cpu: number } {
  const over = (what: keyof Round) => median(rounds.map((round) => round[what]));
  return { value: over('rate'), unit: 'requests/s', p50: over('p50'), p99: over('p99'), cpu: over('cpu') };
}

/** Of rates measured in turn: the median of each pair's ratio. */
export function ratioOf(rates: number[], yardstick: number[]): number {
  return median(rates.map((rate, index) => rate / yardstick[index]!));
}

export function atLeast(least: number, value: number): Figure['goal'] {
  return { text: `≥ ${least}`, met: value >= least };
}

export function below(most: number, value: number, unit: string): Figure['goal'] {
  return { text: `< ${most} ${unit}`, met: value < most };
}

import type { Figure } from './figure';

const HEADINGS = ['', 'value', '', 'p50 ms', 'p99 ms', 'CPU ms', 'ratio', 'goal', '', ''];

/** The figures for people. */
export function table(figures: Figure[]): string {
  const rows = figures.map(({ name, value, unit, p50, p99, cpu, ratio, goal, note }) => [
    name,
    number(value),
    unit,
    p50?.toFixed(1) ?? '',
    p99?.toFixed(1) ?? '',
    cpu?.toFixed(cpu < 1 ? 3 : 2) ?? '',
    ratio === null ? '' : ratio.toFixed(2),
    goal?.text ?? '',
    goal ? (goal.met ? 'met' : 'MISSED') : '',
    note,
  ]);
  const all = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column]!, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function pad(cell: string, width: number, column: number): string {
  return [1, 3, 4, 5, 6].includes(column) ? cell.padStart(width) : cell.padEnd(width);
}

function number(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2);
}

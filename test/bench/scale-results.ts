import { table } from '../../server/commands/output.ts';
import { atMost, type Figure, median, unbounded } from './figure.ts';
import type { Size } from './scale-data.ts';
import type { Growth } from './scale-questions.ts';

const most = { ratio: 1.5, rankingRatio: 3, hold: 20 };

export interface Result {
  /** How long the answer took, and how long the server’s event loop was held meanwhile, ms. */
  time: number;
  hold: number;
  /** The longest time that another partner waited meanwhile, ms; null: none asked. */
  beside: number | null;
}

export interface Row {
  what: string;
  growth: Growth;
  /** Those of each turn. */
  results: Partial<Record<Size, Result[]>>;
}

export function timeOf({ results }: Row, size: Size): number | null {
  return results[size] ? median(results[size].map(({ time }) => time)) : null;
}

/** The median of the turns: in some, other processes of the machine made the hold longer. */
function holdOf({ results }: Row, size: Size): number | null {
  return results[size] ? median(results[size].map(({ hold }) => hold)) : null;
}

function longestHoldOf({ results }: Row, size: Size): number | null {
  return results[size] ? Math.max(...results[size].map(({ hold }) => hold)) : null;
}

function ratioOf(row: Row, size: Size, base: Size = 'small'): number | null {
  const [time, baseTime] = [timeOf(row, size), timeOf(row, base)];
  return time === null || baseTime === null ? null : time / baseTime;
}

export function writeRows(rows: readonly Row[]): string {
  const written = (value: number | null, digits: number) => value?.toFixed(digits) ?? '–';
  return table(
    ['question', 'small, ms', 'large, ms', 'ratio', 'wide, ms', 'ratio', 'hold: large', 'wide'],
    rows.map((row) => [
      row.what,
      written(timeOf(row, 'small'), 2),
      written(timeOf(row, 'large'), 2),
      written(ratioOf(row, 'large'), 2),
      written(timeOf(row, 'wide'), 2),
      written(ratioOf(row, 'wide'), 2),
      written(holdOf(row, 'large'), 1),
      written(holdOf(row, 'wide'), 1),
    ]),
  ).join('\n');
}

export function figuresOf(rows: readonly Row[]): Figure[] {
  const steady = rows.filter(({ growth }) => growth === 'nothing');
  const rankings = rows.filter(({ growth }) => growth === 'accounts');
  return (['large', 'wide'] as const).flatMap((size) => {
    const base = size === 'large' ? 'small' : 'large';
    const ratio = greatest(steady, (row) => ratioOf(row, size));
    const ranking = greatest(rankings, (row) => ratioOf(row, size, base));
    const hold = greatest(rows, (row) => holdOf(row, size));
    const longest = greatest(rows, (row) => longestHoldOf(row, size));
    return [
      atMost(`A question after a new trade, ${size} against small`, ratio.value, most.ratio, {
        details: ` (${ratio.what})`,
      }),
      atMost(
        `A ranking of ten times the accounts, ${size} against ${base}`,
        ranking.value,
        most.rankingRatio,
        { details: ` (${ranking.what})` },
      ),
      atMost(`Hold of the event loop, ${size}`, hold.value, most.hold, {
        unit: ' ms',
        digits: 1,
        details: ` (${hold.what})`,
      }),
      unbounded('  the longest in any turn', `${longest.value.toFixed(1)} ms (${longest.what})`),
      ...rows.flatMap((row) => waitBeside(row, size)),
    ];
  });
}

function waitBeside({ what, results }: Row, size: Size): Figure[] {
  const waits = (results[size] ?? []).flatMap(({ beside }) => beside ?? []);
  if (waits.length === 0) return [];
  const longest = Math.max(...waits).toFixed(1);
  return [unbounded(`The longest wait of another partner, ${size}: ${what}`, `${longest} ms`)];
}

function greatest(rows: readonly Row[], measureOf: (row: Row) => number | null) {
  return rows
    .map((row) => ({ what: row.what, value: measureOf(row) ?? 0 }))
    .reduce((one, other) => (other.value > one.value ? other : one));
}

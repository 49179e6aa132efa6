import { table } from '../../server/commands/output.ts';

/** A measured value, as text, and whether it is within its bound. */
export interface Figure {
  what: string;
  measured: string;
  /** Null: it has no bound and is only reported. */
  bound: string | null;
  isWithin: boolean | null;
}

export function atLeast(what: string, value: number, least: number, details = ''): Figure {
  return {
    what,
    measured: value.toFixed(2) + details,
    bound: `at least ${least}`,
    isWithin: value >= least,
  };
}

export function atMost(
  what: string,
  value: number,
  most: number,
  { unit = '', digits = 2, details = '' } = {},
): Figure {
  return {
    what,
    measured: value.toFixed(digits) + unit + details,
    bound: `at most ${most}${unit}`,
    isWithin: value <= most,
  };
}

export function unbounded(what: string, measured: string): Figure {
  return { what, measured, bound: null, isWithin: null };
}

export function writeTable(figures: readonly Figure[]): string {
  return table(
    ['what', 'measured', 'bound', ''],
    figures.map(({ what, measured, bound, isWithin }) => [
      what,
      measured,
      bound ?? '',
      isWithin === null ? '' : isWithin ? 'ok' : 'OVER',
    ]),
  ).join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Reports on stderr what is being measured. */
export function progress(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

import { parseDay } from '../../shared/day.ts';
import { fromDecimal, toDecimal } from '../../shared/money.ts';
import type { Bar } from '../draw/bars.ts';
import type { CurveDay } from './days.ts';

/** The profit or loss of equal stretches of time. */
export interface Results {
  /** The length of a stretch. */
  name: 'daily' | 'weekly' | 'monthly' | 'yearly';
  /** Slots are counted from 1, the first day. */
  bars: Bar[];
  /** How many slots a stretch has. */
  slots: number;
}

/** More bars than this would be a blur. */
const mostBars = 70;

const stretches = [
  { name: 'daily', slots: 1, of: ({ day }: CurveDay) => day },
  // 1970-01-05 was a Monday.
  { name: 'weekly', slots: 5, of: ({ day }: CurveDay) => Math.floor((parseDay(day) - 4) / 7) },
  { name: 'monthly', slots: 21, of: ({ day }: CurveDay) => day.slice(0, 7) },
  { name: 'yearly', slots: 252, of: ({ day }: CurveDay) => day.slice(0, 4) },
] as const;

/** The results of days; of weeks, months or years where days would be too many. */
export function resultsOf(days: readonly CurveDay[]): Results {
  const { name, slots, of } =
    stretches.find((stretch) => days.length / stretch.slots <= mostBars) ?? stretches.at(-1)!;
  const sums = new Map<unknown, { first: number; last: number; units: number }>();
  days.forEach((day, index) => {
    const stretch = of(day);
    const sum = sums.get(stretch) ?? { first: index, last: index, units: 0 };
    sum.last = index;
    sum.units += fromDecimal(day.traded?.pnl ?? 0);
    sums.set(stretch, sum);
  });
  const bars = [...sums.values()].map(({ first, last, units }) => ({
    slot: 1 + (first + last) / 2,
    value: toDecimal(units),
  }));
  return { name, slots, bars };
}

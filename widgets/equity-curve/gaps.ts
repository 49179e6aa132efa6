import { parseDay } from '../../shared/day.ts';
import type { CurveDay } from './days.ts';

/**
 * A stretch without trades, between two traded slots. `from` is -1 where nothing was traded before it,
 * `to` one more than there are slots where nothing was traded after it.
 */
export interface Gap {
  from: number;
  to: number;
}

/** In days, and as a share of all slots: a shorter gap is visible without a name. */
const shortestGap = 92;
const leastPart = 0.08;

/** The gaps that a curve marks. Slots are counted from 1, the first day. */
export function gapsOf(days: readonly CurveDay[]): Gap[] {
  const gaps: Gap[] = [];
  let from = -1;
  days.forEach(({ day, traded }, index) => {
    if (!traded && index + 1 < days.length) return;
    const to = index + (traded ? 1 : 2);
    const first = days[Math.max(0, from - 1)]!.day;
    const isSeen =
      to - from > leastPart * days.length && parseDay(day) - parseDay(first) > shortestGap;
    if (isSeen) gaps.push({ from, to });
    from = to;
  });
  return gaps;
}

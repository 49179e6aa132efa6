import { parseDay } from '../../shared/day.ts';
import type { CurveDay } from './days.ts';

/**
 * A stretch without trades, between two slots that had some; from -1 where nothing was traded before
 * it, and to one slot more than there are where nothing was traded after it.
 */
export interface Silence {
  from: number;
  to: number;
}

/** In days, and as a part of all slots: a shorter silence is seen by itself. */
const shortestSilence = 92;
const leastPart = 0.08;

/** Where a curve says that nothing was traded for long. Slots count from 1, the first day's. */
export function silencesOf(days: readonly CurveDay[]): Silence[] {
  const silences: Silence[] = [];
  let from = -1;
  days.forEach(({ day, traded }, index) => {
    if (!traded && index + 1 < days.length) return;
    const to = index + (traded ? 1 : 2);
    const first = days[Math.max(0, from - 1)]!.day;
    const isSeen =
      to - from > leastPart * days.length && parseDay(day) - parseDay(first) > shortestSilence;
    if (isSeen) silences.push({ from, to });
    from = to;
  });
  return silences;
}

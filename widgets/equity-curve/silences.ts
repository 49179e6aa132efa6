import type { CurveDay } from './days.ts';

/** A stretch without trades, between two slots that had some. */
export interface Silence {
  from: number;
  to: number;
}

/** In slots, and as a part of all of them: a shorter silence is seen by itself. */
const shortestSilence = 66;
const leastPart = 0.08;

/** Where a curve says that nothing was traded for long. Slots count from 1, the first day's. */
export function silencesOf(days: readonly CurveDay[]): Silence[] {
  const least = Math.max(shortestSilence, leastPart * days.length);
  const silences: Silence[] = [];
  let from: number | undefined;
  days.forEach(({ traded }, index) => {
    if (!traded) return;
    if (from !== undefined && index + 1 - from > least) silences.push({ from, to: index + 1 });
    from = index + 1;
  });
  return silences;
}

import type { HeatmapCell, TradeHeatmapData } from '../../shared/answers/widgets.ts';
import { startOnDate } from '../../shared/trading-day.ts';
import { dateWriter, perFormats } from '../core/formats.ts';
import { momentOfWeek } from '../draw/week.ts';

/** What a heatmap’s clock shows when an hour of a trading day begins, as if it were UTC, in epoch ms. */
export function shownAt(
  { day_start }: TradeHeatmapData,
  { dow, hour }: Pick<HeatmapCell, 'dow' | 'hour'>,
): number {
  return momentOfWeek(dow, hour) + startOnDate(Date.parse(`1970-01-01T${day_start}Z`));
}

/** `Wednesday`, `Wed 09:00` and `09:00`. */
export const clockOf = perFormats(({ language }) => {
  const clock = { timeZone: 'UTC', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return {
    weekday: dateWriter(language, { timeZone: 'UTC', weekday: 'long' }),
    when: dateWriter(language, { ...clock, weekday: 'short' }),
    time: dateWriter(language, clock),
  };
});

/** What a heatmap’s zone is called for short: `Chicago`, `UTC`, `UTC+03:00`. */
export function placeOf({ day_zone }: TradeHeatmapData): string {
  return day_zone.replace(/.*\//, '').replace(/^[+-]/, 'UTC$&').replaceAll('_', ' ');
}

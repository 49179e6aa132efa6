import { dateWriter, type Formats, perFormats } from '../core/formats.ts';

/**
 * Writes when an account was observed: `12:31 UTC`, with its date if that is not the last day that is
 * shown. UTC is named where no zone is given, as a still does not know the visitor's.
 */
export const observedWriterOf = perFormats(({ language, zone }: Formats) => {
  const timeZone = zone ?? 'UTC';
  const clock = {
    ...({ timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const),
    ...(zone ? {} : ({ timeZoneName: 'short' } as const)),
  };
  const writeTime = dateWriter(language, clock);
  const writeDated = dateWriter(language, { ...clock, month: 'short', day: 'numeric' });
  // In Swedish a date is YYYY-MM-DD.
  const dayOf = dateWriter('sv', { timeZone });
  return (time: number, lastDay: string): string =>
    dayOf(time) === lastDay ? writeTime(time) : writeDated(time);
});

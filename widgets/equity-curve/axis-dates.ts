import { dateWriter, perFormats } from '../core/formats.ts';

/** Writes the dates below the curve, with the month's name or with digits alone. */
export const axisDatesOf = perFormats(({ language }) => {
  const dates = (options: Intl.DateTimeFormatOptions) =>
    (['short', 'numeric'] as const).map((month) =>
      ltr(dateWriter(language, { timeZone: 'UTC', month, ...options })),
    ) as [named: Write, numeric: Write];
  return {
    /** `Nov 6` and `11/6` */
    day: dates({ day: 'numeric' }),
    /** `Nov 2026` and `11/2026` */
    month: dates({ year: 'numeric' }),
  };
});

type Write = ReturnType<typeof dateWriter>;

/** Without marks of direction: time runs from left to right in every language. */
function ltr(write: Write): Write {
  return (time) => write(time).replace(/\u200f/g, '');
}

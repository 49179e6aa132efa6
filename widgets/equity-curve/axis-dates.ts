import { dateWriter, perFormats } from '../core/formats.ts';

/** What stands beneath the curve, of `YYYY-MM-DD` days: with the month's name, or figures alone. */
export const axisDatesOf = perFormats(({ language }) => {
  const dates = (options: Intl.DateTimeFormatOptions) =>
    (['short', 'numeric'] as const).map((month) =>
      ltr(dateWriter(language, { timeZone: 'UTC', month, ...options })),
    ) as [name: Write, figures: Write];
  return {
    /** `Nov 6` and `11/6` */
    day: dates({ day: 'numeric' }),
    /** `Nov 2026` and `11/2026` */
    month: dates({ year: 'numeric' }),
  };
});

type Write = ReturnType<typeof dateWriter>;

/** Time runs from left to right in every language: a mark that turns figures round would part them. */
function ltr(write: Write): Write {
  return (time) => write(time).replace(/\u200f/g, '');
}

import { dateWriter, perFormats } from '../core/formats.ts';

/** What stands beneath the curve, of `YYYY-MM-DD` days. */
export const axisDatesOf = perFormats(({ language }) => {
  const date = (options: Intl.DateTimeFormatOptions) =>
    dateWriter(language, { timeZone: 'UTC', month: 'short', ...options });
  return {
    /** `Nov 6` */
    day: date({ day: 'numeric' }),
    /** `Nov 2026` */
    month: date({ year: 'numeric' }),
  };
});

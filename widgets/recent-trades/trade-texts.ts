import type { RecentTrade } from '../../shared/answers/widgets.ts';
import { minute } from '../../shared/time.ts';
import { dateWriter, numberWriter, perFormats } from '../core/formats.ts';
import { wordsOf } from './words.ts';

/** The texts of a trade. */
export type TradeTexts = readonly [
  /** `1,204`, `0.0005` */
  size: string,
  /** `5,250.25`, `1.08345` */
  prices: [entry: string, exit: string],
  /** `20 min`, `1 hr 5 min` */
  duration: string,
  /** `1 hr` */
  shortDuration: string,
  /** When it was closed: `3 min. ago`, `just now`; after a month `Nov 20, 2026` */
  age: string,
  /** `Nov 20, 2026, 3:57:12 PM CST`: with its zone, as a still may be of another than the visitor's. */
  moment: string,
];

type WriteTrade = (trade: RecentTrade, now: number) => TradeTexts;

/** In minutes. */
const spans = [
  ['day', 1_440],
  ['hour', 60],
  ['minute', 1],
] as const;

/** In minutes: a greater age is written as a date. */
const oldest = 31 * 1_440;

/** Writes trades in the language and zone of the formats. */
export const tradeWriterOf = perFormats((formats): WriteTrade => {
  const { language, zone: timeZone } = formats;
  const number = (options: Intl.NumberFormatOptions) => numberWriter(language, options);
  const fine = { maximumFractionDigits: 8 };
  const writeSize = number(fine);
  const writePrice = number({ ...fine, minimumFractionDigits: 2 });
  const writeMoment = dateWriter(language, { timeZone, dateStyle: 'medium', timeStyle: 'long' });
  const writeDay = dateWriter(language, { timeZone, dateStyle: 'medium' });
  const ago = new Intl.RelativeTimeFormat(language, { style: 'short' });
  const seconds = number({ style: 'unit', unit: 'second' });
  const units = spans.map(([unit, span]) => [unit, span, number({ style: 'unit', unit })] as const);
  return ({ quantity, entry_price, exit_price, durationMs, exit_time }, now) => {
    const age = minutesOf(now - exit_time);
    const found = units.find(([, span]) => age >= span);
    const parts: string[] = [];
    let rest = minutesOf(durationMs);
    for (const [, span, write] of units) {
      if (rest >= span) parts.push(write(Math.floor(rest / span)));
      rest %= span;
    }
    if (!parts[0]) parts.push(seconds(Math.floor(durationMs / 1_000)));
    return [
      writeSize(quantity),
      [writePrice(entry_price), writePrice(exit_price)],
      parts.slice(0, 2).join(' '),
      parts[0]!,
      age >= oldest
        ? writeDay(exit_time)
        : found
          ? ago.format(-Math.floor(age / found[1]), found[0])
          : wordsOf(formats).justNow,
      writeMoment(exit_time),
    ];
  };
});

function minutesOf(ms: number): number {
  return Math.floor(ms / minute);
}

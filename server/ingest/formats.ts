import { mt4 } from './mt4.ts';
import { mt5 } from './mt5.ts';
import { plainCsv } from './plain-csv.ts';
import { tradovate } from './tradovate.ts';

/** Every format that can be imported. */
export const formats = [tradovate, mt4, mt5, plainCsv] as const;

export type KnownFormat = (typeof formats)[number];

export type FormatName = KnownFormat['name'];

/** The format of a file that starts with this text; null when it is of none of the formats. */
export function findFormat(head: string): KnownFormat | null {
  return formats.find((format) => format.recognises(head)) ?? null;
}

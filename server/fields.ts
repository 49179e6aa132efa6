import { z } from 'zod';
import { mostOrigins } from '../shared/access.ts';
import { type JsonSchema, toJsonSchema, written } from '../shared/answers/json-schema.ts';
import { fromDecimal, toDecimal } from '../shared/money.ts';
import { hasAtSign, isPrintable } from '../shared/printable.ts';
import { parseDayStart } from '../shared/trading-day.ts';
import { zoneName } from '../shared/zone.ts';
import { longestOrigin, originPattern, readOrigin } from './access/origins.ts';
import { largestAmount } from './records/trade-rules.ts';

const unreadable =
  'must be one line of text that can be read: no control, direction or invisible characters';

/** A line of text for people, of at most `most` characters. Blanks around it are cut off. */
export function text(most: number) {
  const isShort = new RegExp(`^.{0,${most}}$`, 'su');
  const schema = z
    .string(`must be a text of at most ${most} characters`)
    .trim()
    .min(1, 'must not be empty')
    .regex(isShort, { error: `must have at most ${most} characters`, abort: true })
    .refine((line) => line === '' || isPrintable(line), unreadable);
  return written(schema, writtenLine(most));
}

/** The rules of such a line, for the description of a field in the API's document. */
export function rulesOfLine(most: number): string {
  return `At most ${most} characters; blanks before and after them are removed. It ${unreadable}.`;
}

/** A key's label. The audit trail shows it, where it must not be mistaken for an e-mail address. */
export const keyLabel = written(
  text(50).refine(
    (line) => !hasAtSign(line),
    'must not have an @: it could be taken for an e-mail address',
  ),
  { ...writtenLine(50, '@'), description: `What the key is for. ${rulesOfLine(50)}` },
);

/** How the API's document describes such a line. `without`: characters it may not have. */
function writtenLine(most: number, without = ''): JsonSchema {
  const end = `[^\\s${without}]`;
  return {
    type: 'string',
    pattern: `^\\s*${end}([^\\n${without}]{0,${most - 2}}${end})?\\s*$`,
  };
}

/** An e-mail address, put into lower case. */
export const emailAddress = written(
  z
    .string('must be an e-mail address')
    .max(254, { error: 'is too long for an e-mail address', abort: true })
    .trim()
    .toLowerCase()
    .refine((address) => address === '' || isPrintable(address), 'must be an e-mail address')
    .regex(/^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/, 'must be an e-mail address'),
  {
    type: 'string',
    maxLength: 254,
    pattern: '^\\s*[^\\s@<>"(),:;\\\\[\\]]+@[^\\s@<>"(),:;\\\\[\\]]+\\s*$',
  },
);

/** `#rrggbb`, put into lower case. */
export const colour = z
  .string('must be a colour such as #10b981')
  .max(7, { error: 'must be a colour such as #10b981', abort: true })
  .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #10b981')
  .toLowerCase();

/** A time zone, brought to its usual spelling. */
export const dayZone = written(
  z
    .string('must be a time zone such as America/Chicago')
    .max(64, { error: 'is too long for a time zone', abort: true })
    .transform(reading(zoneName, 'must be a time zone such as America/Chicago')),
  {
    type: 'string',
    format: 'time-zone',
    maxLength: 64,
    description:
      'The time zone of the trading day: an IANA name such as `America/Chicago`, an offset such as `+02:00`, or `UTC`.',
  },
);

/** `HH:MM`, read as minutes after midnight. */
export const dayStart = written(
  z
    .string('must be a quarter of an hour such as 17:00')
    .max(5, { error: 'must be a quarter of an hour such as 17:00', abort: true })
    .transform(reading(parseDayStart, 'must be a quarter of an hour such as 17:00')),
  {
    type: 'string',
    pattern: '^([01]\\d|2[0-3]):(00|15|30|45)$',
    description:
      'When a trading day begins, on the zone’s clock, in quarters of an hour. A day that begins at 12:00 or later is named by the date on which it ends.',
  },
);

/** The https URL of a picture, normalized as browsers do it. */
export const httpsAddress = z
  .string('must be an https address')
  .max(2_000, { error: 'is too long for an address', abort: true })
  .regex(/^[hH][tT][tT][pP][sS]:[^\s"'<>\\`]+$/, 'must be an https address')
  .transform(reading(readHttpsAddress, 'must be an https address'));

/** Replaces a text by what `read` returns for it. Null makes it invalid, with `message`. */
function reading<Read>(read: (text: string) => Read | null, message: string) {
  return (given: string, context: z.RefinementCtx): Read => {
    const understood = read(given);
    if (understood !== null) return understood;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
}

/** A URL, normalized as browsers do it. Null unless it is https, without user and password. */
function readHttpsAddress(given: string): string | null {
  if (!given.isWellFormed() || /\p{Cc}/u.test(given)) return null;
  const url = URL.parse(given);
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.password === '';
  return isPlain ? url.href : null;
}

/** The partner's own id of a user or an account. */
export const externalId = written(
  z
    .string('must be a text of 1 to 64 characters')
    .regex(/^[^\s,/]{1,64}$/u, 'must have 1 to 64 characters, without blanks, commas and slashes')
    .refine((id) => id === '' || isPrintable(id), unreadable)
    .refine((id) => !/^\.\.?$/.test(id), 'must not be . or ..'),
  { type: 'string', pattern: '^(?!\\.\\.?$)[^\\s,/]{1,64}$' },
);

/** An amount of money above zero, read as ten-thousandths. */
export const amountAboveZero = written(
  z
    .number('must be an amount of money')
    .refine(
      (amount) => amount > 0 && amount <= largestAmount,
      'must be above zero, and at most 10,000,000,000',
    )
    .refine(
      (amount) => toDecimal(fromDecimal(amount)) === amount,
      'must have at most four decimals',
    )
    .transform(fromDecimal),
  { type: 'number', exclusiveMinimum: 0, maximum: largestAmount },
);

/** A list of `least` to `most` items. Its length is checked before any item is. */
export function list<Item extends z.ZodType>(item: Item, least: 0 | 1, most: number, noun: string) {
  const schema = z
    .custom<unknown[]>(Array.isArray, `must be a list of ${noun}s`)
    .refine((given) => given.length >= least, `must hold at least one ${noun}`)
    .refine((given) => given.length <= most, `must hold at most ${most} ${noun}s`)
    .pipe(z.array(item));
  const items = toJsonSchema(item);
  return written(schema, {
    ...{ type: 'array', items, maxItems: most },
    ...(least > 0 && { minItems: least }),
  });
}

/** A list of at least one of `words`. Duplicates are removed. */
export function someOf<const Word extends string>(
  words: readonly Word[],
  noun: string,
  message: string,
) {
  const word = z.enum(words as readonly [Word, ...Word[]], message);
  return list(word, 1, words.length, noun).transform((given) => [...new Set(given)]);
}

const eachOrigin = 'must be an origin such as https://app.example.com, without a path';
/** Web origins, normalized as browsers do it, without duplicates; empty: any origin. */
export const origins = list(
  z
    .string(eachOrigin)
    .max(longestOrigin, { error: eachOrigin, abort: true })
    .regex(originPattern, eachOrigin)
    .transform(reading(readOrigin, eachOrigin)),
  0,
  mostOrigins,
  'origin',
).transform((given) => [...new Set(given)]);

/** A whole number in a body. */
export function count(least: number, most: number) {
  return whole(least, most, `must be a whole number from ${least} to ${most}`);
}

/** Epoch ms. */
export const moment = whole(0, 8.64e15, 'must be a time in epoch milliseconds');

function whole(least: number, most: number, message: string) {
  const isWhole = (number: number) => Number.isInteger(number) && number >= least && number <= most;
  const schema = z.number(message).refine(isWhole, message);
  return written(schema, { type: 'integer', minimum: least, maximum: most });
}

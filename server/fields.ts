import { z } from 'zod';
import { mostOrigins } from '../shared/access.ts';
import { toJsonSchema, written } from '../shared/answers/json-schema.ts';
import { hasAtSign, isPrintable } from '../shared/printable.ts';
import { readOrigin } from './access/origins.ts';

/** A line of text for people. */
export function text(most: number) {
  return z
    .string(`must be a text of at most ${most} characters`)
    .trim()
    .min(1, 'must not be empty')
    .max(most, `must have at most ${most} characters`)
    .refine(
      (line) => line.length > most || line === '' || isPrintable(line),
      'must be one line of text that can be read: no control, direction or invisible characters',
    );
}

/** What a key is for. It stands in the audit trail, where it must not be taken for somebody's address. */
export const keyLabel = text(50).refine(
  (line) => line.length > 50 || !hasAtSign(line),
  'must not have an @: it could be taken for an e-mail address',
);

/** In lower case. */
export const emailAddress = z
  .string('must be an e-mail address')
  .trim()
  .max(254, { error: 'is too long for an e-mail address', abort: true })
  .toLowerCase()
  .refine((address) => address === '' || isPrintable(address), 'must be an e-mail address')
  .regex(/^[^\s@<>"(),:;\\[\]\p{Cc}]+@[^\s@<>"(),:;\\[\]\p{Cc}]+$/u, 'must be an e-mail address');

/** `#rrggbb`, in lower case. */
export const colour = z
  .string('must be a colour such as #10b981')
  .max(7, { error: 'must be a colour such as #10b981', abort: true })
  .regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #10b981')
  .toLowerCase();

/** The address of a picture. */
export const httpsAddress = z
  .string('must be an https address')
  .max(2_000, 'is too long for an address')
  .transform(reading(readHttpsAddress, 'must be an https address'));

/** Takes a text as `read` understands it; null: not at all. */
function reading(read: (text: string) => string | null, message: string) {
  return (given: string, context: z.RefinementCtx): string => {
    const understood = read(given);
    if (understood !== null) return understood;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
}

/** As browsers write it; null for anything else. */
function readHttpsAddress(given: string): string | null {
  if (!given.isWellFormed() || /[\s"'<>\\`\p{Cc}]/u.test(given)) return null;
  const url = URL.parse(given);
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.password === '';
  return isPlain ? url.href : null;
}

/** A list of so many at most, which is seen before anything is that it holds. */
export function list<Item extends z.ZodType>(item: Item, most: number, noun: string) {
  const schema = z
    .custom<unknown[]>(Array.isArray, `must be a list of ${noun}s`)
    .refine((given) => given.length <= most, `must hold at most ${most} ${noun}s`)
    .pipe(z.array(item));
  return written(schema, { type: 'array', items: toJsonSchema(item, 'input'), maxItems: most });
}

/** A list of one at least of a few words, each once. */
export function someOf<const Word extends string>(
  words: readonly Word[],
  noun: string,
  message: string,
) {
  return list(z.enum(words as readonly [Word, ...Word[]], message), words.length, noun)
    .refine((given) => given.length > 0, `must hold a ${noun}`)
    .transform((given) => [...new Set(given)]);
}

const eachOrigin = 'must be an origin such as https://app.example.com, without a path';
/** A name has at most 253 characters. */
const longestOrigin = 300;

/** Origins as browsers write them, each once; empty: any. */
export const origins = list(
  z.string(eachOrigin).max(longestOrigin, eachOrigin).transform(reading(readOrigin, eachOrigin)),
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

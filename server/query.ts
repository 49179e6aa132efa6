import { z } from 'zod';
import { written } from '../shared/answers/json-schema.ts';
import { defaultPeriod, type Period, periods } from '../shared/period.ts';
import { parameters } from '../shared/widgets.ts';
import { Refusal } from './refusal.ts';

/** The parameters of a query as they were sent: every value of each name. */
export type RawQuery = ReadonlyMap<string, readonly string[]>;

/** The most parameters of a query. Clients send fewer, but unknown ones have to be parsed, too. */
const mostParameters = 100;

/** Throws a 400 for text that is not percent-encoded UTF-8, and for too many parameters. */
export function parseQuery(text: string): RawQuery {
  const query = new Map<string, string[]>();
  const pairs = text.split('&', mostParameters + 1);
  if (pairs.length > mostParameters) {
    const sentence = `An address has at most ${mostParameters} parameters.`;
    throw new Refusal(400, 'invalid_parameters', sentence);
  }
  for (const pair of pairs) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = decode(cut < 0 ? pair : pair.slice(0, cut));
    const values = query.get(name);
    const value = cut < 0 ? '' : decode(pair.slice(cut + 1));
    if (values) values.push(value);
    else query.set(name, [value]);
  }
  return query;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new Refusal(
      400,
      'invalid_encoding',
      'The address holds a % sequence that is not UTF-8. Percent-encode its parameters as UTF-8.',
    );
  }
}

export type Problem = { path: string; message: string };

/**
 * The parameters that a schema knows, checked by it. Unknown names are ignored; a known one may be
 * given only once. Throws a 400 that lists every problem.
 */
export function checkQuery<Output>(
  schema: z.ZodObject & z.ZodType<Output>,
  raw: RawQuery,
  path: Readonly<Record<string, string>>,
): Output {
  const names = Object.keys(schema.shape).filter((name) => !(name in path));
  const problems = names.filter((name) => isRepeated(raw, name)).map(repeated);
  const result = schema.safeParse(firstValues(names, raw, path));
  for (const issue of result.error?.issues ?? []) {
    problems.push({ path: issue.path.join('.'), message: issue.message });
  }
  if (result.success && problems.length === 0) return result.data;
  throw invalid('invalid_parameters', problems);
}

function isRepeated(raw: RawQuery, name: string): boolean {
  return (raw.get(name)?.length ?? 0) > 1;
}

function repeated(name: string): Problem {
  return { path: name, message: 'is given more than once' };
}

/** The value of a parameter. Throws a 400 when it is given more than once. */
export function onlyValue(raw: RawQuery, name: string): string | undefined {
  if (isRepeated(raw, name)) throw invalid('invalid_parameters', [repeated(name)]);
  return raw.get(name)?.[0];
}

/**
 * Like {@link checkQuery}, for a widget, where an invalid parameter must never break a page: its
 * schema mends them.
 */
export function mendQuery<Output>(
  schema: z.ZodObject & z.ZodType<Output>,
  raw: RawQuery,
  path: Readonly<Record<string, string>>,
): Output {
  return schema.parse(firstValues(Object.keys(schema.shape), raw, path));
}

function firstValues(names: string[], raw: RawQuery, path: Readonly<Record<string, string>>) {
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = raw.get(name)?.[0];
    if (value !== undefined) values[name] = value;
  }
  // Access was decided by the path's parameters, so the query must not replace them.
  return { ...values, ...path };
}

/**
 * The most problems that are listed. Otherwise a request that is invalid on purpose would get an
 * answer ten times as long.
 */
export const mostProblems = 100;

/**
 * A 400 that lists every problem, up to a hundred. `count`: the number of all problems, if only
 * some are given.
 */
export function invalid(
  code: 'invalid_parameters' | 'invalid_body',
  problems: readonly Problem[],
  count = problems.length,
): Refusal {
  const details = problems.slice(0, mostProblems);
  const sentences = details.map(({ path, message }) => `${path || 'The body'} ${message}`);
  const more = count - details.length;
  if (more > 0) sentences.push(`and ${more} more`);
  return new Refusal(400, code, `${sentences.join('; ')}.`, { details });
}

/** A whole number in a query, within bounds. */
export function wholeNumber(least: number, most: number, standard: number) {
  const schema = numberWithin(least, most).default(standard);
  return written(schema, { type: 'integer', minimum: least, maximum: most, default: standard });
}

/** A whole number in a query, within bounds; undefined where none is given. */
export function optionalNumber(least: number, most: number) {
  const schema = numberWithin(least, most).optional();
  return written(schema, { type: 'integer', minimum: least, maximum: most });
}

function numberWithin(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .refine((number) => number >= least && number <= most, message);
}

/** Yes or no in a query: `true` or `false`, which is the default. */
export const flag = written(
  z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((word) => word === 'true'),
  { type: 'string', enum: ['true', 'false'], default: 'false' },
);

/** One of a few words in a query. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  const all = words as readonly string[];
  return z.enum(words, `must be ${all.slice(0, -1).join(', ')} or ${all.at(-1)}`);
}

export const period = oneOf(periods)
  .default(defaultPeriod)
  .describe(parameters.period.description) satisfies z.ZodType<Period>;

/** A text of at most `most` characters, which are not UTF-16 units. */
export function textUpTo(most: number, tooLong: string) {
  const schema = z
    .string('is required')
    .min(1, 'must not be empty')
    .regex(new RegExp(`^.{0,${most}}$`, 'su'), tooLong);
  return written(schema, { type: 'string', minLength: 1, maxLength: most });
}

/** That of `ext:` and an external id, in characters. */
export const longestReference = 68;

/** The id of something, or `ext:` and the partner's own. */
export const reference = textUpTo(longestReference, 'is too long for an id');

export const accountId = reference.describe('The id of an account, or `ext:` and its external id.');

/** How many accounts a question may be about at once. */
const mostAccounts = 100;

/** An account of a list, as it was asked for, and its id. */
export interface NamedAccount {
  asked: string;
  id: string;
}

export const accountIds = written(
  z
    .string('is required')
    .transform((list) => list.split(',', mostAccounts + 1))
    .pipe(z.array(reference).max(mostAccounts, `must name at most ${mostAccounts} accounts`))
    .transform((names) => names.map((asked): NamedAccount => ({ asked, id: asked }))),
  {
    type: 'string',
    pattern: `^[^,]{1,${longestReference}}(,[^,]{1,${longestReference}}){0,${mostAccounts - 1}}$`,
  },
).describe(
  `The ids of up to ${mostAccounts} accounts, separated by commas, or \`ext:\` and their external ids.`,
);

const { least, most } = parameters.attempt;

/** Which attempt of an account; absent: the current one. */
export const attempt = optionalNumber(least, most).describe(parameters.attempt.description);

/** ISO 4217 */
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be a currency code such as USD')
  .describe(parameters.currency.description);

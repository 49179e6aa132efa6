import { z } from 'zod';
import { type JsonSchema, written } from '../../shared/answers/json-schema.ts';
import { toDecimal, unitsPerWhole } from '../../shared/money.ts';
import {
  columnKinds,
  requiredFields,
  type Trade,
  type TradeField,
  tradeColumns,
  tradeFields,
} from '../../shared/trades.ts';
import { list } from '../fields.ts';
import { longestReference, type Problem } from '../query.ts';
import {
  earliestTime,
  fieldProblem,
  largestAmount,
  largestNumber,
  latestTime,
} from '../records/trade-rules.ts';
import type { GivenTrade } from '../records/trades.ts';

/**
 * Trades in bodies. Those of a batch are read by this code and not by zod, so that the good ones can
 * be kept, and because zod would take longer than writing them does.
 */

/** The most trades of one request. */
export const mostTrades = 1_000;

/** The limits of a body with so many trades. */
export const batchLimits = { bytes: 4 * 1024 * 1024, values: 250_000 };

/** How a trade of a batch is named, and whether it has more. */
export interface RowShape {
  id: 'id' | 'external_id';
  isIdRequired: boolean;
  hasFields: boolean;
}

const fields = tradeFields.filter((field) => field !== 'id');

export type Read<Value> = { value: Value } | { message: string };

export function readAccount(value: unknown): Read<string> {
  if (value === undefined) return { message: 'is required' };
  const isOne =
    typeof value === 'string' &&
    value !== '' &&
    [...value.slice(0, 2 * longestReference + 1)].length <= longestReference;
  return isOne ? { value } : { message: 'must be the id of an account' };
}

function readId(value: unknown, isRequired: boolean): Read<string | undefined> {
  if (value === undefined) return isRequired ? { message: 'is required' } : { value };
  return readField('id', value) as Read<string>;
}

/** The value of a field, with money in units. */
export function readField(field: TradeField, value: unknown): Read<Trade[TradeField]> {
  const read = convert(field, value);
  if ('message' in read) return read;
  const message = fieldProblem(field, read.value);
  return message === null ? read : { message };
}

function convert(field: TradeField, value: unknown): Read<Trade[TradeField]> {
  const column = tradeColumns[field];
  if (value === null) return column.default === null ? { value } : { message: 'must not be null' };
  if (columnKinds[column.kind] === 'text') {
    if (typeof value !== 'string') return { message: 'must be a text' };
    if (column.kind === 'id') return { value };
    if (column.kind !== 'lines') return { value: value.trim() };
    return { value: value === '' ? null : value.trim().replace(/\r\n?/g, '\n') };
  }
  if (typeof value !== 'number') return { message: 'must be a number' };
  // Turns -0 into 0.
  if (column.kind !== 'amount' && column.kind !== 'cost') return { value: value + 0 };
  const units = Math.round(value * unitsPerWhole) + 0;
  // A sum of doubles may have noise in its last digits, as 0.1 + 0.2 has.
  const isNear = Math.abs(value * unitsPerWhole - units) <= mostNoise;
  return toDecimal(units) === value || isNear || Math.abs(value) > largestAmount
    ? { value: units }
    : { message: 'must have at most four decimals' };
}

/** How far an amount may be from a whole number of units. */
const mostNoise = 0.01;

/** A trade of a batch as it was read; null: it has problems. */
export interface ReadRow {
  given: GivenTrade | null;
  problems: Problem[];
}

/**
 * The most problems of one trade that are listed: more than it has fields. Otherwise the answer to a
 * batch of unknown fields would be ten times as long.
 */
export const mostOfRow = 20;

/** Reads a trade of a batch. */
export function readRow(row: unknown, index: number, shape: RowShape): ReadRow {
  const path = `trades.${index}`;
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    return { given: null, problems: [{ path, message: 'must be a trade' }] };
  }
  const problems: Problem[] = [];
  const take = <Value>(name: string, read: Read<Value>): Value | undefined => {
    if ('value' in read) return read.value;
    problems.push({ path: `${path}.${name}`, message: read.message });
    return undefined;
  };
  const { account_id, [shape.id]: named, ...others } = row as Record<string, unknown>;
  const account = take('account_id', readAccount(account_id));
  const id = take(shape.id, readId(named, shape.isIdRequired));
  const given: Record<string, unknown> = {};
  for (const name in others) {
    if (problems.length >= mostOfRow) break;
    const isKnown = shape.hasFields && name !== 'id' && Object.hasOwn(tradeColumns, name);
    const read = isKnown
      ? readField(name as TradeField, others[name])
      : { message: 'is not known' };
    given[name] = take(shorten(name), read);
  }
  if (problems.length > 0) return { given: null, problems };
  return { given: { account: account!, id, fields: given as Partial<Trade> }, problems };
}

export function shorten(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}

/** A schema of a field that is read by a function. */
function readBy<Value>(read: (value: unknown) => Read<Value>, text: JsonSchema) {
  const schema = z.unknown().transform((value, context) => {
    const result = read(value);
    if ('value' in result) return result.value;
    context.addIssue({ code: 'custom', message: result.message });
    return z.NEVER;
  });
  return written(schema, text);
}

/** The fields of a trade in a body, each of which may be left out. */
export const tradeBody = Object.fromEntries(
  fields.map((field) => [
    field,
    readBy((value) => readField(field, value), describeField(field)).optional(),
  ]),
) as Record<string, z.ZodType<Trade[TradeField] | undefined>>;

/** The same, with those that a whole trade must have. */
export const wholeTradeBody = {
  ...tradeBody,
  ...Object.fromEntries(
    fields
      .filter((field) => requiredFields.includes(field))
      .map((field) => [
        field,
        readBy(
          (value) => (value === undefined ? { message: 'is required' } : readField(field, value)),
          describeField(field),
        ),
      ]),
  ),
};

/** How a single trade in a body is named. */
export const naming = {
  account_id: readBy(readAccount, describeAccount()).optional(),
  external_id: readBy((value) => readId(value, false), describeId('external_id')).optional(),
};

/** The trades of a batch in a body, which {@link readRow} reads. */
export function batchOf(shape: RowShape) {
  return list(written(z.unknown(), describeRow(shape)), 1, mostTrades, 'trade').describe(
    'The trades of a batch.',
  );
}

function describeRow({ id, isIdRequired, hasFields }: RowShape): JsonSchema {
  return {
    type: 'object',
    properties: {
      account_id: describeAccount(),
      [id]: describeId(id),
      ...(hasFields && Object.fromEntries(fields.map((field) => [field, describeField(field)]))),
    },
    additionalProperties: false,
    required: ['account_id', ...(isIdRequired ? [id] : [])],
  };
}

export function describeAccount(): JsonSchema {
  return {
    ...{ type: 'string', minLength: 1, maxLength: longestReference },
    description: 'The id of the account, or `ext:` and its external id.',
  };
}

function describeId(name: 'id' | 'external_id'): JsonSchema {
  const description =
    name === 'id'
      ? 'The id of the trade.'
      : 'The trade’s `id` from now on, such as the broker’s ticket. Without it an id is made.';
  return { type: 'string', pattern: '^(?!\\.\\.?$)[A-Za-z0-9_.:-]{1,64}$', description };
}

export function describeField(field: TradeField): JsonSchema {
  const column = tradeColumns[field];
  const { description } = column;
  const of = (type: string, more: JsonSchema): JsonSchema =>
    ({
      ...{ type: column.default === null ? [type, 'null'] : type, ...more, description },
    }) as JsonSchema;
  switch (column.kind) {
    case 'word':
      return of('string', { enum: [...column.words] });
    case 'id':
      return describeId('id');
    case 'text':
      return of('string', { pattern: `^\\s*\\S([^\\n]{0,${column.longest - 2}}\\S)?\\s*$` });
    case 'lines':
      return of('string', { pattern: `^$|^\\s*\\S([\\s\\S]{0,${column.longest - 2}}\\S)?\\s*$` });
    case 'time':
      return of('integer', { minimum: earliestTime, maximum: latestTime });
    case 'quantity':
      return of('number', { exclusiveMinimum: 0, maximum: largestNumber });
    case 'price':
      return of('number', { minimum: -largestNumber, maximum: largestNumber });
    case 'amount':
      return of('number', { minimum: -largestAmount, maximum: largestAmount });
    case 'cost':
      return of('number', { minimum: -largestAmount, maximum: 0 });
  }
}

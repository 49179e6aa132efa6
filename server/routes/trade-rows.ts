import { z } from 'zod';
import { type JsonSchema, written } from '../../shared/answers/json-schema.ts';
import { toDecimal, unitsPerWhole } from '../../shared/money.ts';
import {
  columnKinds,
  type Trade,
  type TradeField,
  tradeColumns,
  tradeFields,
} from '../../shared/trades.ts';
import { list } from '../fields.ts';
import type { Problem } from '../query.ts';
import { largestAmount, largestNumber } from '../records/trade-rules.ts';
import type { GivenTrade } from '../records/trades.ts';

/**
 * Trades in bodies. They are read by this code and not by zod, which would take longer than to write
 * them.
 */

/** The fields that are given, without the id. */
const fields = tradeFields.filter((field) => field !== 'id');

/** How a row names its account and its trade, and which fields of the trade it may have. */
export interface RowShape {
  /** Absent: the account is named elsewhere. */
  account?: 'account_id';
  /** Absent: the trade is named elsewhere. */
  id?: 'id' | 'external_id';
  isIdRequired?: boolean;
  hasFields: boolean;
}

/** What the path and the query name instead of the row. */
export interface NamedElsewhere {
  account?: string;
  id?: string;
}

/**
 * Reads a row; null: it has problems, which are added to the list. The values of fields are checked
 * by the rules of trades later, when it is known what else the trade has.
 */
export function readRow(
  row: unknown,
  shape: RowShape,
  elsewhere: NamedElsewhere,
  problems: Problem[],
  prefix = '',
): GivenTrade | null {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    problems.push({ path: prefix.slice(0, -1), message: 'must be a trade' });
    return null;
  }
  const before = problems.length;
  const complain = (name: string, message: string) =>
    problems.push({ path: prefix + name, message });
  const given = row as Record<string, unknown>;
  const text = (name: string, isRequired: boolean) => {
    const value = given[name];
    if (value === undefined && !isRequired) return undefined;
    if (typeof value === 'string' && value !== '' && value.length <= 100) return value;
    complain(name, value === undefined ? 'is required' : 'must be an id');
    return undefined;
  };
  const account = shape.account ? text(shape.account, true) : elsewhere.account;
  const id = shape.id ? text(shape.id, shape.isIdRequired ?? false) : elsewhere.id;
  const read: Record<string, unknown> = {};
  for (const name in given) {
    if (name === shape.account || name === shape.id) continue;
    if (!shape.hasFields || !isField(name)) complain(shorten(name), 'is not known');
    else {
      const value = given[name];
      if (value !== undefined) read[name] = readValue(name, value, complain);
    }
  }
  if (problems.length > before) return null;
  return { account: account!, id, fields: read as Partial<Trade> };
}

function isField(name: string): name is TradeField {
  return name !== 'id' && Object.hasOwn(tradeColumns, name);
}

function shorten(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}

function readValue(
  field: TradeField,
  value: unknown,
  complain: (name: string, message: string) => void,
): Trade[TradeField] {
  const column = tradeColumns[field];
  if (value === null) {
    if (column.default !== null) complain(field, 'must not be null');
    return null;
  }
  if (columnKinds[column.kind] === 'text') {
    if (typeof value === 'string') {
      const line = value.trim();
      return column.kind === 'lines' ? line.replace(/\r\n?/g, '\n') || null : line;
    }
    complain(field, 'must be a text');
    return '';
  }
  if (typeof value !== 'number') {
    complain(field, 'must be a number');
    return 0;
  }
  // Turns -0 into 0.
  if (column.kind !== 'amount' && column.kind !== 'cost') return value + 0;
  const units = Math.round(value * unitsPerWhole) + 0;
  if (toDecimal(units) !== value && Math.abs(value) <= largestAmount)
    complain(field, 'must have at most four decimals');
  return units;
}

/** The most trades of one request. */
export const mostTrades = 1_000;

/** The limits of a body with so many trades. */
export const batchLimits = { bytes: 4 * 1024 * 1024, values: 250_000 };

/** A list of trades in a body, which {@link readRow} reads. */
export function rows(shape: RowShape) {
  const row = written(z.unknown(), describeRow(shape, []));
  return list(row, 1, mostTrades, 'trade');
}

/** The fields of a single trade in a body, for {@link readRow}. */
export function rowFields(shape: RowShape, required: readonly string[] = []) {
  const { properties = {} } = describeRow(shape, required);
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      written(z.unknown(), schema as JsonSchema).optional(),
    ]),
  );
}

function describeRow(shape: RowShape, required: readonly string[]): JsonSchema {
  const names = [
    ...(shape.account ? [shape.account] : []),
    ...(shape.id && shape.isIdRequired ? [shape.id] : []),
  ];
  return {
    type: 'object',
    properties: {
      ...(shape.account && {
        account_id: {
          type: 'string',
          description: 'The id of the account, or `ext:` and its external id.',
        },
      }),
      ...(shape.id && { [shape.id]: describeId(shape.id) }),
      ...(shape.hasFields &&
        Object.fromEntries(fields.map((field) => [field, describeField(field)]))),
    },
    additionalProperties: false,
    ...(names.length + required.length > 0 && { required: [...names, ...required] }),
  };
}

function describeId(name: 'id' | 'external_id'): JsonSchema {
  const description =
    name === 'id'
      ? 'The id of the trade.'
      : 'The trade’s `id` from now on, such as the broker’s ticket. Without it an id is made.';
  return { type: 'string', pattern: '^[A-Za-z0-9_.:-]{1,64}$', description };
}

function describeField(field: TradeField): JsonSchema {
  const column = tradeColumns[field];
  const isNullable = column.default === null;
  const of = (type: 'string' | 'number' | 'integer') =>
    isNullable ? { type: [type, 'null'] } : { type };
  const { description } = column;
  switch (column.kind) {
    case 'word':
      return { type: 'string', enum: [...column.words], description };
    case 'id':
    case 'text':
    case 'lines':
      return { ...of('string'), description } as JsonSchema;
    case 'time':
      return { ...of('integer'), description } as JsonSchema;
    case 'quantity':
      return {
        ...of('number'),
        exclusiveMinimum: 0,
        maximum: largestNumber,
        description,
      } as JsonSchema;
    case 'price':
      return {
        ...of('number'),
        minimum: -largestNumber,
        maximum: largestNumber,
        description,
      } as JsonSchema;
    case 'amount':
      return {
        ...of('number'),
        minimum: -largestAmount,
        maximum: largestAmount,
        description,
      } as JsonSchema;
    case 'cost':
      return { ...of('number'), minimum: -largestAmount, maximum: 0, description } as JsonSchema;
  }
}

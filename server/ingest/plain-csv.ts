import {
  fieldsWhere,
  requiredFields,
  type Trade,
  type TradeField,
  tradeColumns,
  tradeDefaults,
  tradeFields,
} from '../../shared/trades.ts';
import { withoutGuard } from '../csv.ts';
import type { CsvRow } from './csv-rows.ts';
import { csvReadings, headerColumns, type Places } from './csv-table.ts';
import { type AttemptCells, attemptColumns, FileAttempts } from './file-attempts.ts';
import type { Format, Reading } from './format.ts';
import { parseAmount } from './number-text.ts';
import { RowIdentity } from './row-identity.ts';
import { parseAnyTime } from './time-text.ts';
import { refused, TradeRow } from './trade-row.ts';
import type { WallClock } from './wall-clock.ts';

type Column = TradeField | (typeof attemptColumns)[number];

const optional = [...fieldsWhere((column) => column.default !== undefined), ...attemptColumns];

/**
 * A table whose columns have the names of a trade's fields in the API. A row without exit_time,
 * exit_price and pnl is an open trade. Times are moments, or wall-clock times of a zone. Further
 * columns tell the account's attempts (file-attempts.ts). server/export/ writes this format.
 */
export const plainCsv = {
  name: 'csv',
  title: 'CSV with the API’s field names',
  recognises(head) {
    const names = headerColumns(head);
    return requiredFields.filter((column) => names.includes(column)).length >= 3;
  },
  async *read(text, clock) {
    const identity = new RowIdentity(this.name);
    const attempts = new FileAttempts(clock);
    yield* csvReadings<Column>(text, requiredFields, optional, (row, places) => {
      const told = attemptCells(row, places);
      if (told && tradeFields.every((field) => valueAt(row.cells, places[field]) === '')) {
        const problem = attempts.describe(row.line, told);
        return problem === null ? null : refused(row.line, problem);
      }
      const reading = readTrade(row, places, clock, identity);
      return told ? withAttempt(reading, told, attempts) : reading;
    });
    yield attempts.readings();
  },
} as const satisfies Format;

/** What a row tells of an attempt; null: nothing, or the file lacks a column for it. */
function attemptCells({ cells }: CsvRow, at: Places<Column>): AttemptCells | null {
  if (attemptColumns.some((column) => at[column] === -1)) return null;
  const told = Object.fromEntries(
    attemptColumns.map((column) => [column, valueAt(cells, at[column])]),
  ) as AttemptCells;
  return attemptColumns.every((column) => told[column] === '') ? null : told;
}

/** The reading of a row, refused if the row's attempt can't be that of its trade. */
function withAttempt(reading: Reading, told: AttemptCells, attempts: FileAttempts): Reading {
  const { kind, line } = reading;
  const entryTime = kind === 'trade' ? reading.trade.entry_time : Number.POSITIVE_INFINITY;
  const problem = attempts.name(line, told, entryTime);
  if (problem === null) return reading;
  return refused(line, kind === 'refused' ? `${reading.reason} ${problem}` : problem);
}

/** All columns in one order: it is faster when the objects of all rows have the same layout. */
const defaultValues = {
  ...Object.fromEntries(tradeFields.map((field) => [field, undefined])),
  ...tradeDefaults,
} as Record<TradeField, unknown>;

function readTrade(
  { line, cells }: CsvRow,
  at: Places<Column>,
  clock: WallClock,
  identity: RowIdentity,
): Reading {
  const row = new TradeRow(line);
  const values = { ...defaultValues };
  for (const field of tradeFields) {
    const text = valueAt(cells, at[field]);
    if (text !== '' || defaultValues[field] === undefined) {
      values[field] = readValue(row, field, text, clock);
    }
  }
  const trade = values as Trade;
  if (trade.id === '') trade.id = identity.next(trade);
  return row.reading(trade);
}

function readValue(row: TradeRow, field: TradeField, text: string, clock: WallClock) {
  const column = tradeColumns[field];
  switch (column.kind) {
    case 'id':
    case 'text':
      return readText(text);
    case 'lines':
      return readText(text).replace(/\r\n?/g, '\n');
    case 'word':
      return row.word(text, field, column.words);
    case 'quantity':
    case 'price':
      return row.number(text, field);
    case 'time':
      return row.time(text, field, parseAnyTime, clock);
    case 'amount':
    case 'cost':
      return row.amount(text, field, parseAmount);
  }
}

/** A text as it was before an export wrote it. */
function readText(text: string): string {
  return withoutGuard(text).trim();
}

/** The text of a cell; '' for an empty cell, `null`, or a column that the file does not have. */
function valueAt(cells: readonly string[], place: number): string {
  if (place === -1) return '';
  const cell = cells[place]!;
  return cell === 'null' ? '' : cell.trim();
}

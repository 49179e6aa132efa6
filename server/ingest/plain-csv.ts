import {
  fieldsWhere,
  requiredFields,
  type Trade,
  type TradeField,
  tradeColumns,
  tradeDefaults,
  tradeFields,
} from '../../shared/trades.ts';
import type { CsvRow } from './csv-rows.ts';
import { csvReadings, headerColumns, type Places } from './csv-table.ts';
import type { Format, Reading } from './format.ts';
import { parseAmount } from './number-text.ts';
import { RowIdentity } from './row-identity.ts';
import { parseAnyTime } from './time-text.ts';
import { TradeRow } from './trade-row.ts';
import type { WallClock } from './wall-clock.ts';

const optional = fieldsWhere((column) => column.default !== undefined);

/**
 * A table whose columns have the names of a trade's fields in the API. A row without exit_time,
 * exit_price and pnl is an open trade. Times are moments, or wall-clock times of a zone.
 */
export const plainCsv = {
  name: 'csv',
  title: 'CSV with the API’s field names',
  recognises(head) {
    const names = headerColumns(head);
    return requiredFields.filter((column) => names.includes(column)).length >= 3;
  },
  read(text, clock) {
    const identity = new RowIdentity(this.name);
    return csvReadings<TradeField>(text, requiredFields, optional, (row, places) =>
      readTrade(row, places, clock, identity),
    );
  },
} as const satisfies Format;

/** All columns in one order: it is faster when the objects of all rows have the same layout. */
const defaultValues = {
  ...Object.fromEntries(tradeFields.map((field) => [field, undefined])),
  ...tradeDefaults,
} as Record<TradeField, unknown>;

function readTrade(
  { line, cells }: CsvRow,
  at: Places<TradeField>,
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
      return text;
    case 'lines':
      return text.replace(/\r\n?/g, '\n');
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

/** The text of a cell; '' for an empty cell, `null`, or a column that the file does not have. */
function valueAt(cells: readonly string[], place: number): string {
  if (place === -1) return '';
  const cell = cells[place]!;
  return cell === 'null' ? '' : cell.trim();
}

import type { Direction } from '../../shared/answers/trades.ts';
import type { CsvRow } from './csv-rows.ts';
import { csvReadings, headerColumns, type Places } from './csv-table.ts';
import type { Format, Reading, StatementTrade } from './format.ts';
import { parseAmount } from './number-text.ts';
import { RowIdentity } from './row-identity.ts';
import { parseAnyTime } from './time-text.ts';
import { quoted, TradeRow } from './trade-row.ts';
import type { WallClock } from './wall-clock.ts';

const required = ['symbol', 'direction', 'quantity', 'entry_price', 'entry_time'] as const;
const optional = [
  'id',
  'contract',
  'exit_price',
  'exit_time',
  'pnl',
  'commission',
  'setup_type',
] as const;
type Column = (typeof required)[number] | (typeof optional)[number];

/**
 * A table whose columns are named as the API names the fields of a trade. A row without exit_time,
 * exit_price and pnl is an open trade. Its times may be moments or stand for the clock of a zone.
 */
export const plainCsv: Format = {
  name: 'csv',
  title: 'CSV with the API’s field names',
  recognises(head) {
    const names = headerColumns(head);
    return required.filter((column) => names.includes(column)).length >= 3;
  },
  read(text, clock) {
    const identity = new RowIdentity();
    return csvReadings<Column>(text, required, optional, (row, places) =>
      readTrade(row, places, clock, identity),
    );
  },
};

function readTrade(
  { line, cells }: CsvRow,
  at: Places<Column>,
  clock: WallClock,
  identity: RowIdentity,
): Reading {
  const row = new TradeRow(line);
  const exitPrice = valueAt(cells, at.exit_price);
  const exitTime = valueAt(cells, at.exit_time);
  const pnl = valueAt(cells, at.pnl);
  const commission = valueAt(cells, at.commission);
  const trade: StatementTrade = {
    id: valueAt(cells, at.id),
    symbol: valueAt(cells, at.symbol),
    contract: valueAt(cells, at.contract) || null,
    direction: readDirection(valueAt(cells, at.direction), row),
    quantity: row.number(valueAt(cells, at.quantity), 'quantity'),
    entryPrice: row.number(valueAt(cells, at.entry_price), 'entry_price'),
    exitPrice: exitPrice === '' ? null : row.number(exitPrice, 'exit_price'),
    entryTime: row.time(valueAt(cells, at.entry_time), 'entry_time', parseAnyTime, clock),
    exitTime: exitTime === '' ? null : row.time(exitTime, 'exit_time', parseAnyTime, clock),
    pnl: pnl === '' ? null : row.amount(pnl, 'pnl', parseAmount),
    commission: commission === '' ? 0 : row.amount(commission, 'commission', parseAmount),
    setupType: valueAt(cells, at.setup_type) || null,
  };
  if (trade.id === '') trade.id = identity.next(trade);
  return row.reading(trade);
}

/** '' for what is absent: an empty cell, `null`, a column the file does not have. */
function valueAt(cells: readonly string[], place: number): string {
  if (place === -1) return '';
  const cell = cells[place]!;
  return cell === 'null' ? '' : cell.trim();
}

function readDirection(text: string, row: TradeRow): Direction {
  if (text === 'long' || text === 'short') return text;
  const direction = text.toLowerCase();
  if (direction === 'long' || direction === 'short') return direction;
  row.complain(
    'direction',
    text === ''
      ? 'The direction is missing.'
      : `The direction ${quoted(text)} is neither long nor short.`,
  );
  return 'long';
}

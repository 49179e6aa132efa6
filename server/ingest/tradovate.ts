import type { Units } from '../../shared/money.ts';
import { day, hour, minute, second } from '../../shared/time.ts';
import { tradeDefaults } from '../../shared/trades.ts';
import type { CsvRow } from './csv-rows.ts';
import { cellAt, csvReadings, headerColumns, type Places } from './csv-table.ts';
import type { Format, Reading } from './format.ts';
import { parseAmount } from './number-text.ts';
import { parseAmericanTime } from './time-text.ts';
import { quoted, TradeRow } from './trade-row.ts';
import type { WallClock } from './wall-clock.ts';

const columns = [
  'symbol',
  'buyFillId',
  'sellFillId',
  'qty',
  'buyPrice',
  'sellPrice',
  'pnl',
  'boughtTimestamp',
  'soldTimestamp',
] as const;
const optional = ['duration'] as const;
type Column = (typeof columns)[number] | (typeof optional)[number];

/** Tradovate's "Performance" export: a row for each round trip. It contains no fees. */
export const tradovate = {
  name: 'tradovate',
  title: 'Tradovate Performance',
  recognises(head) {
    const names = headerColumns(head);
    return names.includes('buyfillid') && names.includes('sellfillid');
  },
  read: (text, clock) =>
    csvReadings<Column>(text, columns, optional, (row, places) =>
      readRoundTrip(row, places, clock),
    ),
} as const satisfies Format;

function readRoundTrip({ line, cells }: CsvRow, at: Places<Column>, clock: WallClock): Reading {
  const row = new TradeRow(line);
  const buyFill = cellAt(cells, at.buyFillId);
  const sellFill = cellAt(cells, at.sellFillId);
  if (buyFill === '') row.addProblem('id', 'The buyFillId is missing.');
  if (sellFill === '') row.addProblem('id', 'The sellFillId is missing.');
  const bought = cellAt(cells, at.boughtTimestamp);
  const sold = cellAt(cells, at.soldTimestamp);
  const [boughtAt, soldAt] = [parseAmericanTime(bought, clock), parseAmericanTime(sold, clock)];
  const boughtFirst = boughtAt <= soldAt;
  const duration = at.duration === -1 ? '' : cellAt(cells, at.duration);
  if (duration !== '' && !lasts(duration, Math.abs(boughtAt - soldAt))) {
    row.addProblem(
      'exit_time',
      `The duration ${quoted(duration)} does not fit the times: was the file cut short here?`,
    );
  }
  const buyPrice = cellAt(cells, at.buyPrice);
  const sellPrice = cellAt(cells, at.sellPrice);
  return row.reading({
    ...tradeDefaults,
    id: `tradovate-${buyFill}-${sellFill}`,
    ...futureOf(cellAt(cells, at.symbol)),
    direction: boughtFirst ? 'long' : 'short',
    quantity: row.number(cellAt(cells, at.qty), 'quantity'),
    entry_price: row.number(boughtFirst ? buyPrice : sellPrice, 'entry_price'),
    exit_price: row.number(boughtFirst ? sellPrice : buyPrice, 'exit_price'),
    entry_time: row.time(boughtFirst ? bought : sold, 'entry_time', parseAmericanTime, clock),
    exit_time: row.time(boughtFirst ? sold : bought, 'exit_time', parseAmericanTime, clock),
    pnl: row.amount(cellAt(cells, at.pnl), 'pnl', parseDollars),
  });
}

/**
 * Whether a duration such as `1h 28min 12sec` is as long as `milliseconds`, to within two seconds,
 * or differs by the hour of a clock change. It is the last column, so it shows whether a row was
 * cut off.
 */
function lasts(duration: string, milliseconds: number): boolean {
  const parts = /^(?:(\d+)d ?)?(?:(\d+)h ?)?(?:(\d+)min ?)?(?:(\d+)sec)?$/.exec(duration.trim());
  if (parts === null) return false;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const stated = days * day + hours * hour + minutes * minute + seconds * second;
  const off = Math.abs(stated - milliseconds);
  // A time that can't be read is NaN here, and reported on its own.
  return Number.isNaN(off) || off <= 2 * second || Math.abs(off - hour) <= 2 * second;
}

/** MESH5 is the contract of March 2025 (H, 5) of the root MES. Other symbols stay unchanged. */
function futureOf(symbol: string): { symbol: string; contract: string | null } {
  const root = /^([A-Z0-9]+)[FGHJKMNQUVXZ]\d{1,2}$/.exec(symbol)?.[1];
  return root === undefined ? { symbol, contract: null } : { symbol: root, contract: symbol };
}

/** `$62.50`, `$1,062.50`; parentheses mean a loss: `$(41.25)`. */
function parseDollars(text: string): Units {
  const parts = /^\$?(\()?(\d{1,3}(?:,\d{3})+|\d+)((?:\.\d+)?)(\))?$/.exec(text);
  if (parts === null) return Number.NaN;
  const [, open, whole, decimals, close] = parts;
  if ((open === undefined) !== (close === undefined)) return Number.NaN;
  return parseAmount(`${open === undefined ? '' : '-'}${whole!.replaceAll(',', '')}${decimals}`);
}

import type { Units } from '../../shared/money.ts';
import type { CsvRow } from './csv-rows.ts';
import { cellAt, csvReadings, headerColumns, type Places } from './csv-table.ts';
import type { Format, Reading } from './format.ts';
import { parseAmount } from './number-text.ts';
import { parseAmericanTime } from './time-text.ts';
import { TradeRow } from './trade-row.ts';
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

/** Tradovate's "Performance" export: a row for each round trip. It knows no fees. */
export const tradovate: Format = {
  name: 'tradovate',
  title: 'Tradovate Performance',
  needsZone: true,
  recognises(head) {
    const names = headerColumns(head);
    return names.includes('buyfillid') && names.includes('sellfillid');
  },
  read: (text, clock) =>
    csvReadings(text, columns, [], (row, places) => readRoundTrip(row, places, clock)),
};

function readRoundTrip(
  { line, cells }: CsvRow,
  at: Places<(typeof columns)[number]>,
  clock: WallClock,
): Reading {
  const row = new TradeRow(line);
  const buyFill = cellAt(cells, at.buyFillId);
  const sellFill = cellAt(cells, at.sellFillId);
  if (buyFill === '') row.complain('id', 'The buyFillId is missing.');
  if (sellFill === '') row.complain('id', 'The sellFillId is missing.');
  const bought = cellAt(cells, at.boughtTimestamp);
  const sold = cellAt(cells, at.soldTimestamp);
  const boughtFirst = parseAmericanTime(bought, clock) <= parseAmericanTime(sold, clock);
  const buyPrice = cellAt(cells, at.buyPrice);
  const sellPrice = cellAt(cells, at.sellPrice);
  return row.reading({
    id: `tradovate-${buyFill}-${sellFill}`,
    ...futureOf(cellAt(cells, at.symbol)),
    direction: boughtFirst ? 'long' : 'short',
    quantity: row.number(cellAt(cells, at.qty), 'quantity'),
    entryPrice: row.number(boughtFirst ? buyPrice : sellPrice, 'entry_price'),
    exitPrice: row.number(boughtFirst ? sellPrice : buyPrice, 'exit_price'),
    entryTime: row.time(boughtFirst ? bought : sold, 'entry_time', parseAmericanTime, clock),
    exitTime: row.time(boughtFirst ? sold : bought, 'exit_time', parseAmericanTime, clock),
    pnl: row.amount(cellAt(cells, at.pnl), 'pnl', parseDollars),
    commission: 0,
    setupType: null,
  });
}

/** MESH5 is the contract of March 2025 (H, 5) of the root MES. Other symbols stay what they are. */
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

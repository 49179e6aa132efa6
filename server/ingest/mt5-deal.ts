import type { Units } from '../../shared/money.ts';
import { type Trade, tradeDefaults } from '../../shared/trades.ts';
import type { Volume } from './mt5-positions.ts';
import { parseNoisyAmount, parseNumber, withoutGroups } from './number-text.ts';
import { parseMetaTraderTime } from './time-text.ts';
import { quoted, type TradeRow } from './trade-row.ts';
import type { WallClock } from './wall-clock.ts';

export const dealColumns = [
  'Time',
  'Deal',
  'Symbol',
  'Type',
  'Direction',
  'Volume',
  'Price',
  'Commission',
  'Swap',
  'Profit',
] as const;
/** Newer histories have this column beside the commission. */
export const optionalDealColumns = ['Fee'] as const;
export type DealColumn = (typeof dealColumns)[number] | (typeof optionalDealColumns)[number];
/** Returns the text of a row's cell in a column; '' when there is none. */
export type DealCell = (column: DealColumn) => string;

/** The amounts of a deal, or their sums over all deals. The commission includes the fee. */
export interface DealAmounts {
  commission: Units;
  swap: Units;
  profit: Units;
}

/** A deal that buys or sells. */
export interface Deal {
  line: number;
  id: string;
  symbol: string;
  side: 'buy' | 'sell';
  volume: Volume;
  price: number;
  time: number;
  commission: Units;
  swapAndProfit: Units;
}

/** One lot as a {@link Volume}. */
export const volumeOfLot = 1e8;

export function readDealAmounts(row: TradeRow, cell: DealCell): DealAmounts {
  return {
    commission:
      row.amount(cell('Commission'), 'commission', parseMoney) +
      row.amount(cell('Fee'), 'commission', parseMoney),
    swap: row.amount(cell('Swap'), 'pnl', parseMoney),
    profit: row.amount(cell('Profit'), 'pnl', parseMoney),
  };
}

/** Reads a deal that opens (`entry`) or closes (`exit`); adds its problems to those of `row`. */
export function readDeal(
  line: number,
  row: TradeRow,
  cell: DealCell,
  side: 'buy' | 'sell',
  end: 'entry' | 'exit',
  { commission, swap, profit }: DealAmounts,
  clock: WallClock,
): Deal {
  const number = parseNumber(cell('Deal'));
  if (!(Number.isSafeInteger(number) && number > 0)) {
    row.addProblem('id', `The deal ${quoted(cell('Deal'))} is not the number of a deal.`);
  }
  const volume = Math.round(row.number(cell('Volume'), 'quantity') * volumeOfLot);
  if (volume > Number.MAX_SAFE_INTEGER) {
    row.addProblem('quantity', `The volume ${quoted(cell('Volume'))} is too large.`);
  }
  return {
    line,
    id: `mt5-${number}`,
    symbol: cell('Symbol'),
    side,
    volume,
    price: row.number(cell('Price'), `${end}_price`),
    time: row.time(cell('Time'), `${end}_time`, parseMetaTraderTime, clock),
    commission,
    swapAndProfit: swap + profit,
  };
}

/** The open trade that results if a deal opens one. */
export function openTrade(deal: Deal): Trade {
  return {
    ...tradeDefaults,
    id: deal.id,
    symbol: deal.symbol,
    direction: deal.side === 'buy' ? 'long' : 'short',
    quantity: deal.volume / volumeOfLot,
    entry_price: deal.price,
    entry_time: deal.time,
  };
}

/** Parses an amount; an empty cell is zero. */
function parseMoney(text: string): Units {
  return text === '' ? 0 : parseNoisyAmount(withoutGroups(text));
}

import { toDecimal } from '../../shared/money.ts';
import type { CsvRow } from './csv-rows.ts';
import { cellAt, csvReadings, headerColumns, type Places } from './csv-table.ts';
import { type Format, type Reading, UnreadableStatement } from './format.ts';
import {
  type Deal,
  type DealAmounts,
  type DealCell,
  type DealColumn,
  dealColumns,
  openTrade,
  optionalDealColumns,
  readDeal,
  readDealAmounts,
  volumeOfLot,
} from './mt5-deal.ts';
import { mostOpenPositions, OpenPositions, share } from './mt5-positions.ts';
import { passedOver, quoted, refused, TradeRow } from './trade-row.ts';
import type { WallClock } from './wall-clock.ts';

/** MetaTrader 5's history: one deal opens a position, another closes it; the last row has totals. */
export const mt5 = {
  name: 'mt5',
  title: 'MetaTrader 5 deals',
  recognises(head) {
    const names = headerColumns(head);
    return ['deal', 'direction', 'volume', 'profit'].every((column) => names.includes(column));
  },
  async *read(text, clock) {
    const history = new DealHistory(clock);
    yield* csvReadings<DealColumn>(text, dealColumns, optionalDealColumns, (row, places) =>
      history.read(row, places),
    );
    const open = history.end();
    if (open.length > 0) yield open;
  },
} as const satisfies Format;

/** The types of rows that are no trades: they move money only, or nothing at all. */
const withoutTrade =
  /^(?:balance|credit|charge|correction|bonus|interest|tax|dividend|(?:franked dividend|dividend franked)|(?:buy|sell) cancell?ed|(?:agent )?commission(?: (?:daily|monthly|agent daily|agent monthly))?)$/;

class DealHistory {
  private readonly clock: WallClock;
  private readonly positions = new OpenPositions();
  private readonly sums: DealAmounts = { commission: 0, swap: 0, profit: 0 };
  private totals: DealAmounts | null = null;
  private lastLine = 0;

  constructor(clock: WallClock) {
    this.clock = clock;
  }

  read({ line, cells }: CsvRow, at: Places<DealColumn>): Reading | null {
    if (this.totals !== null) return refused(line, 'The row stands after the row of totals.');
    this.lastLine = line;
    const cell: DealCell = (column) => cellAt(cells, at[column]);
    const row = new TradeRow(line);
    const amounts = readDealAmounts(row, cell);
    if (cell('Time') === '' && cell('Deal') === '' && cell('Type') === '') {
      this.totals = amounts;
      return null;
    }
    const side = cell('Type').toLowerCase();
    if (withoutTrade.test(side)) return passedOver(line, `${side} row`);
    if (side !== 'buy' && side !== 'sell') {
      return refused(line, `The type ${quoted(side)} is none that a deal has.`);
    }
    // If an amount cannot be read its sum stays NaN: the row is refused, and the total not checked.
    this.sums.commission += amounts.commission;
    this.sums.swap += amounts.swap;
    this.sums.profit += amounts.profit;

    const way = cell('Direction').toLowerCase();
    const end = way === 'in' ? 'entry' : 'exit';
    const deal = readDeal(line, row, cell, side, end, amounts, this.clock);
    const asOpening = row.reading(openTrade(deal));
    if (asOpening.kind === 'refused') return asOpening;
    if (way === 'in') return this.open(deal);
    if (way === 'out' || way === 'out by') return this.close(deal, row);
    if (way === 'in/out') return this.reverse(deal, row);
    return refused(line, `The direction ${quoted(way)} is none of in, out, in/out and out by.`);
  }

  /**
   * To be called at the end of the file. Throws UnreadableStatement when there was no row of totals
   * or the deals do not add up to it, else returns the positions that were never closed.
   */
  end(): Reading[] {
    const { sums, totals } = this;
    if (totals === null) {
      throw new UnreadableStatement(
        'The file ends before its row of totals, so it was cut short. Export it again and send the whole file.',
        this.lastLine,
      );
    }
    for (const name of ['commission', 'swap', 'profit'] as const) {
      if (Number.isNaN(sums[name]) || sums[name] === totals[name]) continue;
      const stated = Number.isNaN(totals[name]) ? 'something else' : toDecimal(totals[name]);
      throw new UnreadableStatement(
        `The ${name} of the deals adds up to ${toDecimal(sums[name])}, but the row of totals says ${stated}: rows are missing or were changed. Export it again.`,
        this.lastLine,
      );
    }
    return this.positions.rest().map(({ line }) => passedOver(line, 'open position'));
  }

  private open(deal: Deal): null {
    if (this.positions.size >= mostOpenPositions) {
      throw new UnreadableStatement(
        `More than ${mostOpenPositions} positions are open at once.`,
        deal.line,
      );
    }
    this.positions.open({ ...deal, direction: deal.side === 'buy' ? 'long' : 'short' });
    return null;
  }

  private close(deal: Deal, row: TradeRow): Reading {
    const { line, symbol, volume } = deal;
    const direction = deal.side === 'sell' ? 'long' : 'short';
    const held = this.positions.volumeOf(symbol, direction);
    if (held < volume) {
      const rest = held === 0 ? 'none is open' : `only ${held / volumeOfLot} are open`;
      return refused(
        line,
        `The deal closes ${volume / volumeOfLot} lots of a ${direction} position in ${symbol}, but ${rest}: the deal that opened it is missing.`,
      );
    }
    const opening = this.positions.close(symbol, direction, volume);
    const commission = opening.commission + deal.commission;
    return row.reading({
      ...openTrade(deal),
      direction,
      entry_price: opening.price,
      exit_price: deal.price,
      entry_time: opening.time,
      exit_time: deal.time,
      pnl: commission + opening.swapAndProfit + deal.swapAndProfit,
      commission: Math.min(commission, 0),
    });
  }

  /** Closes all that is open in the opposite direction and opens the rest of the volume. */
  private reverse(deal: Deal, row: TradeRow): Reading {
    const held = this.positions.volumeOf(deal.symbol, deal.side === 'sell' ? 'long' : 'short');
    if (held === 0 || held >= deal.volume) return this.close(deal, row);
    const commission = share(deal.commission, held, deal.volume);
    const reading = this.close({ ...deal, volume: held, commission }, row);
    this.open({
      ...deal,
      volume: deal.volume - held,
      commission: deal.commission - commission,
      swapAndProfit: 0,
    });
    return reading;
  }
}

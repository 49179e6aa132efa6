import type { InstrumentFigures } from '../../../shared/answers/widgets.ts';
import { profitFactor } from '../../analytics/stats.ts';
import type { Part } from '../../store/breakdowns.ts';
import { presentInstrument } from '../stats.ts';

/**
 * By total P&L, the largest first. Equal ones stay in the order of `symbols`, which is by symbol.
 */
export function presentInstruments(symbols: readonly Part<string>[]): InstrumentFigures[] {
  const pnl = (sums: Part) => sums.gross_profit + sums.gross_loss;
  return symbols
    .toSorted((a, b) => pnl(b) - pnl(a))
    .map((sums) => ({
      ...presentInstrument(sums),
      winRateRaw: (100 * sums.wins) / sums.trades,
      profitFactor: profitFactor(sums.gross_profit, sums.gross_loss),
    }));
}

export function countTrades(parts: readonly Part[]): number {
  return parts.reduce((count, { trades }) => count + trades, 0);
}

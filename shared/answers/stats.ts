import type { Period } from '../period.ts';

/** An account as an answer names it. */
export interface AccountName {
  id: string;
  nickname: string;
}

/** Which accounts an answer covers: one, or all that are in one currency. */
export interface Coverage {
  /** Null when the answer puts accounts together. */
  account: AccountName | null;
  /** ISO 4217. Nothing is converted. */
  currency: string;
  accounts: {
    counted: number;
    /** Accounts in other currencies. */
    left_out: number;
  };
  period: Period;
}

/** Money is exact; averages and ratios are rounded to two decimals, the win rate to one. */
export interface Stats {
  tradeCount: number;
  /** Per cent of all trades. */
  winRate: number;
  avgPnl: number;
  totalPnl: number;
  bestTrade: number;
  worstTrade: number;
  /** Null when there are wins and no losses. */
  profitFactor: number | null;
  instrumentsTraded: number;
}

export interface DailyPnl {
  /** YYYY-MM-DD */
  day: string;
  pnl: number;
  trades: number;
}

export interface InstrumentStats {
  symbol: string;
  trades: number;
  win_rate: number;
  total_pnl: number;
}

/** `GET /api/partner/stats` */
export interface StatsAnswer extends Coverage {
  stats: Stats;
  /** Days with trades, oldest first. */
  dailyPnl: DailyPnl[];
  /** By number of trades, largest first. */
  instruments: InstrumentStats[];
}

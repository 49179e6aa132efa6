import type { Period } from '../period.ts';
import type { Trade } from '../trades.ts';
import type { AccountName } from './stats.ts';

/** `GET /api/partner/trades` */
export interface TradesAnswer {
  account: AccountName;
  period: Period;
  pagination: {
    page: number;
    limit: number;
    total: number;
    total_pages: number;
    has_more: boolean;
  };
  trades: TradeAnswer[];
}

/** Money as a decimal number. */
export interface TradeAnswer extends Trade {
  /** Null while the trade is open. */
  duration_minutes: number | null;
}

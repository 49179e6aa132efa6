import type { Period } from '../period.ts';
import type { AccountName } from './stats.ts';

export const directions = ['long', 'short'] as const;
export type Direction = (typeof directions)[number];

export const tradeStatuses = ['closed', 'open', 'all'] as const;
export const tradeSorts = ['entry_time', 'exit_time', 'pnl', 'symbol', 'quantity'] as const;
export const sortOrders = ['desc', 'asc'] as const;

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

export interface TradeAnswer {
  id: string;
  /** Of a future the root (MES). */
  symbol: string;
  /** Of a future the contract (MESH5), else null. */
  contract: string | null;
  direction: Direction;
  quantity: number;
  entry_price: number;
  /** Null while the trade is open, as are exit_time, pnl and duration_minutes. */
  exit_price: number | null;
  /** Epoch ms. */
  entry_time: number;
  exit_time: number | null;
  /** Net: what the account gained after commission, fees and swap. */
  pnl: number | null;
  /** Zero or below; told beside pnl, never to be subtracted again. */
  commission: number;
  setup_type: string | null;
  duration_minutes: number | null;
}

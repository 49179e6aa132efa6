/** `GET /api/partner/accounts` */
export interface AccountsAnswer {
  accounts: AccountSummary[];
  /** All that match, on every page. */
  total: number;
  limit: number;
  offset: number;
}

export interface AccountSummary {
  id: string;
  nickname: string;
  /** The firm's own name for itself, as given when the account was made. */
  firm_id: string | null;
  currency: string;
  /** Closed trades of the current attempt, and what they made. */
  trade_count: number;
  total_pnl: number;
}

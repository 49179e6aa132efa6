import { fromDecimal, toDecimal } from '../../shared/money.ts';

/** The data of a `daily_summary`. */
export interface SummaryData {
  /** `YYYY-MM-DD` */
  date: string;
  part?: number;
  parts?: number;
  accounts: SummaryAccount[];
  /** Those of the accounts in the partner's currency, of all parts together. */
  totals: SummaryTotals;
}

export interface SummaryAccount extends SummaryTotals {
  account_id: string;
  /** Absent: the partner's. */
  currency?: string;
  win_rate: number;
}

interface SummaryTotals {
  trades: number;
  /** A decimal number. */
  pnl: number;
}

/** A summary without some of its accounts, as if they had not been there. */
export function withoutAccounts(
  data: SummaryData,
  isGone: (accountId: string) => boolean,
): SummaryData {
  const gone = data.accounts.filter(({ account_id }) => isGone(account_id));
  if (gone.length === 0) return data;
  const accounts = data.accounts.filter((account) => !gone.includes(account));
  return { ...data, accounts, totals: gone.reduce(subtract, data.totals) };
}

/** Totals less an account, if that counts in them. */
export function subtract(totals: SummaryTotals, account: SummaryAccount): SummaryTotals {
  if (account.currency !== undefined) return totals;
  return {
    trades: totals.trades - account.trades,
    pnl: toDecimal(fromDecimal(totals.pnl) - fromDecimal(account.pnl)),
  };
}

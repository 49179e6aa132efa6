import { inLanguage } from './language.ts';
import { englishPlural as plural } from './plural.ts';

/**
 * The English words of every widget. Those of a single widget are in its own folder, so that no other
 * has to load them; those of another language are all in the language's file.
 */
export const english = {
  periods: { '7d': '7 days', '30d': '30 days', '90d': '90 days', '1y': '1 year', all: 'All time' },
  allAccounts: 'All accounts',
  allAccountsIn: (currency: string) => `All accounts in ${currency}`,
  poweredBy: 'Powered by PropTally',
  totalPnl: 'Total P&L',
  pnl: 'P&L',
  winRate: 'Win rate',
  trades: 'Trades',
  profitFactor: 'Profit factor',
  /** Heads of narrow columns. */
  heads: { trades: 'Trades', winRate: 'Win rate', pnl: 'P&L' },
  ofTrades: (count: number, figure: string) =>
    `${figure} ${plural(count, { one: 'trade', other: 'trades' })}`,
  /** Between the parts of an enumeration. */
  comma: ', ',

  retrying: 'Offline, retrying',
  asOf: (time: string) => `As of ${time}`,
  code: (status: number) => `Code ${status}`,
};

export const commonWordsOf = inLanguage('common', english);

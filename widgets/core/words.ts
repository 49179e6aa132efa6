/**
 * The English words that every widget shows. Those of a single widget stand beside it, so that no
 * other has to load them. Another language is other tables of these shapes.
 */
export const words = {
  periods: { '7d': '7 days', '30d': '30 days', '90d': '90 days', '1y': '1 year', all: 'All time' },
  allAccounts: 'All accounts',
  allAccountsIn: (currency: string) => `All accounts in ${currency}`,
  poweredBy: 'Powered by PropTally',
  totalPnl: 'Total P&L',
  pnl: 'P&L',
  winRate: 'Win rate',
  trades: 'Trades',
  profitFactor: 'Profit factor',
  ofTrades: (count: number, figure: string) => `${figure} ${count === 1 ? 'trade' : 'trades'}`,

  retrying: 'Offline, retrying',
  asOf: (time: string) => `As of ${time}`,
  code: (status: number) => `Code ${status}`,
};

export const words = {
  totalPnl: 'Total P&L',
  winRate: 'Win rate',
  wonAndLost: (won: string, lost: string) => `${won} won · ${lost} lost`,
  profitFactor: 'Profit factor',
  gainedAndLost: (gained: string, lost: string) => `${gained} gained · ${lost} lost`,
  trades: 'Trades',
  tradingDays: (count: number, figure: string) =>
    `${figure} trading ${count === 1 ? 'day' : 'days'}`,
};

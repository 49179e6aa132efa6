export const words = {
  maxDrawdown: 'Max drawdown',
  daily: 'Daily',
  weekly: 'Weekly',
  monthly: 'Monthly',
  dailyPnl: 'Daily P&L',
  cumulative: 'Cumulative',
  belowHigh: 'Below high',
  day: 'Day',
  dayOfTrades: (count: number, figure: string) =>
    `Day, ${figure} ${count === 1 ? 'trade' : 'trades'}`,
  noTrades: 'Day, no trades',
  chart: 'chart, arrow keys move through its days',
  summary: (period: string, last: string, drawdown: string) =>
    `Cumulative P&L, ${period}: ${last}, max drawdown ${drawdown}`,
};

export const words = {
  heading: 'Calendar',
  previous: 'Previous month',
  next: 'Next month',
  upAndDown: (up: number, ups: string, downs: string) =>
    `${ups} ${up === 1 ? 'day' : 'days'} up · ${downs} down`,
  noTrades: 'No trades',
  grid: 'P&L by day',
  week: 'Week',
  day: (day: string, gain: string, trades: string) => `${day}: ${gain}, ${trades}`,
  times: (count: string) => `${count}×`,
};

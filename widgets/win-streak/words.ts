export const words = {
  heading: 'Streak',
  current: 'Current streak',
  inARow: {
    win: (count: number) => (count === 1 ? 'win' : 'wins in a row'),
    loss: (count: number) => (count === 1 ? 'loss' : 'losses in a row'),
  },
  none: 'No streak',
  brokeEven: 'the last trade broke even',
  worth: (amount: string) => `worth ${amount}`,
  results: 'Last results, oldest first',
  outcomes: { W: 'Won', L: 'Lost', B: 'Broke even' },
  ago: (trades: string) => `${trades} ago`,
  latest: 'Latest',
  longestWin: ['Longest winning', 'Longest won'],
  longestLoss: ['Longest losing', 'Longest lost'],
  last: (count: string) => `Last ${count}`,
};

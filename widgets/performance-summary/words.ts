export const words = {
  heading: 'Performance',
  best: 'Best trade',
  worst: 'Worst trade',
  average: 'Average',
  topInstruments: 'Top instruments',
  summary: (period: string, last: string, lowest: string, highest: string) =>
    `Cumulative P&L, ${period}: ${last}, between ${lowest} and ${highest}`,
};

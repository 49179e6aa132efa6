export const words = {
  heading: 'Performance',
  best: ['Best trade', 'Best'],
  worst: ['Worst trade', 'Worst'],
  factor: 'Factor',
  average: 'Average',
  topInstruments: 'Top instruments',
  summary: (period: string, last: string, lowest: string, highest: string) =>
    `Cumulative P&L, ${period}: ${last}, between ${lowest} and ${highest}`,
};

export const words = {
  heading: 'Overview',
  wonAndLost: (won: string, lost: string) => `${won} won · ${lost} lost`,
  gainedAndLost: (gained: string, lost: string) => `${gained} gained · ${lost} lost`,
  tradingDays: (count: number, figure: string) =>
    `${figure} trading ${count === 1 ? 'day' : 'days'}`,
};

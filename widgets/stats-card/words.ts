export const words = {
  heading: 'Overview',
  gainedAndLost: (gained: string, lost: string) => `${gained} gained · ${lost} lost`,
  tradingDays: (count: number, figure: string) =>
    `${figure} trading ${count === 1 ? 'day' : 'days'}`,
};

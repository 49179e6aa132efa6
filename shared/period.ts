/** A period of N days is the last N days, including today. */
export const periods = ['7d', '30d', '90d', '1y', 'all'] as const;

export type Period = (typeof periods)[number];

export const defaultPeriod = '30d' satisfies Period;

/** The number of days, including today; null is the whole history. */
export const periodDays: Readonly<Record<Period, number | null>> = {
  '7d': 7,
  '30d': 30,
  '90d': 90,
  '1y': 365,
  all: null,
};

/** A made-up person whose trades fill the demo. */
export interface Trader {
  nickname: string;
  firm: string;
  startingBalance: number;
  currency: string;
  /** How often each instrument is traded, in proportion to the others. */
  symbols: Readonly<Record<string, number>>;
  tradesPerDay: number;
  /** The chance that a trade wins, from 0 to 1. */
  skill: number;
  /** The size of a win relative to a loss, in ticks. */
  patience: number;
  contracts: number;
  /** How many days ago the account was opened. */
  daysOpen: number;
}

export interface Instrument {
  price: number;
  tick: number;
  /** What a tick of one contract is worth, in the account's currency. */
  tickValue: number;
  /** For one contract, entry and exit together. */
  commission: number;
  /** How many ticks a losing trade typically loses. */
  stop: number;
}

export const instruments: Readonly<Record<string, Instrument>> = {
  ES: { price: 6120, tick: 0.25, tickValue: 12.5, commission: 4.6, stop: 9 },
  NQ: { price: 21850, tick: 0.25, tickValue: 5, commission: 4.6, stop: 34 },
  MES: { price: 6120, tick: 0.25, tickValue: 1.25, commission: 1.24, stop: 12 },
  CL: { price: 71.4, tick: 0.01, tickValue: 10, commission: 4.8, stop: 13 },
  GC: { price: 2685, tick: 0.1, tickValue: 10, commission: 4.9, stop: 16 },
  EURUSD: { price: 1.0835, tick: 0.0001, tickValue: 10, commission: 6, stop: 8 },
  DAX: { price: 19300, tick: 1, tickValue: 5, commission: 3, stop: 22 },
};

const standard = { currency: 'USD', skill: 0.55, patience: 1.1, contracts: 2, daysOpen: 400 };

/** The demo's pages first show the account of the first trader. */
export const traders: readonly Trader[] = [
  {
    ...standard,
    nickname: 'Apex 50K',
    firm: 'apex',
    startingBalance: 50_000,
    symbols: { ES: 6, NQ: 2, CL: 1, GC: 1 },
    tradesPerDay: 6,
    skill: 0.61,
    contracts: 1,
  },
  {
    ...standard,
    nickname: 'Riverbend 150K',
    firm: 'summit',
    startingBalance: 150_000,
    symbols: { NQ: 3, ES: 2 },
    tradesPerDay: 7,
    skill: 0.58,
    patience: 1.15,
  },
  {
    ...standard,
    nickname: 'Opening Bell',
    firm: 'summit',
    startingBalance: 100_000,
    symbols: { ES: 1 },
    tradesPerDay: 9,
    skill: 0.56,
    contracts: 1,
  },
  {
    ...standard,
    nickname: 'Tape Reader',
    firm: 'apex',
    startingBalance: 50_000,
    symbols: { CL: 2, NQ: 1 },
    tradesPerDay: 4,
    skill: 0.59,
  },
  {
    ...standard,
    nickname: 'Quiet Size',
    firm: 'apex',
    startingBalance: 100_000,
    symbols: { GC: 2, ES: 1 },
    tradesPerDay: 3,
    skill: 0.62,
    patience: 0.85,
  },
  {
    ...standard,
    nickname: 'Second Entry',
    firm: 'summit',
    startingBalance: 50_000,
    symbols: { MES: 3, ES: 1 },
    tradesPerDay: 8,
    contracts: 3,
    daysOpen: 190,
  },
  {
    ...standard,
    nickname: 'Fade & Hold',
    firm: 'apex',
    startingBalance: 25_000,
    symbols: { EURUSD: 2, GC: 1 },
    tradesPerDay: 5,
    skill: 0.52,
    contracts: 1,
    daysOpen: 120,
  },
  {
    ...standard,
    nickname: 'North Pit',
    firm: 'summit',
    startingBalance: 50_000,
    symbols: { NQ: 1 },
    tradesPerDay: 3,
    skill: 0.43,
    patience: 0.95,
    contracts: 1,
    daysOpen: 75,
  },
  {
    ...standard,
    nickname: 'Kestrel 25K',
    firm: 'apex',
    startingBalance: 25_000,
    symbols: { MES: 1 },
    tradesPerDay: 2,
    daysOpen: 9,
  },
  {
    ...standard,
    nickname: 'Rheinblick',
    firm: 'summit',
    startingBalance: 50_000,
    currency: 'EUR',
    symbols: { DAX: 1 },
    tradesPerDay: 4,
    contracts: 1,
  },
];

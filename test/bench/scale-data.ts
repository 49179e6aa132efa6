import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../../server/store/database.ts';
import { type Day, weekday } from '../../shared/day.ts';
import { makePartner } from '../support/partner.ts';
import { progress } from './figure.ts';
import { chance, lastDay, type MadeTrade, makeTrade } from './trades.ts';

export type Size = 'small' | 'large' | 'wide';

interface Contents {
  trades: number;
  accounts: number;
  /** How many trades each of the first accounts has, which questions about one account are about. */
  firstAccounts: readonly number[];
}

export const sizes: Record<Size, Contents> = {
  small: { trades: 10_000, accounts: 100, firstAccounts: [1_000] },
  large: { trades: 10_000_000, accounts: 1_000, firstAccounts: [1_000, 10_000, 100_000] },
  wide: { trades: 2_500_000, accounts: 10_000, firstAccounts: [1_000] },
};

export const sizeNames = Object.keys(sizes) as Size[];

/** A database with one partner, filled and never changed again. */
export interface Filled {
  file: string;
  partnerId: string;
  key: string;
  accountIds: string[];
}

/** Where the databases are kept from one run to the next. */
export const dataFolder =
  process.env.PROPTALLY_BENCH_DATA ?? path.join(tmpdir(), 'proptally-bench-data');

const firms = 20;

/** The days on which markets are open, of the last 400. */
export const weekdays: Day[] = Array.from({ length: 400 }, (_, ago) => lastDay - ago)
  .filter((day) => weekday(day) > 0 && weekday(day) < 6)
  .reverse();

/** Fills the database of this size, unless that was finished before. */
export async function fill(size: Size): Promise<Filled> {
  const file = path.join(dataFolder, `${size}.db`);
  // Written last, so where it is missing the filling was interrupted.
  const finished = path.join(dataFolder, `${size}.json`);
  if (existsSync(finished)) return { file, ...JSON.parse(readFileSync(finished, 'utf8')) };
  mkdirSync(dataFolder, { recursive: true });
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  const database = await openDatabase(file);
  try {
    const partner = await makePartner(database, 'enterprise');
    const accountIds: string[] = [];
    let made = 0;
    for (const [account, count] of countTrades(size).entries()) {
      if (account % Math.ceil(sizes[size].accounts / 20) === 0)
        progress(`scale: filling ${size}: ${made} trades of ${account} accounts`);
      const id = await partner.newAccount({
        nickname: `Account ${account}`,
        firm: `firm-${account % firms}`,
        currency: account % 50 === 49 ? 'EUR' : 'USD',
      });
      accountIds.push(id);
      const { added } = await partner.addTrades(id, makeTrades(size, account, made, count));
      if (added !== count) throw new Error(`${added} trades were added instead of ${count}.`);
      made += count;
    }
    const filled = { partnerId: partner.id, key: partner.key, accountIds };
    writeFileSync(finished, JSON.stringify(filled));
    return { file, ...filled };
  } finally {
    await database.close();
  }
}

/** How many trades each account has. */
function countTrades(size: Size): number[] {
  const { trades, accounts, firstAccounts } = sizes[size];
  const weights = Array.from(
    { length: accounts - firstAccounts.length },
    (_, account) => 0.3 + 1.4 * chance(account, 7),
  );
  const weight = sum(weights);
  const left = trades - sum(firstAccounts);
  let before = 0;
  const others = weights.map((own) => {
    const from = Math.round((left * before) / weight);
    before += own;
    return Math.round((left * before) / weight) - from;
  });
  return [...firstAccounts, ...others];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0);
}

/** Spreads the trades of an account, whose numbers begin at `first`, over its days. */
function makeTrades(size: Size, account: number, first: number, count: number): MadeTrade[] {
  const days = account < sizes[size].firstAccounts.length ? weekdays : daysOf(account);
  return days.flatMap((day, index) => {
    const from = Math.floor((index * count) / days.length);
    const end = Math.floor(((index + 1) * count) / days.length);
    return Array.from({ length: end - from }, (_, place) => {
      const number = first + from + place;
      return makeTrade(number, day, place - chance(number, 7), end - from);
    });
  });
}

/** The days on which an account trades: between a tenth and seven tenths of all; one of eight has stopped. */
function daysOf(account: number): Day[] {
  const share = 0.1 + 0.6 * chance(account, 8);
  const last = account % 8 === 7 ? lastDay - 90 : lastDay;
  return weekdays.filter((day) => day <= last && chance(day, account + 10) < share);
}

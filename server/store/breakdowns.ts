import type SQLite from 'better-sqlite3';
import type { Trade } from '../../shared/trades.ts';
import type { TradingDays } from '../../shared/trading-day.ts';
import type { PartColumns } from './schema.ts';
import { insertion, prepared } from './statements.ts';

/**
 * What the sums of days are broken down by: each function returns a trade's key. A breakdown is a
 * column of the same name in two tables, one of accounts' days and one of partners' days.
 */
export const breakdowns = {
  symbol: (trade: BrokenDown) => trade.symbol,
  /** The hour of the week of the entry, 0 to 167, from the beginning of Sunday's trading day. */
  hour: (trade: BrokenDown, days: TradingDays) => days.hourOfWeek(trade.entry_time),
};

export type Breakdown = keyof typeof breakdowns;
export type BrokenDown = Pick<Trade, 'symbol' | 'entry_time'>;

export type KeyOf<By extends Breakdown> = ReturnType<(typeof breakdowns)[By]>;

/** The sums of the trades with one symbol, or with one hour of entry. */
export interface Part<Key = string | number> extends PartColumns {
  key: Key;
}

/** Parts by their keys. */
export type Parts = Map<Part['key'], Part>;

export const breakdownNames = Object.keys(breakdowns) as Breakdown[];

/** The parts of a day, or of some of its trades, by each breakdown. */
export type DayParts = Record<Breakdown, Parts>;

export function noParts(): DayParts {
  return { symbol: new Map(), hour: new Map() };
}

export function addToPart(parts: Parts, key: Part['key'], pnl: number): void {
  let part = parts.get(key);
  if (!part) {
    part = { key, trades: 0, wins: 0, gross_profit: 0, gross_loss: 0 };
    parts.set(key, part);
  }
  part.trades++;
  if (pnl > 0) {
    part.wins++;
    part.gross_profit += pnl;
  } else part.gross_loss += pnl;
}

export function addParts(parts: Parts, added: Iterable<Part>): void {
  for (const part of added) {
    const before = parts.get(part.key);
    if (!before) parts.set(part.key, { ...part });
    else for (const sum of partSums) before[sum] += part[sum];
  }
}

/** The columns of a table's key that say whose days they are. */
export const owners = {
  account: ['partner_id', 'version', 'account_id', 'attempt'],
  partner: ['partner_id', 'version', 'currency'],
} as const;

/** The key of an account's day. */
export const accountDayKey = [...owners.account, 'day'] as const;
export const isAccountDay = accountDayKey.map((name) => `${name} = ?`).join(' and ');

export const partSums = ['trades', 'wins', 'gross_profit', 'gross_loss'] as const;

export function tableOf(whose: keyof typeof owners, by: Breakdown): string {
  return `${whose}_${by}_days`;
}

/** An account's day and its partner's, by the values of the keys' columns, the day last. */
export type PartsOwners = Record<keyof typeof owners, readonly (string | number)[]>;

export function readDayParts(handle: SQLite.Database, { account }: PartsOwners): DayParts {
  const parts = noParts();
  for (const by of breakdownNames) {
    const rows = prepared<Part>(
      handle,
      `select ${by} as key, ${partSums.join(', ')} from ${tableOf('account', by)}
       where ${isAccountDay}`,
    ).all(...account);
    for (const part of rows) parts[by].set(part.key, part);
  }
  return parts;
}

/** Adds to an account's day and to its partner's what the sums of some trades have gained or lost. */
export function changeDayParts(
  handle: SQLite.Database,
  owners: PartsOwners,
  before: DayParts,
  now: DayParts,
): void {
  for (const by of breakdownNames) {
    addDifference(handle, 'account', by, owners.account, before[by], now[by]);
    addDifference(handle, 'partner', by, owners.partner, before[by], now[by]);
  }
}

function addDifference(
  handle: SQLite.Database,
  whose: keyof typeof owners,
  by: Breakdown,
  owner: readonly (string | number)[],
  before: Parts,
  now: Parts,
): void {
  const table = tableOf(whose, by);
  const key = [...owners[whose], 'day', by];
  const add = prepared(
    handle,
    `${insertion(table, [...key, ...partSums])}
     on conflict (${key.join(', ')}) do update
     set ${partSums.map((sum) => `${sum} = ${table}.${sum} + excluded.${sum}`).join(', ')}`,
  );
  const removeEmpty = prepared(
    handle,
    `delete from ${table} where ${key.map((name) => `${name} = ?`).join(' and ')} and trades = 0`,
  );
  for (const name of new Set([...before.keys(), ...now.keys()])) {
    const changes = partSums.map(
      (sum) => (now.get(name)?.[sum] ?? 0) - (before.get(name)?.[sum] ?? 0),
    );
    if (changes.every((change) => change === 0)) continue;
    add.run(...owner, name, ...changes);
    if (!now.has(name)) removeEmpty.run(...owner, name);
  }
}

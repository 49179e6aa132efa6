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

export function addParts(parts: Parts, added: readonly Part[]): void {
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

export const partSums = ['trades', 'wins', 'gross_profit', 'gross_loss'] as const;

export function tableOf(whose: keyof typeof owners, by: Breakdown): string {
  return `${whose}_${by}_days`;
}

/** Whose day it is: the values of the key's columns, the day last. */
export type PartsOwner = readonly (string | number)[];

/** Replaces the parts of an account's day that differ, and returns those that were there. */
export function replaceParts(
  handle: SQLite.Database,
  by: Breakdown,
  owner: PartsOwner,
  parts: Parts,
): Parts {
  const table = tableOf('account', by);
  const key = [...owners.account, 'day'];
  const isOwner = key.map((name) => `${name} = ?`).join(' and ');
  const rows = prepared<Part>(
    handle,
    `select ${by} as key, ${partSums.join(', ')} from ${table} where ${isOwner}`,
  ).all(...owner);
  const before: Parts = new Map(rows.map((part) => [part.key, part]));
  const remove = prepared(handle, `delete from ${table} where ${isOwner} and ${by} = ?`);
  const insert = prepared(handle, insertion(table, [...key, by, ...partSums]));
  for (const name of namesOf(before, parts)) {
    const [old, part] = [before.get(name), parts.get(name)];
    if (old && part && partSums.every((sum) => old[sum] === part[sum])) continue;
    if (old) remove.run(...owner, name);
    if (part) insert.run(...owner, name, ...partSums.map((sum) => part[sum]));
  }
  return before;
}

function namesOf(before: Parts, now: Parts): Set<Part['key']> {
  return new Set([...before.keys(), ...now.keys()]);
}

/** Adds to the parts of a partner's day what those of an account's day have gained or lost. */
export function addDifference(
  handle: SQLite.Database,
  by: Breakdown,
  owner: PartsOwner,
  before: Parts,
  now: Parts,
): void {
  const table = tableOf('partner', by);
  const key = [...owners.partner, 'day', by];
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
  for (const name of namesOf(before, now)) {
    const changes = partSums.map(
      (sum) => (now.get(name)?.[sum] ?? 0) - (before.get(name)?.[sum] ?? 0),
    );
    if (changes.every((change) => change === 0)) continue;
    add.run(...owner, name, ...changes);
    if (!now.has(name)) removeEmpty.run(...owner, name);
  }
}

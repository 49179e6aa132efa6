/**
 * Calculates the expected figures of every list of trades in this folder, in exact arithmetic and
 * sharing nothing with the server, and writes them into the lists: `npm run goldens`.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { addDays, clockOf, type ReadClock, utc } from './clock.ts';
import * as metrics from './metrics.ts';
import { propRules } from './prop-rules.ts';
import { closedTrades, daysOf, type ListedTrade, money, type Trade } from './trades.ts';

const periods = { '7d': 7, '30d': 30, '90d': 90, '1y': 365, all: null };

const zones = {
  'America/New_York': clockOf('America/New_York'),
  'CME trade date (17:00 America/Chicago roll)': clockOf('America/Chicago', 7),
  'Europe/Prague': clockOf('Europe/Prague'),
};

/** A JSON file of this folder; all its trades are of one account. */
export interface Golden {
  name: string;
  description: string;
  conventions: string;
  asOf: number;
  asOfIso: string;
  trades: ListedTrade[];
  expected: unknown;
}

/** The paths of the JSON files. */
export function goldenFiles(): string[] {
  return readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.join(import.meta.dirname, name));
}

/** The expected figures of a list of trades, as plain JSON values. */
export function expectedOf({ asOf, trades: listed }: Golden): unknown {
  const trades = closedTrades(listed);
  const days = daysOf(trades, utc);
  const expected = {
    periods: mapValues(periods, (length) => figuresOf(tradesWithin(trades, length, asOf))),
    recentTrades: metrics.recentTrades(trades),
    calendar: metrics.calendar(days),
    leaderboard: leaderboards(listed[0]?.account_id, trades),
    propRules: propRules(trades),
    timezones: mapValues(zones, (clock) => figuresIn(clock, trades)),
  };
  return JSON.parse(JSON.stringify(expected));
}

/** The trades closed on the last `days` days, the day of `asOf` included; null: all trades. */
function tradesWithin(trades: Trade[], days: number | null, asOf: number): Trade[] {
  if (days === null) return trades;
  const today = utc(asOf).day;
  const first = addDays(today, 1 - days);
  return trades.filter(({ exitTime }) => {
    const { day } = utc(exitTime);
    return first <= day && day <= today;
  });
}

function figuresOf(trades: Trade[]) {
  const days = daysOf(trades, utc);
  return {
    stats: metrics.stats(trades),
    raw: metrics.raw(trades),
    dailyPnl: metrics.dailyPnl(days),
    equityCurve: metrics.equityCurve(days),
    drawdown: metrics.drawdown(trades, days),
    streak: metrics.streak(trades),
    instruments: metrics.instruments(trades),
    direction: metrics.directions(trades),
    heatmap: metrics.heatmaps(trades, utc),
    risk: metrics.risk(trades, days),
  };
}

function figuresIn(clock: ReadClock, trades: Trade[]) {
  const days = daysOf(trades, clock);
  return {
    dailyPnl: metrics.dailyPnl(days),
    risk: metrics.risk(trades, days),
    heatmap: metrics.heatmaps(trades, clock),
    maxDrawdownEod: metrics.maxDrawdownEod(days),
  };
}

/** A single account is first in every leaderboard. */
function leaderboards(account: string | undefined, trades: Trade[]) {
  const { totalPnl, winRate, tradeCount } = metrics.stats(trades);
  const row = {
    rank: 1,
    account_id: account,
    total_pnl: money(totalPnl),
    win_rate: winRate,
    trade_count: tradeCount,
  };
  const rows = tradeCount === 0 ? [] : [row];
  return { pnl: rows, win_rate: rows, trades: rows };
}

function mapValues<Value, Result>(
  values: Record<string, Value>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

if (import.meta.main) {
  for (const file of goldenFiles()) {
    const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
    writeFileSync(file, `${JSON.stringify({ ...golden, expected: expectedOf(golden) })}\n`);
  }
}

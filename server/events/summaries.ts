import type SQLite from 'better-sqlite3';
import { type Day, formatDay } from '../../shared/day.ts';
import { toDecimal, type Units } from '../../shared/money.ts';
import { minute } from '../../shared/time.ts';
import { winRate } from '../analytics/stats.ts';
import { prepared } from '../store/statements.ts';
import { readVersions, type Version } from '../store/versions.ts';
import { type Moment, raiseEvents } from './outbox.ts';
import type { SummaryAccount } from './summary-data.ts';

/** How long after the end of its day a partner's summary is made, ms. */
const delay = 15 * minute;
/** The most days that are made up for after the server was down. */
const mostMissed = 30;
/** The most accounts of one event. */
const mostAccounts = 1_000;

/**
 * Raises the summaries that are due, for as long as `isOver` returns false; to be called in a
 * transaction. Returns whether there may be more.
 */
export function raiseDueSummaries(
  handle: SQLite.Database,
  moment: Moment,
  isOver: () => boolean,
): boolean {
  const partners = prepared<{ id: string; created_at: number; summarized_day: Day | null }>(
    handle,
    `select id, created_at, summarized_day
     from partners left join outboxes on outboxes.partner_id = id
     where is_active = 1 order by id`,
  ).all();
  for (const { id, created_at, summarized_day } of partners) {
    const { inForce } = readVersions(handle, id);
    const last = inForce.days.dayOf(moment.now - delay) - 1;
    const made = inForce.days.dayOf(created_at);
    // A new partner's first summary is of the day on which it was made; that of an older one, which
    // had none so far, is of the day that is next to end.
    const done = summarized_day ?? (made < last ? last : made - 1);
    if (summarized_day === null) markDone(handle, id, done);
    for (let day = Math.max(done + 1, last - mostMissed + 1); day <= last; day++) {
      raiseSummary(handle, id, inForce, day, moment);
      if (isOver()) return true;
    }
  }
  return false;
}

interface AccountRow {
  account_id: string;
  currency: string;
  trades: number;
  wins: number;
  pnl: Units;
}

/**
 * Raises the summary of a day for a partner, in as many events as its active accounts need, and
 * marks the day as done. It tells what is known now.
 */
function raiseSummary(
  handle: SQLite.Database,
  partnerId: string,
  version: Version,
  day: Day,
  moment: Moment,
): void {
  const { currency } = prepared<{ currency: string }>(
    handle,
    'select currency from partners where id = ?',
  ).get(partnerId)!;
  const rows = prepared<AccountRow>(
    handle,
    `select accounts.id as account_id, currency,
       coalesce(sum(trades), 0) as trades, coalesce(sum(wins), 0) as wins,
       coalesce(sum(gross_profit + gross_loss), 0) as pnl
     from accounts left join account_days as days
       on days.partner_id = accounts.partner_id and days.version = ? and days.day = ?
         and days.account_id = accounts.id
     where accounts.partner_id = ? and accounts.status = 'active'
     group by accounts.id order by accounts.created_at, accounts.id`,
  ).all(version.number, day, partnerId);
  const date = formatDay(day);
  const totals = totalsOf(rows, currency);
  const parts = Math.ceil(rows.length / mostAccounts);
  const events = Array.from({ length: parts }, (_, part) => ({
    type: 'daily_summary' as const,
    accountId: null,
    data: {
      date,
      ...(parts > 1 && { part: part + 1, parts }),
      accounts: rows
        .slice(part * mostAccounts, (part + 1) * mostAccounts)
        .map((row) => describe(row, currency)),
      totals,
    },
  }));
  raiseEvents(handle, partnerId, events, moment);
  markDone(handle, partnerId, day);
}

function markDone(handle: SQLite.Database, partnerId: string, day: Day): void {
  prepared(
    handle,
    `insert into outboxes (partner_id, last_number, pruned_number, pruned_id, summarized_day)
     values (?, 0, 0, '', ?)
     on conflict (partner_id) do update set summarized_day = excluded.summarized_day`,
  ).run(partnerId, day);
}

/** The totals of the accounts in the partner's currency. */
function totalsOf(rows: readonly AccountRow[], usual: string) {
  const counted = rows.filter(({ currency }) => currency === usual);
  const sum = (name: 'trades' | 'pnl') => counted.reduce((total, row) => total + row[name], 0);
  return { trades: sum('trades'), pnl: toDecimal(sum('pnl')) };
}

/** An account of another currency than the partner's names it. */
function describe(
  { account_id, currency, trades, wins, pnl }: AccountRow,
  usual: string,
): SummaryAccount {
  return {
    account_id,
    ...(currency !== usual && { currency }),
    trades,
    pnl: toDecimal(pnl),
    win_rate: winRate(wins, trades),
  };
}

import type SQLite from 'better-sqlite3';
import { toDecimal, type Units } from '../../shared/money.ts';
import { day } from '../../shared/time.ts';
import type { Account } from '../store/accounts.ts';
import { insertion, prepared } from '../store/statements.ts';
import type { SettledAttempt } from '../store/sums.ts';
import type { Attempt } from '../store/touched-trades.ts';
import { readVersions } from '../store/versions.ts';
import { longestWinsAt, longestWinsBefore } from '../store/win-streaks.ts';
import { type Moment, type NewEvent, raiseEvents } from './outbox.ts';

/** The values of an attempt that are milestones; those of P&L in whole units of its currency. */
const steps = {
  trade_count: [10, 50, 100, 500, 1_000],
  total_pnl: [1_000, 5_000, 10_000, 25_000, 50_000, 100_000],
  win_streak: [5, 10, 20],
} as const;

type Kind = keyof typeof steps;

const longestStreak = Math.max(...steps.win_streak);

/** Later than every trade. */
const afterAll = Date.UTC(2101, 0, 1);

/** Trades that were closed longer ago are history. */
const recent = day;

interface AttemptRow {
  currency: string;
  trade_count: number;
  total_pnl: Units;
}

/**
 * Raises an event for each milestone that an attempt has reached by its sums, once for each. One
 * that its history reaches alone, without what was closed within a day, is marked without an event.
 * Marks stay when trades are changed or deleted later.
 */
export function raiseMilestones(
  handle: SQLite.Database,
  settled: readonly SettledAttempt[],
  moment: Moment,
): void {
  for (const attempt of settled) {
    const longestWins = () => longestWinsAt(handle, attempt, longestStreak);
    const events = reach(handle, attempt, moment.now, longestWins);
    raiseEvents(handle, attempt.partner_id, events, moment);
  }
}

/** `longestWins`: the longest run of wins that may be new; asked only if that matters. */
function reach(
  handle: SQLite.Database,
  settled: SettledAttempt,
  now: number,
  longestWins: () => number,
): NewEvent[] {
  const { partner_id, account_id, attempt } = settled;
  const key = [partner_id, account_id, attempt];
  const row = readAttempt(handle, settled);
  if (!row) return [];
  const marks = prepared<{ name: string }>(
    handle,
    'select name from milestones where partner_id = ? and account_id = ? and attempt = ?',
  ).all(...key);
  const marked = new Set(marks.map(({ name }) => name));
  const values = {
    trade_count: row.trade_count,
    total_pnl: toDecimal(row.total_pnl),
    win_streak: marked.has(`win_streak_${longestStreak}`) ? 0 : longestWins(),
  };
  const history = new History(handle, settled, row, now - recent);
  const mark = prepared(
    handle,
    insertion('milestones', ['partner_id', 'account_id', 'attempt', 'name', 'reached_at']),
  );
  const events: NewEvent[] = [];
  for (const kind of Object.keys(steps) as Kind[]) {
    for (const step of steps[kind]) {
      const milestone = `${kind}_${step}`;
      if (values[kind] < step || marked.has(milestone)) continue;
      mark.run(...key, milestone, now);
      if (history.value(kind) >= step) continue;
      const label = labelOf(kind, step, row.currency);
      const data = { account_id, milestone, label, value: values[kind] };
      events.push({ type: 'milestone.reached', accountId: account_id, data });
    }
  }
  return events;
}

function readAttempt(
  handle: SQLite.Database,
  { partner_id, account_id, attempt }: Attempt,
): AttemptRow | undefined {
  return prepared<AttemptRow>(
    handle,
    `select currency, trade_count, total_pnl
     from attempts join accounts
       on accounts.partner_id = attempts.partner_id and accounts.id = attempts.account_id
     where attempts.partner_id = ? and attempts.account_id = ? and attempts.attempt = ?
       and accounts.status <> 'erased'`,
  ).get(partner_id, account_id, attempt);
}

/**
 * Brings an account's milestones up to date after an import was taken back: marks that its attempts
 * have passed since a moment and no longer reach are withdrawn, so that they are told when they are
 * reached; and what they reach without its trades is told.
 */
export function reviseMilestones(
  handle: SQLite.Database,
  { partner_id, id: account_id }: Pick<Account, 'partner_id' | 'id'>,
  since: number,
  moment: Moment,
): void {
  const attempts = prepared<{ attempt: number }>(
    handle,
    'select attempt from attempts where partner_id = ? and account_id = ?',
  ).all(partner_id, account_id);
  const { inForce: version } = readVersions(handle, partner_id);
  for (const { attempt } of attempts) {
    const settled = { partner_id, account_id, attempt, days: [], version };
    const row = readAttempt(handle, settled);
    if (!row) continue;
    const present = new History(handle, settled, row, afterAll);
    withdraw(handle, settled, since, present);
    const events = reach(handle, settled, moment.now, () => present.value('win_streak'));
    raiseEvents(handle, partner_id, events, moment);
  }
}

function withdraw(
  handle: SQLite.Database,
  { partner_id, account_id, attempt }: Attempt,
  since: number,
  present: History,
): void {
  const key = [partner_id, account_id, attempt];
  const marks = prepared<{ name: string }>(
    handle,
    `select name from milestones
     where partner_id = ? and account_id = ? and attempt = ? and reached_at >= ?`,
  ).all(...key, since);
  const remove = prepared(
    handle,
    'delete from milestones where partner_id = ? and account_id = ? and attempt = ? and name = ?',
  );
  for (const { name } of marks) {
    const [, kind, step] = /^(.+)_(\d+)$/.exec(name)!;
    if (present.value(kind as Kind) < Number(step)) remove.run(...key, name);
  }
}

/** An attempt's values from the trades that were closed before a moment; worked out when asked for. */
class History {
  readonly #handle: SQLite.Database;
  readonly #settled: SettledAttempt;
  readonly #row: AttemptRow;
  readonly #moment: number;
  readonly #values = new Map<Kind, number>();

  constructor(handle: SQLite.Database, settled: SettledAttempt, row: AttemptRow, moment: number) {
    this.#handle = handle;
    this.#settled = settled;
    this.#row = row;
    this.#moment = moment;
  }

  value(kind: Kind): number {
    if (!this.#values.has(kind)) this.#read(kind);
    return this.#values.get(kind)!;
  }

  #read(kind: Kind): void {
    if (kind === 'win_streak') {
      this.#values.set(kind, longestWinsBefore(this.#handle, this.#settled, this.#moment));
      return;
    }
    const { partner_id, account_id, attempt } = this.#settled;
    const later = prepared<{ trades: number; pnl: Units }>(
      this.#handle,
      `select count(*) as trades, coalesce(sum(pnl), 0) as pnl from trades
       where partner_id = ? and account_id = ? and attempt = ? and exit_time >= ?`,
    ).get(partner_id, account_id, attempt, this.#moment)!;
    this.#values.set('trade_count', this.#row.trade_count - later.trades);
    this.#values.set('total_pnl', toDecimal(this.#row.total_pnl - later.pnl));
  }
}

/** `$10,000 Total Profit`, in the account's currency. */
function labelOf(kind: Kind, step: number, currency: string): string {
  if (kind === 'trade_count') return `${step.toLocaleString('en')} Trades`;
  if (kind === 'win_streak') return `${step} Wins in a Row`;
  const options = { style: 'currency', currency, maximumFractionDigits: 0 } as const;
  return `${step.toLocaleString('en', options).replace('\u00a0', ' ')} Total Profit`;
}

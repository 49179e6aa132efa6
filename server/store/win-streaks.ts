import type SQLite from 'better-sqlite3';
import type { Day } from '../../shared/day.ts';
import { prepared } from './statements.ts';
import type { SettledAttempt } from './sums.ts';

/** The columns of an attempt's day that tell of runs of winning trades. */
interface StreakDay {
  day: Day;
  trades: number;
  leading_wins: number;
  trailing_wins: number;
  longest_wins: number;
}

const columns = 'day, trades, leading_wins, trailing_wins, longest_wins';
const isAttempt = 'partner_id = ? and version = ? and account_id = ? and attempt = ?';

function keyOf({ partner_id, version, account_id, attempt }: SettledAttempt) {
  return [partner_id, version.number, account_id, attempt];
}

/**
 * The longest run of wins that touches the days of an attempt that were made anew; those of the
 * other days are what they were. One that goes on for longer than `most` may be told shorter.
 */
export function longestWinsAt(
  handle: SQLite.Database,
  settled: SettledAttempt,
  most: number,
): number {
  const find = prepared<StreakDay>(
    handle,
    `select ${columns} from account_days where ${isAttempt} and day = ?`,
  );
  let longest = 0;
  for (const day of settled.days) {
    const found = find.get(...keyOf(settled), day);
    const before = winsBeside(handle, settled, day, 'before', most);
    const after = winsBeside(handle, settled, day, 'after', most);
    longest = Math.max(longest, found ? joined(found, before, after) : before + after);
  }
  return longest;
}

/** The longest run of wins within a day and over its ends. */
function joined(day: StreakDay, before: number, after: number): number {
  const { trades, leading_wins, trailing_wins, longest_wins } = day;
  const through = leading_wins === trades ? before + trades + after : 0;
  return Math.max(longest_wins, before + leading_wins, trailing_wins + after, through);
}

/** How many wins follow each other directly before or after a day. */
function winsBeside(
  handle: SQLite.Database,
  settled: SettledAttempt,
  day: Day,
  side: 'before' | 'after',
  most: number,
): number {
  const [sign, order] = side === 'before' ? ['<', 'desc'] : ['>', 'asc'];
  const next = prepared<StreakDay>(
    handle,
    `select ${columns} from account_days where ${isAttempt} and day ${sign} ?
     order by day ${order} limit 1`,
  );
  let wins = 0;
  for (let at = next.get(...keyOf(settled), day); at; at = next.get(...keyOf(settled), at.day)) {
    wins += side === 'before' ? at.trailing_wins : at.leading_wins;
    if (at.leading_wins < at.trades || wins >= most) return wins;
  }
  return wins;
}

/** The longest run of wins among an attempt's trades that were closed before a moment. */
export function longestWinsBefore(
  handle: SQLite.Database,
  settled: SettledAttempt,
  moment: number,
): number {
  const { partner_id, account_id, attempt, version } = settled;
  const last = version.days.dayOf(moment);
  const days = prepared<StreakDay>(
    handle,
    `select ${columns} from account_days where ${isAttempt} and day < ? order by day`,
  ).iterate(...keyOf(settled), last);
  let [longest, streak] = [0, 0];
  for (const day of days) {
    longest = Math.max(longest, day.longest_wins, streak + day.leading_wins);
    streak = day.leading_wins === day.trades ? streak + day.trades : day.trailing_wins;
  }
  const rest = prepared<{ pnl: number }>(
    handle,
    `select pnl from trades
     where partner_id = ? and account_id = ? and attempt = ? and exit_time >= ? and exit_time < ?
     order by exit_time, entry_time, id`,
  ).iterate(partner_id, account_id, attempt, version.days.startOf(last), moment);
  for (const { pnl } of rest) {
    streak = pnl > 0 ? streak + 1 : 0;
    longest = Math.max(longest, streak);
  }
  return longest;
}

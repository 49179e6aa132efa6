import type { Statement } from 'better-sqlite3';
import { type Day, startOfUtcDay } from '../../shared/day.ts';
import {
  addTallies,
  type CountedTrade,
  emptyTally,
  RunBuilder,
  type Tally,
  totalPnl,
} from '../analytics/run.ts';
import { type Way, WayBuilder } from '../analytics/way.ts';
import type { Account } from './accounts.ts';
import {
  type Breakdown,
  type BrokenDown,
  breakdownNames,
  breakdowns,
  type Part,
  partAdder,
  readParts,
} from './breakdowns.ts';
import { emptySequenceColumns, sequenceColumns, tallyColumns, tallyOf } from './columns.ts';
import type { Database, Queries } from './database.ts';
import type { Subject } from './days.ts';
import { watchSums } from './exact-sums.ts';

type SummarisedTrade = CountedTrade & BrokenDown;

type Parts = Map<Part['key'], Part>;

/** A day's sums, recomputed from its trades. */
interface RemadeDay {
  day: Day;
  run: ReturnType<RunBuilder['finish']>;
  way: Way | null;
  parts: Record<Breakdown, Parts>;
}

/**
 * Recomputes the sums of the days on which an account's trades changed, and adds the difference to
 * the partner's days and to the attempt's totals. To be called in the transaction of the change.
 * Throws InexactSums when a sum would exceed what a double holds exactly.
 *
 * A partner's days are only marked as stale where a column depends on the order of trades over
 * several accounts: the first question that needs such a column rebuilds it (partner-days.ts), and
 * few do.
 */
export async function remakeDays(
  database: Database,
  transaction: Queries,
  account: Account,
  days: readonly Day[],
): Promise<void> {
  const statement = database.handle.prepare<unknown[], SummarisedTrade>(
    `select symbol, entry_time, exit_time, pnl, commission from trades
     where partner_id = ? and account_id = ? and attempt = ? and exit_time >= ? and exit_time < ?
     order by exit_time, entry_time, id`,
  );
  const countTrades = database.handle
    .prepare<unknown[], number>(
      `select count(*) from trades
       where partner_id = ? and account_id = ? and attempt = ? and exit_time >= ? and exit_time < ?`,
    )
    .pluck();
  const sums = await watchSums(transaction, account);
  const writers = breakdownNames.map((by) => breakdownWriter(database, account, by));
  let trades = 0;
  let wins = 0;
  let pnl = 0;
  for (const day of days) {
    const before = await readTally(transaction, account, day);
    // Closed trades are never changed or removed, so a day with as many as before is unchanged.
    if (countTrades.get(...boundsOf(account, day)) === before.trades) continue;
    const remade = remakeDay(statement, account, day);
    sums.change(before, remade.run);
    await writeAccountDay(transaction, account, remade);
    await updatePartnerDay(transaction, account, remade, before);
    for (const writer of writers) await addParts(transaction, writer, remade);
    trades += remade.run.trades - before.trades;
    wins += remade.run.wins - before.wins;
    pnl += totalPnl(remade.run) - totalPnl(before);
  }
  await transaction
    .updateTable('attempts')
    .set((eb) => ({
      trade_count: eb('trade_count', '+', trades),
      wins: eb('wins', '+', wins),
      total_pnl: eb('total_pnl', '+', pnl),
    }))
    .where((eb) => eb.and(attemptOf(account)))
    .execute();
}

function attemptOf({ partner_id, id, attempt }: Account) {
  return { partner_id, account_id: id, attempt };
}

/** The parameters of the statements that select an account's trades of a day. */
function boundsOf({ partner_id, id, attempt }: Account, day: Day): (string | number)[] {
  return [partner_id, id, attempt, startOfUtcDay(day), startOfUtcDay(day + 1)];
}

function remakeDay(
  statement: Statement<unknown[], SummarisedTrade>,
  account: Account,
  day: Day,
): RemadeDay {
  const run = new RunBuilder();
  const way = new WayBuilder();
  const parts: RemadeDay['parts'] = { symbol: new Map(), hour: new Map() };
  for (const trade of statement.iterate(...boundsOf(account, day))) {
    run.add(trade);
    way.add(trade);
    for (const by of breakdownNames) addToPart(parts[by], breakdowns[by](trade), trade.pnl);
  }
  return { day, run: run.finish(), way: way.finish(), parts };
}

function addToPart(parts: Parts, key: Part['key'], pnl: number): void {
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

async function readTally(transaction: Queries, account: Account, day: Day): Promise<Tally> {
  const row = await transaction
    .selectFrom('account_days')
    .selectAll()
    .where((eb) => eb.and({ ...attemptOf(account), day }))
    .executeTakeFirst();
  return row ? tallyOf(row) : emptyTally;
}

async function writeAccountDay(
  transaction: Queries,
  account: Account,
  { day, run, way }: RemadeDay,
): Promise<void> {
  const key = { ...attemptOf(account), day };
  await transaction
    .deleteFrom('account_days')
    .where((eb) => eb.and(key))
    .execute();
  if (!way) return;
  await transaction
    .insertInto('account_days')
    .values({ ...key, ...tallyColumns(run), ...sequenceColumns(run), way: JSON.stringify(way) })
    .execute();
}

async function updatePartnerDay(
  transaction: Queries,
  account: Account,
  { day, run }: RemadeDay,
  before: Tally,
): Promise<void> {
  const key = { partner_id: account.partner_id, currency: account.currency, day };
  const row = await transaction
    .selectFrom('partner_days')
    .selectAll()
    .where((eb) => eb.and(key))
    .executeTakeFirst();
  const kept = row ? tallyOf(row) : emptyTally;
  const tally = addTallies(subtract(kept, before), run);
  await transaction
    .deleteFrom('partner_days')
    .where((eb) => eb.and(key))
    .execute();
  await transaction
    .insertInto('partner_days')
    .values({ ...key, ...tallyColumns(tally), ...emptySequenceColumns, is_stale: 1 })
    .execute();
}

/** The counts and sums of `whole` minus `part`. Best and worst stay: days only gain trades. */
function subtract(whole: Tally, part: Tally): Tally {
  return {
    trades: whole.trades - part.trades,
    wins: whole.wins - part.wins,
    losses: whole.losses - part.losses,
    grossProfit: whole.grossProfit - part.grossProfit,
    grossLoss: whole.grossLoss - part.grossLoss,
    commission: whole.commission - part.commission,
    squares: whole.squares - part.squares,
    duration: whole.duration - part.duration,
    best: whole.best,
    worst: whole.worst,
  };
}

/** Adds parts of one breakdown to the stored days of an account and of its partner. */
interface BreakdownWriter {
  by: Breakdown;
  account: Subject;
  add(day: Day, part: Part): void;
}

function breakdownWriter(database: Database, account: Account, by: Breakdown): BreakdownWriter {
  const { partner_id: partnerId, currency } = account;
  const subject: Subject = { kind: 'account', partnerId, account };
  const addToAccount = partAdder(database, by, subject);
  const addToPartner = partAdder(database, by, { kind: 'partner', partnerId, currency });
  return {
    by,
    account: subject,
    add(day, part) {
      addToAccount(day, part);
      addToPartner(day, part);
    },
  };
}

/** Adds what the parts of a day have gained to the stored ones of the account and of its partner. */
async function addParts(
  transaction: Queries,
  { by, account, add }: BreakdownWriter,
  { day, parts }: RemadeDay,
): Promise<void> {
  const before = await readParts(transaction, by, account, { from: day, to: day });
  const old = new Map<Part['key'], Part>(before.map((part) => [part.key, part]));
  for (const part of parts[by].values()) add(day, difference(part, old.get(part.key)));
}

function difference(now: Part, before: Part | undefined): Part {
  if (!before) return now;
  return {
    key: now.key,
    trades: now.trades - before.trades,
    wins: now.wins - before.wins,
    gross_profit: now.gross_profit - before.gross_profit,
    gross_loss: now.gross_loss - before.gross_loss,
  };
}

import type { Statement } from 'better-sqlite3';
import { type Day, startOfDay } from '../../shared/day.ts';
import { addTallies, emptyTally, RunBuilder, type Tally, totalPnl } from '../analytics/run.ts';
import { type Way, WayBuilder } from '../analytics/way.ts';
import type { Account } from './accounts.ts';
import { emptySequenceColumns, sequenceColumns, tallyColumns, tallyOf } from './columns.ts';
import type { Database, Queries } from './database.ts';
import type { SymbolColumns, TradesTable } from './schema.ts';

type SummarisedTrade = Pick<TradesTable, 'symbol' | 'entry_time' | 'commission'> & {
  exit_time: number;
  pnl: number;
};

type Symbols = Map<string, SymbolColumns>;

/** A day's sums, remade from its trades. */
interface RemadeDay {
  day: Day;
  run: ReturnType<RunBuilder['finish']>;
  way: Way | null;
  symbols: Symbols;
}

/**
 * Remakes the sums of the days on which trades of an account changed, and carries the difference
 * into the partner's days and the attempt's totals. Belongs into the transaction of the change.
 *
 * What depends on the order of trades over several accounts is only marked stale there: it is
 * rebuilt by the first question that needs it (store/partner-days.ts), and few do.
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
  let trades = 0;
  let pnl = 0;
  for (const day of days) {
    const remade = remakeDay(statement, account, day);
    const before = await readTally(transaction, account, day);
    // A day only ever gains trades, so one that has as many as before is as it was.
    if (remade.run.trades === before.trades) continue;
    const symbolsBefore = await readSymbols(transaction, account, day);
    await writeAccountDay(transaction, account, remade);
    await carryIntoPartnerDay(transaction, account, remade, before);
    await carrySymbols(transaction, account, remade, symbolsBefore);
    trades += remade.run.trades - before.trades;
    pnl += totalPnl(remade.run) - totalPnl(before);
  }
  await transaction
    .updateTable('attempts')
    .set((eb) => ({
      trade_count: eb('trade_count', '+', trades),
      total_pnl: eb('total_pnl', '+', pnl),
    }))
    .where((eb) => eb.and(attemptOf(account)))
    .execute();
}

function attemptOf({ partner_id, id, attempt }: Account) {
  return { partner_id, account_id: id, attempt };
}

function remakeDay(
  statement: Statement<unknown[], SummarisedTrade>,
  account: Account,
  day: Day,
): RemadeDay {
  const run = new RunBuilder();
  const way = new WayBuilder();
  const symbols: Symbols = new Map();
  const rows = statement.iterate(
    account.partner_id,
    account.id,
    account.attempt,
    startOfDay(day),
    startOfDay(day + 1),
  );
  for (const row of rows) {
    const trade = {
      entryTime: row.entry_time,
      exitTime: row.exit_time,
      pnl: row.pnl,
      commission: row.commission,
    };
    run.add(trade);
    way.add(trade);
    addToSymbol(symbols, row.symbol, row.pnl);
  }
  return { day, run: run.finish(), way: way.finish(), symbols };
}

function addToSymbol(symbols: Symbols, symbol: string, pnl: number): void {
  let sums = symbols.get(symbol);
  if (!sums) {
    sums = { symbol, trades: 0, wins: 0, gross_profit: 0, gross_loss: 0 };
    symbols.set(symbol, sums);
  }
  sums.trades++;
  if (pnl > 0) {
    sums.wins++;
    sums.gross_profit += pnl;
  } else sums.gross_loss += pnl;
}

async function readTally(transaction: Queries, account: Account, day: Day): Promise<Tally> {
  const row = await transaction
    .selectFrom('account_days')
    .selectAll()
    .where((eb) => eb.and({ ...attemptOf(account), day }))
    .executeTakeFirst();
  return row ? tallyOf(row) : emptyTally;
}

function readSymbols(transaction: Queries, account: Account, day: Day): Promise<SymbolColumns[]> {
  return transaction
    .selectFrom('account_symbol_days')
    .select(['symbol', 'trades', 'wins', 'gross_profit', 'gross_loss'])
    .where((eb) => eb.and({ ...attemptOf(account), day }))
    .execute();
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

async function carryIntoPartnerDay(
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

/** The counts and sums of a whole without a part. Best and worst stay: a day only ever gains trades. */
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

async function carrySymbols(
  transaction: Queries,
  account: Account,
  { day, symbols }: RemadeDay,
  before: readonly SymbolColumns[],
): Promise<void> {
  const old = new Map(before.map((sums) => [sums.symbol, sums]));
  for (const sums of symbols.values()) {
    await transaction
      .insertInto('account_symbol_days')
      .values({ ...attemptOf(account), day, ...sums })
      .onConflict((conflict) =>
        conflict
          .columns(['partner_id', 'account_id', 'attempt', 'day', 'symbol'])
          .doUpdateSet((eb) => ({
            trades: eb.ref('excluded.trades'),
            wins: eb.ref('excluded.wins'),
            gross_profit: eb.ref('excluded.gross_profit'),
            gross_loss: eb.ref('excluded.gross_loss'),
          })),
      )
      .execute();
    await transaction
      .insertInto('partner_symbol_days')
      .values({
        partner_id: account.partner_id,
        currency: account.currency,
        day,
        ...difference(sums, old.get(sums.symbol)),
      })
      .onConflict((conflict) =>
        conflict.columns(['partner_id', 'currency', 'day', 'symbol']).doUpdateSet((eb) => ({
          trades: eb('partner_symbol_days.trades', '+', eb.ref('excluded.trades')),
          wins: eb('partner_symbol_days.wins', '+', eb.ref('excluded.wins')),
          gross_profit: eb(
            'partner_symbol_days.gross_profit',
            '+',
            eb.ref('excluded.gross_profit'),
          ),
          gross_loss: eb('partner_symbol_days.gross_loss', '+', eb.ref('excluded.gross_loss')),
        })),
      )
      .execute();
  }
}

function difference(now: SymbolColumns, before: SymbolColumns | undefined): SymbolColumns {
  return {
    symbol: now.symbol,
    trades: now.trades - (before?.trades ?? 0),
    wins: now.wins - (before?.wins ?? 0),
    gross_profit: now.gross_profit - (before?.gross_profit ?? 0),
    gross_loss: now.gross_loss - (before?.gross_loss ?? 0),
  };
}

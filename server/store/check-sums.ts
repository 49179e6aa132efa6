import type SQLite from 'better-sqlite3';
import type { Day } from '../../shared/day.ts';
import { currencyOf } from './account-days.ts';
import { AccountPieces } from './account-pieces.ts';
import { type Database, transact } from './database.ts';
import { beginRemaking, remakeSums, versionedTables } from './remaking.ts';
import { makeAllSums, piecesOf, remakeAllPieces } from './sums.ts';
import type { Attempt } from './touched-trades.ts';
import { countAllTrades } from './trade-counts.ts';
import { readVersions, type Versions } from './versions.ts';

/** How many rows of a table are not as a partner's trades are: wrong, missing or left over. */
export interface Difference {
  partner: string;
  table: string;
  rows: number;
}

const pieces = 'partner_pieces';
const counts = 'trade_counts';
const accountPieces = 'account_pieces';
const versioned = Object.keys(versionedTables).filter((table) => table !== accountPieces);
const compared = [...versioned, 'attempts', 'partner_extents', counts];

/**
 * Compares the sums in force of all partners with ones made anew from their trades. `handle` is a
 * connection of its own, to be closed afterwards: temporary tables of the same names take the place
 * of the tables of sums, so that the code that makes sums fills them instead.
 */
export function checkSums(handle: SQLite.Database): Difference[] {
  handle.exec('begin');
  const partners = handle.prepare<[], string>('select id from partners order by id').pluck().all();
  const differences: Difference[] = [];
  const found = (partner: string, table: string, rows: number) => {
    if (rows > 0) differences.push({ partner, table, rows });
  };
  for (const partner of partners) {
    const inForce = { ...readVersions(handle, partner), remaking: null };
    found(partner, pieces, piecesOf(handle, inForce).countWrong());
    found(partner, accountPieces, countWrongAccountPieces(handle, inForce));
  }
  for (const table of [...compared, pieces, accountPieces]) coverTable(handle, table);
  handle.exec(`
    insert into temp.attempts select * from main.attempts;
    update temp.attempts set trade_count = 0, wins = 0, total_pnl = 0, money = 0, duration = 0`);
  for (const partner of partners) {
    makeAllSums(handle, partner);
    for (const table of compared) found(partner, table, countDifferences(handle, table, partner));
    for (const table of [...versioned, pieces, accountPieces, 'partner_extents', counts]) {
      handle.exec(`delete from temp.${table}`);
    }
  }
  handle.exec('rollback');
  return differences;
}

/** How many pieces of long days are wrong or left over, and how many long days have none. */
function countWrongAccountPieces(
  handle: SQLite.Database,
  { partnerId, inForce }: Versions,
): number {
  const days = handle
    .prepare<[object], Attempt & { day: Day; isLong: number; pieces: number }>(
      `select @partnerId as partner_id, account_id, attempt, day,
         sum(long) as isLong, sum(piece) as pieces
       from (
         select account_id, attempt, day, 1 as long, 0 as piece from account_days
         where partner_id = @partnerId and version = @version and way is null
         union all
         select account_id, attempt, day, 0, 1 from account_pieces
         where partner_id = @partnerId and version = @version)
       group by account_id, attempt, day`,
    )
    .all({ partnerId, version: inForce.number });
  let wrong = 0;
  for (const { isLong, pieces, ...of } of days) {
    const isKept = isLong > 0 && pieces > 0;
    wrong += isKept
      ? new AccountPieces(
          handle,
          inForce,
          { ...of, currency: currencyOf(handle, of) },
          of.day,
        ).countWrong()
      : Math.max(1, pieces);
  }
  return wrong;
}

/** Makes an empty temporary table like one of the database, which hides it. */
function coverTable(handle: SQLite.Database, table: string): void {
  const definition = handle
    .prepare<[string], string>(
      "select sql from main.sqlite_schema where type = 'table' and name = ?",
    )
    .pluck()
    .get(table)!;
  handle.exec(
    definition
      .replace(/^create table/i, 'create temporary table')
      // The tables that it refers to are not temporary ones.
      .replace(/,\s*foreign key \([^)]*\)\s*references \w+ \([^)]*\)/i, ''),
  );
}

function countDifferences(handle: SQLite.Database, table: string, partner: string): number {
  const isOwn = versioned.includes(table)
    ? 'partner_id = @partner and version = (select sums_version from partners where id = @partner)'
    : 'partner_id = @partner';
  const rowsOf = (schema: string) => `select * from ${schema}.${table} where ${isOwn}`;
  const differing = (one: string, other: string) =>
    handle
      .prepare<[object], number>(`select count(*) from (${rowsOf(one)} except ${rowsOf(other)})`)
      .pluck()
      .get({ partner })!;
  return Math.max(differing('main', 'temp'), differing('temp', 'main'));
}

/** Makes the sums of partners anew. Answers are by the old ones until the new ones are complete. */
export async function mendSums(
  database: Database,
  differences: readonly Difference[],
): Promise<void> {
  const { handle } = database;
  for (const partner of new Set(differences.map(({ partner }) => partner))) {
    const isWrong = (table: string) =>
      differences.some((each) => each.partner === partner && each.table === table);
    await transact(
      database,
      async () => {
        const versions = readVersions(handle, partner);
        if (isWrong(pieces)) remakeAllPieces(handle, versions);
        if (isWrong(counts)) countAllTrades(handle, partner);
        beginRemaking(handle, partner, (versions.remaking?.version ?? versions.inForce).settings);
      },
      Infinity,
    );
  }
  await remakeSums(database, () => false, { wait: Infinity });
}

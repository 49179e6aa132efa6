import type SQLite from 'better-sqlite3';
import { type RawBuilder, sql } from 'kysely';
import {
  closingFields,
  comparedFields,
  type Trade,
  type TradeField,
  tradeFields,
} from '../../shared/trades.ts';
import type { NewEvent } from '../events/outbox.ts';
import { fingerprintOf } from '../records/corrections.ts';
import { describeCreated } from '../records/trades.ts';
import type { Account } from '../store/accounts.ts';
import type { Queries } from '../store/database.ts';
import { exitCameWith, isUnconfirmed, withConfirmation } from '../store/origins.ts';
import type { CorrectedTradesTable, TradesTable } from '../store/schema.ts';
import type { Rows } from './incoming.ts';
import type { Refusal } from './report.ts';

/** Rows that are refused by what is stored, or stands earlier in the file. */
export interface Refused {
  count: number;
  /** The first ones, in the order of the file. */
  first: Refusal[];
}

export interface Copied {
  added: number;
  /** Trades that were open in the database and are closed now. */
  closed: number;
  /** Rows of trades that were corrected since they came from the same row. */
  corrected: number;
  /** Rows of trades that were deleted. */
  deleted: number;
  refused: Refused;
}

export const nothingCopied: Copied = {
  ...{ added: 0, closed: 0, corrected: 0, deleted: 0 },
  refused: { count: 0, first: [] },
};

export interface CopyOptions {
  /** Whether trades that were deleted come back. */
  restores: boolean;
  /** How many of the refused rows are returned. */
  mostRefused: number;
}

const columns = sql.join(tradeFields.map((field) => sql.ref(field)));

/** Copies rows of a file into an account; to be called in a transaction. */
export class IncomingCopy {
  readonly #transaction: Queries;
  readonly #handle: SQLite.Database;
  readonly #account: Account;
  readonly #rows: Rows;
  readonly #table: RawBuilder<unknown>;
  readonly #number: number;

  /** `number`: that of the import. */
  constructor(
    transaction: Queries,
    handle: SQLite.Database,
    account: Account,
    rows: Rows,
    number: number,
  ) {
    this.#transaction = transaction;
    this.#handle = handle;
    this.#account = account;
    this.#rows = rows;
    this.#table = sql.table(rows.table);
    this.#number = number;
  }

  /**
   * Copies them as if one by one in their order: a row with a new id adds a trade, in the attempt in
   * which it was opened, a closed row closes the open trade that it describes, and all other stored
   * trades stay as they are.
   */
  async copy({ restores, mostRefused }: CopyOptions): Promise<Copied> {
    await this.#passOver(restores);
    const copied = await this.#copyOthers(mostRefused);
    if (restores) await this.#forgetDeletions();
    return copied;
  }

  /** Whether every row only adds a trade, as long as nothing else is written. */
  async isAllNew(): Promise<boolean> {
    const { partner_id, id, closed_at } = this.#account;
    if (!this.#rows.areUnique || closed_at !== null) return false;
    const { rows } = await sql<{ found: number }>`
      select exists (select 1 from ${this.#table} as incoming join trades on ${this.#isStored('incoming')})
        or exists (select 1 from deleted_trades where partner_id = ${partner_id} and account_id = ${id})
        as found`.execute(this.#transaction);
    return rows[0]!.found === 0;
  }

  async #copyOthers(mostRefused: number): Promise<Copied> {
    const { count } = this.#rows;
    // Most files have new trades only, and then no row has to be compared with another.
    await this.#run(sql`savepoint only_new`);
    const all = await this.#add(sql`fate is null`);
    if (all < count) await this.#run(sql`rollback to only_new`);
    await this.#run(sql`release only_new`);
    if (all === count) return { ...nothingCopied, added: count };

    await this.#indexById();
    await this.#close('closed');
    await this.#mark(
      'added',
      sql`not exists (select 1 from trades where ${this.#isStored('incoming')})
        and not exists (
          select 1 from ${this.#table} as earlier
          where earlier.id = incoming.id and earlier.rowid < incoming.rowid and earlier.fate is null
        )`,
    );
    await this.#add(sql`fate = 'added'`);
    // Closes the trades that an open row of the file has just added and a later row closes.
    await this.#close('joined');
    await this.#confirm();
    return {
      added: await this.#count('added'),
      closed: await this.#count('closed'),
      corrected: await this.#count('corrected'),
      deleted: await this.#count('deleted'),
      refused: await this.#refused(mostRefused),
    };
  }

  /** The events of what was copied: one for each trade. */
  async events(copied: Copied): Promise<NewEvent[]> {
    const isAllNew = copied.added === this.#rows.count;
    const { rows } = await sql<TradesTable & { fate: string | null }>`
      select trades.*, incoming.fate
      from ${this.#table} as incoming join trades on ${this.#isStored('incoming')}
      where ${isAllNew ? sql`true` : sql`incoming.fate in ('added', 'closed')`}
      order by incoming.rowid`.execute(this.#transaction);
    const accountId = this.#account.id;
    return rows.map(({ fate, ...trade }) =>
      fate === 'closed'
        ? {
            type: 'trade.updated',
            accountId,
            data: { trade_id: trade.id, account_id: accountId, changes: closingFields },
          }
        : { type: 'trade.created', accountId, data: describeCreated(trade) },
    );
  }

  async #run(statement: RawBuilder<unknown>): Promise<number> {
    const { numAffectedRows } = await statement.execute(this.#transaction);
    return Number(numAffectedRows ?? 0);
  }

  /** An index of the rows, where they have none yet. */
  #indexById(): Promise<number> {
    const [schema, name] = this.#rows.table.split('.');
    return this.#run(
      sql`create index if not exists ${sql.id(schema!, `${name}_by_id`)} on ${sql.id(name!)} (id)`,
    );
  }

  /** Marks the rows that are passed over: of deleted and corrected trades, and opened too late. */
  async #passOver(restores: boolean): Promise<void> {
    const { partner_id, id, closed_at } = this.#account;
    if (!restores) {
      await this.#mark(
        'deleted',
        sql`exists (
          select 1 from deleted_trades as deleted
          where deleted.partner_id = ${partner_id} and deleted.account_id = ${id}
            and deleted.id = incoming.id and restored_by is null)`,
      );
    }
    if (closed_at !== null) {
      await this.#mark(
        'too late',
        sql`incoming.entry_time >= ${closed_at}
          and not exists (select 1 from trades where ${this.#isStored('incoming')})`,
      );
    }
    await this.#recognise();
  }

  /** Trades that have come back are no longer deleted, unless the import is taken back. */
  async #forgetDeletions(): Promise<void> {
    const { partner_id, id } = this.#account;
    await this.#run(sql`
      update deleted_trades set restored_by = ${this.#number}
      from ${this.#table} as incoming
      where deleted_trades.partner_id = ${partner_id} and deleted_trades.account_id = ${id}
        and deleted_trades.id = incoming.id and restored_by is null
        and exists (select 1 from trades where ${this.#isStored('incoming')})`);
  }

  /** Marks the rows from which trades came that were corrected since. */
  async #recognise(): Promise<void> {
    const { partner_id, id } = this.#account;
    type Row = Trade &
      Omit<CorrectedTradesTable, 'id'> & {
        row: number;
        stored_entry: number;
        stored_exit: number | null;
        has_stored_exit: number;
      };
    const { rows } = await sql<Row>`
      select incoming.rowid as row, incoming.*, corrected.at_entry, corrected.at_exit,
        trades.entry_time as stored_entry, trades.exit_time as stored_exit,
        (${agree(comparedFields.atExit, 'trades', 'incoming')}) as has_stored_exit
      from corrected_trades as corrected
      join ${this.#table} as incoming on incoming.id = corrected.id and incoming.fate is null
      join trades on ${this.#isStored('incoming')}
      where corrected.partner_id = ${partner_id} and corrected.account_id = ${id}
      order by incoming.rowid`.execute(this.#transaction);
    const set = this.#handle.prepare(`update ${this.#rows.table} set fate = ? where rowid = ?`);
    const closing = new Map<string, string>();
    for (const { row, at_entry, at_exit, ...found } of rows) {
      const { stored_entry, stored_exit, has_stored_exit, ...trade } = found;
      const own = fingerprintOf(trade);
      if (own.at_entry !== at_entry) continue;
      const known = closing.get(trade.id) ?? at_exit;
      // Without a fingerprint of the exit, that is as it came.
      const isKnown = known === null ? has_stored_exit === 1 : own.at_exit === known;
      if (own.at_exit === null || isKnown) set.run('corrected', row);
      else if (known === null && stored_exit === null && trade.exit_time! >= stored_entry) {
        set.run('closes', row);
        closing.set(trade.id, own.at_exit);
      }
    }
    const keep = this.#handle.prepare(
      'update corrected_trades set at_exit = ? where partner_id = ? and account_id = ? and id = ?',
    );
    for (const [closed, atExit] of closing) keep.run(atExit, partner_id, id, closed);
    // It closes a trade whose entry was corrected: what was corrected stays.
    const closed = await this.#takeExits('closes');
    if (closed === 0) return;
    await this.#run(sql`update ${this.#table} set fate = 'closed' where fate = 'closes'`);
  }

  #mark(fate: string, condition: RawBuilder<unknown>): Promise<number> {
    return this.#run(
      sql`update ${this.#table} as incoming set fate = ${fate} where fate is null and ${condition}`,
    );
  }

  /** Adds rows whose id is new; of several rows with the same id, any one. */
  #add(condition: RawBuilder<unknown>): Promise<number> {
    const { partner_id, id } = this.#account;
    return this.#run(sql`
      insert into trades (partner_id, account_id, attempt, added_by, ${columns})
      select ${partner_id}, ${id}, ${this.#attemptOf('incoming')}, ${this.#number}, ${columns}
      from ${this.#table} as incoming
      where ${condition}
      order by exit_time, entry_time
      on conflict (partner_id, account_id, id) do nothing`);
  }

  /** The attempt in which a row's trade was opened; the first one reaches back without end. */
  #attemptOf(table: string): RawBuilder<number> {
    const { partner_id, id, attempt } = this.#account;
    if (attempt === 1) return sql.lit(1);
    return sql<number>`coalesce((
      select max(attempt) from attempts
      where partner_id = ${partner_id} and account_id = ${id}
        and started_at <= ${sql.ref(`${table}.entry_time`)}), 1)`;
  }

  /** Closes each open trade with the first closed row that describes it. */
  async #close(fate: 'closed' | 'joined'): Promise<void> {
    await this.#mark(
      fate,
      sql`incoming.exit_time is not null
        and exists (
          select 1 from trades
          where ${this.#isStored('incoming')} and trades.exit_time is null
            and ${isOneTrade('trades', 'incoming')}
        )
        and not exists (
          select 1 from ${this.#table} as earlier
          where earlier.id = incoming.id and earlier.rowid < incoming.rowid
            and earlier.exit_time is not null and earlier.fate is null
            and ${isOneTrade('earlier', 'incoming')}
        )`,
    );
    await this.#takeExits(fate);
  }

  /** Closes open trades with the rows that have a fate. */
  async #takeExits(fate: string): Promise<number> {
    // By which the trade is opened again; one that this import has added goes with it.
    return this.#run(sql`
      update trades
      set ${sql.join(closingFields.map((name) => sql`${sql.ref(name)} = ${sql.ref(`incoming.${name}`)}`))},
        closed_by = ${this.#number}, open_commission = trades.commission,
        closing_confirmed_by = null, is_closing_edited = 0
      from ${this.#table} as incoming
      where incoming.fate = ${fate} and ${this.#isStored('incoming')}
        and trades.exit_time is null`);
  }

  /** Notes that this file has trades, too, that came with another one. */
  async #confirm(): Promise<void> {
    const isSame = sql`incoming.fate is null and ${isOneTrade('trades', 'incoming')}
      and (incoming.exit_time is null or ${agree(comparedFields.atExit, 'trades', 'incoming')})`;
    await this.#run(sql`
      update trades set confirmed_by = ${sql.raw(withConfirmation('confirmed_by', this.#number))}
      from ${this.#table} as incoming
      where ${this.#isStored('incoming')} and added_by <> ${this.#number}
        and ${sql.raw(isUnconfirmed('confirmed_by', this.#number))}
        and (incoming.fate in ('closed', 'corrected') or ${isSame})`);
    await this.#run(sql`
      update trades
      set closing_confirmed_by = ${sql.raw(withConfirmation('closing_confirmed_by', this.#number))}
      from ${this.#table} as incoming
      where ${this.#isStored('incoming')} and ${sql.raw(exitCameWith)} <> ${this.#number}
        and ${sql.raw(isUnconfirmed('closing_confirmed_by', this.#number))}
        and incoming.exit_time is not null and (incoming.fate = 'corrected' or ${isSame})`);
    // If the exit is taken back, the trade is open again as this file has it.
    await this.#run(sql`
      update trades set open_commission = incoming.commission
      from ${this.#table} as incoming
      where ${this.#isStored('incoming')} and ${sql.raw(exitCameWith)} <> ${this.#number}
        and trades.open_commission is null and incoming.exit_time is null
        and (incoming.fate = 'corrected' or ${isSame})`);
  }

  async #count(fate: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${this.#table} where fate = ${fate}`.execute(this.#transaction);
    return rows[0]!.count;
  }

  /** Finds the rows that contradict the trade that is now stored under their id, or come too late. */
  async #refused(most: number): Promise<Refused> {
    const refused = sql`
      from ${this.#table} as incoming
      left join trades on ${this.#isStored('incoming')}
      where fate = 'too late' or fate is null and trades.id is not null and (
        not (${isOneTrade('trades', 'incoming')})
        or incoming.exit_time is not null and not (${agree(comparedFields.atExit, 'trades', 'incoming')}))`;
    const counted = await sql<{ count: number }>`select count(*) as count ${refused}`.execute(
      this.#transaction,
    );
    const { count } = counted.rows[0]!;
    if (count === 0) return { count, first: [] };
    const { rows } = await sql<{ line: number; id: string; fate: string | null }>`
      select incoming.line, incoming.id, incoming.fate ${refused}
      order by incoming.line limit ${most}`.execute(this.#transaction);
    const first = rows.map(({ line, id, fate }) => ({
      line,
      reason:
        fate === null
          ? `the id ${id} stands for another trade already`
          : `the trade ${id} was opened after the account was closed`,
    }));
    return { count, first };
  }

  /** An SQL condition: whether a trade is the one that is stored under the id of a row. */
  #isStored(row: string): RawBuilder<unknown> {
    const { partner_id, id } = this.#account;
    return sql`trades.partner_id = ${partner_id} and trades.account_id = ${id}
      and trades.id = ${sql.ref(`${row}.id`)}`;
  }
}

/** An SQL condition: whether rows of two tables describe the same trade, open or closed. */
function isOneTrade(one: string, other: string): RawBuilder<unknown> {
  return agree(comparedFields.atEntry, one, other);
}

function agree(names: TradeField[], one: string, other: string): RawBuilder<unknown> {
  const same = (name: string) =>
    sql`${sql.ref(`${one}.${name}`)} is ${sql.ref(`${other}.${name}`)}`;
  return sql.join(names.map(same), sql` and `);
}

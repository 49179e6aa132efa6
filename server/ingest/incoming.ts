import type SQLite from 'better-sqlite3';
import {
  columnKinds,
  type Trade,
  type TradeField,
  tradeColumns,
  tradeFields,
} from '../../shared/trades.ts';

/** Rows of a file in a temporary table. */
export interface Rows {
  /** The table's name. */
  readonly table: string;
  readonly count: number;
  /** Whether no two of them have the same id. */
  readonly areUnique: boolean;
}

const columns = ['line', ...tradeFields].join(', ');
const parameters = ['line', ...tradeFields].map(() => '?').join(', ');

/** How many rows are handled together. */
export interface PartSizes {
  /** Up to so many are kept in one transaction; more are sorted, and kept in parts. */
  atOnce: number;
  /** How many a step checks. */
  checked: number;
  /** How many are kept in the first part, and the bounds of how many in later ones. */
  first: number;
  least: number;
  most: number;
}

export const partSizes: PartSizes = {
  ...{ atOnce: 5_000, checked: 1_000 },
  ...{ first: 500, least: 50, most: 4_000 },
};

/** How many more rows a part may have, so that those with the same id stand in one. */
const mostExtra = 1_000;

/**
 * The valid rows of a file, in temporary tables of a connection of their own: writing to them needs
 * no lock on the database.
 */
export class Incoming {
  readonly #handle: SQLite.Database;
  readonly #insertAll: (rows: readonly unknown[][]) => void;
  #waiting: unknown[][] = [];
  #count = 0;
  #areUnique = false;
  readonly sizes: PartSizes;

  constructor(handle: SQLite.Database, sizes: PartSizes) {
    this.#handle = handle;
    this.sizes = sizes;
    for (const table of ['incoming', 'part']) {
      handle.exec(`
        create temporary table ${table} (
          line integer not null,
          ${tradeFields.map(definitionOf).join(', ')},
          -- What becomes of the row; null: it adds nothing, or is in conflict.
          fate text
        ) strict`);
    }
    const insert = handle.prepare(`insert into temp.incoming values (${parameters}, null)`);
    this.#insertAll = handle.transaction((rows: readonly unknown[][]) => {
      for (const row of rows) insert.run(row);
    });
  }

  get count(): number {
    return this.#count;
  }

  get isLarge(): boolean {
    return this.#count > this.sizes.atOnce;
  }

  add(line: number, trade: Trade): void {
    this.#count++;
    const row: unknown[] = [line];
    for (const field of tradeFields) row.push(trade[field]);
    this.#waiting.push(row);
  }

  /** Writes the rows added since the last call to the table; to be called now and then. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#insertAll(this.#waiting);
    this.#waiting = [];
  }

  /** All rows, to be copied in one go. */
  get all(): Rows {
    return { table: 'temp.incoming', count: this.#count, areUnique: false };
  }

  /**
   * Puts the rows in order: by the end of the trade, so that a part changes few days, and those with
   * the same id one after another as in the file. It takes seconds for a million.
   */
  sort(): void {
    this.#handle.exec(`
      create index temp.incoming_by_id on incoming (id);
      create temporary table places (place integer primary key, row integer not null) strict`);
    this.#areUnique = !this.#handle
      .prepare('select 1 from temp.incoming group by id having count(*) > 1 limit 1')
      .get();
    const first = `(select rowid from temp.incoming as other where other.id = incoming.id
      order by rowid limit 1)`;
    this.#handle.exec(
      this.#areUnique
        ? `insert into temp.places (row)
           select rowid from temp.incoming order by exit_time, entry_time, rowid`
        : `insert into temp.places (row)
           select incoming.rowid from temp.incoming
           join temp.incoming as first on first.rowid = ${first}
           order by first.exit_time, first.entry_time, first.rowid, incoming.rowid`,
    );
  }

  /**
   * Fills the table of a part with the rows after a place, about `size` of them. They may be split
   * anywhere, as those with the same id are copied in the order of the file.
   */
  part(after: number, size: number): Rows & { end: number } {
    const end = this.#endOf(after, size);
    this.#handle.prepare('delete from temp.part').run();
    const { changes: count } = this.#handle
      .prepare(
        `insert into temp.part (${columns}, fate)
         select ${columns}, null from temp.places join temp.incoming on incoming.rowid = places.row
         where place > ? and place <= ? order by place`,
      )
      .run(after, end);
    return { table: 'temp.part', count, areUnique: this.#areUnique, end };
  }

  /**
   * What the trades that rows add, or close, come to: all amounts without their signs, and all times
   * from entry to exit in ms. `areAllNew`: whether each row adds one.
   */
  extentOf({ table }: Rows, areAllNew: boolean): { money: number; duration: number } {
    return this.#handle
      .prepare<[], { money: number; duration: number }>(
        `select total(abs(pnl) - commission) as money, total(exit_time - entry_time) as duration
         from ${table} where exit_time is not null
           ${areAllNew ? '' : "and fate in ('added', 'closed')"}`,
      )
      .get()!;
  }

  #endOf(after: number, size: number): number {
    const end = Math.min(after + size, this.#count);
    if (this.#areUnique || end === this.#count) return end;
    const idAt = '(select id from temp.incoming where rowid = places.row)';
    const ids = this.#handle
      .prepare<unknown[], { place: number; id: string }>(
        `select place, ${idAt} as id from temp.places where place >= ? order by place limit ?`,
      )
      .all(end, mostExtra);
    return ids.findLast(({ id }) => id === ids[0]!.id)!.place;
  }
}

function definitionOf(field: TradeField): string {
  const { kind, default: standard } = tradeColumns[field];
  return `${field} ${columnKinds[kind]} ${standard === null ? '' : 'not null'}`;
}

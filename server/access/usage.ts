import { utcDay } from '../../shared/day.ts';
import { type Database, type Queries, transact } from '../store/database.ts';
import { isStorageFailure } from '../store/dialect.ts';
import type { UsageDaysTable } from '../store/schema.ts';
import { touchSession } from '../store/sessions.ts';
import { addUsage, touchKey, type Use } from '../store/usage.ts';

/** A request that was answered. */
export interface Served {
  partnerId: string;
  keyId: string;
  endpoint: string;
  method: string;
  status: number;
  /** Whether it counted against the quota. */
  isAdmitted: boolean;
  /** When it arrived, in epoch ms, and how long it took, in ms. */
  at: number;
  took: number;
}

type Row = UsageDaysTable & {
  /** When the last of its requests arrived, epoch ms. */
  last: number;
};

/**
 * How long a flush waits for other writers, ms. It is short, as a request may be waiting for the
 * flush, and what is not written is left for the next one.
 */
const lockTimeout = 100;

/**
 * Counts requests by key, day and endpoint. The counts are gathered in memory and written in
 * batches, so that no request waits for the disk. A killed process loses those of a few seconds.
 */
export class Usage {
  readonly #database: Database;
  #rows = new Map<string, Row>();
  #sessions = new Map<string, Use>();
  #writing: Promise<void> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  count({ partnerId, keyId, endpoint, method, status, isAdmitted, at, took }: Served): void {
    const day = utcDay(at);
    const name = `${partnerId} ${keyId} ${day} ${endpoint} ${method}`;
    let row = this.#rows.get(name);
    if (!row) {
      const of = { partner_id: partnerId, day, key_id: keyId, endpoint, method };
      row = { ...of, requests: 0, admitted: 0, errors: 0, milliseconds: 0, last: at };
      this.#rows.set(name, row);
    }
    row.requests++;
    row.milliseconds += took;
    if (isAdmitted) row.admitted++;
    if (status >= 400) row.errors++;
    row.last = at;
  }

  sessionUsed(partnerId: string, id: string, at: number): void {
    this.#sessions.set(id, { partnerId, id, at });
  }

  /** To be called when another database file was opened. */
  forget(): void {
    this.#rows.clear();
    this.#sessions.clear();
  }

  /** Writes what was counted. If the database can't be written, it is kept for the next flush. */
  async flush(): Promise<void> {
    // A running flush does not write what was counted since it began, so this one waits for it and
    // writes the rest.
    while (this.#writing) await this.#writing;
    if (this.#rows.size === 0 && this.#sessions.size === 0) return;
    this.#writing = this.#write().finally(() => {
      this.#writing = null;
    });
    await this.#writing;
  }

  async #write(): Promise<void> {
    const [rows, sessions] = [this.#rows, this.#sessions];
    this.#rows = new Map();
    this.#sessions = new Map();
    try {
      const write = async (transaction: Queries) => {
        for (const { last, ...row } of rows.values()) {
          await addUsage(transaction, row);
          await touchKey(transaction, { partnerId: row.partner_id, id: row.key_id, at: last });
        }
        for (const use of sessions.values()) await touchSession(transaction, use);
      };
      await transact(this.#database, write, lockTimeout);
    } catch (error) {
      this.#takeBack(rows, sessions);
      if (!isStorageFailure(error)) throw error;
    }
  }

  #takeBack(rows: Map<string, Row>, sessions: Map<string, Use>): void {
    for (const [name, row] of rows) {
      const newer = this.#rows.get(name);
      if (newer) {
        row.requests += newer.requests;
        row.admitted += newer.admitted;
        row.errors += newer.errors;
        row.milliseconds += newer.milliseconds;
        row.last = newer.last;
      }
      this.#rows.set(name, row);
    }
    this.#sessions = new Map([...sessions, ...this.#sessions]);
  }
}

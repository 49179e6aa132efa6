import { setImmediate as nextTurn } from 'node:timers/promises';
import { utcDay } from '../../shared/day.ts';
import { type Database, type Queries, transact } from '../store/database.ts';
import { isStorageFailure } from '../store/dialect.ts';
import type { UsageDaysTable } from '../store/schema.ts';
import { addUsage, addUses, type Use } from '../store/usage.ts';

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

/** How many rows, and how many sessions, are written at once: that takes a few ms. */
const mostAtOnce = 100;

/**
 * Counts requests by key, day and endpoint. The counts are gathered in memory and written in
 * batches, so that no request waits for the disk. A killed process loses those of a few seconds.
 */
export class Usage {
  readonly #database: Database;
  readonly #rows = new Map<string, Row>();
  readonly #sessions = new Map<string, Use>();
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
    this.#sessions.set(id, { partner_id: partnerId, id, at });
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

  /** In steps, each a transaction, with requests between them. */
  async #write(): Promise<void> {
    // What is counted meanwhile goes to the end of the maps, and is left for the next flush.
    let steps = Math.ceil(Math.max(this.#rows.size, this.#sessions.size) / mostAtOnce);
    while (steps-- > 0 && (await this.#writeSome())) await nextTurn();
  }

  /** Returns whether the database could be written. */
  async #writeSome(): Promise<boolean> {
    const rows = takeFirst(this.#rows);
    const sessions = takeFirst(this.#sessions);
    const write = async (transaction: Queries) => {
      await addUsage(
        transaction,
        rows.map(([, { last: _, ...row }]) => row),
      );
      await addUses(transaction, 'keys', usesOfKeys(rows.map(([, row]) => row)));
      const uses = sessions.map(([, use]) => use);
      if (uses.length > 0) await addUses(transaction, 'sessions', uses);
    };
    try {
      await transact(this.#database, write, lockTimeout);
      return true;
    } catch (error) {
      this.#takeBack(rows, sessions);
      if (!isStorageFailure(error)) throw error;
      return false;
    }
  }

  #takeBack(rows: readonly [string, Row][], sessions: readonly [string, Use][]): void {
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
    for (const [id, use] of sessions) {
      if (!this.#sessions.has(id)) this.#sessions.set(id, use);
    }
  }
}

/** Takes the entries out of a map that are to be written at once. */
function takeFirst<Value>(map: Map<string, Value>): [string, Value][] {
  const entries = [...map.entries().take(mostAtOnce)];
  for (const [name] of entries) map.delete(name);
  return entries;
}

/** When each key was last used; a key has a row for each of its endpoints. */
function usesOfKeys(rows: readonly Row[]): Use[] {
  const uses = new Map<string, Use>();
  for (const { partner_id, key_id: id, last } of rows) {
    const name = `${partner_id} ${id}`;
    const at = Math.max(last, uses.get(name)?.at ?? last);
    uses.set(name, { partner_id, id, at });
  }
  return [...uses.values()];
}

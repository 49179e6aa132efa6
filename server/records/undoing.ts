import type SQLite from 'better-sqlite3';
import type { Selectable } from 'kysely';
import type { AuditActor } from '../../shared/answers/audit.ts';
import type { UndoReason } from '../../shared/imports.ts';
import { closingFields } from '../../shared/trades.ts';
import { reviseMilestones } from '../events/milestones.ts';
import { type NewEvent, raiseEvents } from '../events/outbox.ts';
import { findAccount } from '../store/accounts.ts';
import type { Queries } from '../store/database.ts';
import type { Random } from '../store/ids.ts';
import type { ImportRecord } from '../store/imports.ts';
import { type Confirmations, confirmationsOf, forgetClosing } from '../store/origins.ts';
import { raiseRevision } from '../store/partners.ts';
import type { TradeOrigin } from '../store/schema.ts';
import { isTrade, prepared } from '../store/statements.ts';
import { settleSums } from '../store/sums.ts';
import { forgetFingerprint } from './corrections.ts';
import { record } from './partner-writing.ts';

/**
 * Taking an import back removes the trades that it added and opens again those that it closed, in
 * steps: what is left to do is what still names the import. Trades stay that another import or the
 * API has, too; they are that one's then. Those that were changed by API since stay as well, and go
 * on naming the import, unless it is forced.
 */

/** The transaction of a step. */
export interface UndoWriting {
  transaction: Queries;
  handle: SQLite.Database;
  now: number;
  random: Random;
}

/** How many trades are taken back with an event for each. */
const mostEach = 1_000;

/** The two ways in which a trade names an import, and the columns that go with each. */
const adding = { by: 'added_by', edited: 'is_edited' } as const;
const closing = { by: 'closed_by', edited: 'is_closing_edited' } as const;
type Way = typeof adding | typeof closing;

/** What a trade says of where it came from. */
type Origin = Selectable<TradeOrigin>;

interface NamingTrade extends Pick<Origin, 'confirmed_by' | 'closing_confirmed_by'> {
  id: string;
  closed_by: number | null;
  /** 1: it is closed, and no other import has closed it. */
  has_exit: number;
}

/**
 * Begins to take an import back; to be called in a transaction, before steps of {@link undoSome}. If
 * it is still running, whoever imports it finds that out with the next step.
 */
export async function beginUndoing(
  writing: UndoWriting,
  undone: ImportRecord,
  reason: UndoReason,
  isForced: boolean,
  actor: AuditActor,
): Promise<void> {
  const { transaction, handle } = writing;
  const { partner_id: partnerId, id } = undone;
  const tellsEach = undone.tells_each && countNaming(handle, undone, isForced) <= mostEach;
  const changes = {
    state: 'undoing',
    ...{ owner: null, reason: undone.reason ?? reason, is_forced: isForced ? 1 : 0 },
    tells_each: tellsEach ? 1 : 0,
  } as const;
  await transaction
    .updateTable('imports')
    .set(changes)
    .where('partner_id', '=', partnerId)
    .where('id', '=', id)
    .execute();
  await raiseRevision(transaction, partnerId);
  const details = { reason, force: isForced };
  await record({ ...writing, partnerId, actor }, 'import.undone', id, details);
}

/**
 * Begins to take an import back because somebody asks for it; one that was taken back already only if
 * that is forced now, and some of its trades had stayed.
 */
export async function undoAsAsked(
  writing: UndoWriting,
  asked: ImportRecord,
  isForced: boolean,
  actor: AuditActor,
): Promise<void> {
  if (isToUndo(writing.handle, asked, isForced))
    await beginUndoing(writing, asked, 'asked', isForced, actor);
}

function isToUndo(handle: SQLite.Database, record: ImportRecord, isForced: boolean): boolean {
  const { state, is_forced } = record;
  if (state === 'running' || state === 'done') return true;
  if (!isForced || state === 'refused') return false;
  return state === 'undoing' ? is_forced === 0 : countNaming(handle, record, true) > 0;
}

/** How many trades are to be taken back, counted up to `mostEach` and one more. */
function countNaming(handle: SQLite.Database, undone: ImportRecord, isForced: boolean): number {
  const count = (way: Way, more = '') =>
    prepared<{ count: number }>(
      handle,
      `select count(*) as count from (
         select 1 from trades where ${isNaming(way, isForced)} ${more} limit ${mostEach + 1})`,
    ).get(undone.number, undone.partner_id, undone.account_id)!.count;
  // A trade that it has added and closed goes as a whole, but for one that stays as it was edited.
  const isOther = `added_by is not closed_by${isForced ? '' : ' or is_edited = 1'}`;
  return count(adding) + count(closing, `and (${isOther})`);
}

/**
 * Goes on with taking imports back, or with one of them, until nothing is left to do or `isOver`
 * returns true; to be called in a transaction. Returns whether there is more. One whose account
 * another file is just being imported into waits until that has ended.
 */
export async function undoSome(
  writing: UndoWriting,
  isOver: () => boolean,
  only: Pick<ImportRecord, 'partner_id' | 'id'> | null = null,
): Promise<boolean> {
  for (let next = nextUndone(writing.handle, only); next; ) {
    // Each is announced in the transaction that takes it back, so they are taken back together.
    const isDone = () => isOver() && !next!.tells_each;
    if (await undoOne(writing, next, isDone)) return true;
    if (only) return false;
    if (isOver()) return true;
    next = nextUndone(writing.handle, null);
  }
  return false;
}

function nextUndone(
  handle: SQLite.Database,
  only: Pick<ImportRecord, 'partner_id' | 'id'> | null,
): ImportRecord | undefined {
  return prepared<ImportRecord>(
    handle,
    `select * from imports as undone
     where state = 'undoing' and (? is null or partner_id = ? and id = ?)
       and (passed = 0 or not exists (
       select 1 from imports as other
       where other.partner_id = undone.partner_id and other.account_id = undone.account_id
         and other.state = 'running' and other.passed > 0))
     order by number limit 1`,
  ).get(only?.id, only?.partner_id, only?.id);
}

/** Returns whether there is more to do for this import. */
async function undoOne(
  writing: UndoWriting,
  undone: ImportRecord,
  isOver: () => boolean,
): Promise<boolean> {
  const { handle } = writing;
  const step = new UndoStep(handle, undone);
  let isLeft = true;
  while (isLeft) {
    isLeft = step.takeSome();
    settleSums(handle);
    if (isLeft && isOver()) break;
  }
  const { removed, reopened, confirmed } = step;
  raiseEvents(handle, undone.partner_id, step.events, writing);
  prepared(
    handle,
    `update imports set removed = removed + ?, reopened = reopened + ?, confirmed = confirmed + ?
     where partner_id = ? and id = ?`,
  ).run(removed, reopened, confirmed, undone.partner_id, undone.id);
  if (!isLeft) await finish(writing, undone);
  return isLeft;
}

/** How many trades are taken back before their sums are settled. */
const batch = 200;

class UndoStep {
  readonly #handle: SQLite.Database;
  readonly #undone: ImportRecord;
  /** Which imports are kept, as far as that was asked. */
  readonly #kept = new Map<number, boolean>();
  /** Another import into the account that is kept, once that was asked; null: there is none. */
  #other: number | null | undefined;
  /** Imports to which trades were passed on that were told. */
  readonly #telling = new Set<number>();
  readonly events: NewEvent[] = [];
  removed = 0;
  reopened = 0;
  confirmed = 0;

  constructor(handle: SQLite.Database, undone: ImportRecord) {
    this.#handle = handle;
    this.#undone = undone;
  }

  /** Takes some trades back; false: none was left. */
  takeSome(): boolean {
    const added = this.#find(adding);
    for (const trade of added) {
      if (this.#passOn(trade)) this.confirmed++;
      else this.#remove(trade.id);
    }
    if (added.length > 0) return true;
    const closed = this.#find(closing);
    for (const trade of closed) {
      const heir = this.#heirOf(confirmationsOf(trade.closing_confirmed_by));
      if (heir === undefined) this.#reopen(trade.id);
      else {
        this.#passExitOn(trade, heir);
        this.confirmed++;
      }
    }
    return closed.length > 0;
  }

  #find(way: Way): NamingTrade[] {
    const { number, partner_id, account_id, is_forced } = this.#undone;
    return prepared<NamingTrade>(
      this.#handle,
      `select id, closed_by, confirmed_by, closing_confirmed_by,
         exit_time is not null and coalesce(closed_by, ?) = ? as has_exit
       from trades
       where ${isNaming(way, is_forced === 1)} limit ${batch}`,
    ).all(number, number, number, partner_id, account_id);
  }

  /**
   * Whether something else has the trade, too: then it is that one's. Its exit, if no other import has
   * closed it, is passed on likewise, or taken back if nothing else has it.
   */
  #passOn(trade: NamingTrade): boolean {
    const { id, closed_by, confirmed_by, closing_confirmed_by, has_exit } = trade;
    const added = confirmationsOf(confirmed_by);
    const exitHeir = has_exit ? this.#heirOf(confirmationsOf(closing_confirmed_by)) : undefined;
    // Who has its exit has all of it.
    const heir = added.isOfApi ? null : (exitHeir ?? this.#heirOf(added));
    if (heir === undefined) return false;
    this.#set(id, { added_by: heir, confirmed_by: without(confirmed_by, heir) });
    if (!has_exit) return true;
    if (exitHeir === undefined) this.#reopen(id);
    else if (closed_by !== null || exitHeir !== heir) this.#passExitOn(trade, exitHeir);
    else this.#set(id, { closing_confirmed_by: without(closing_confirmed_by, heir) });
    return true;
  }

  #passExitOn({ id, closing_confirmed_by }: NamingTrade, heir: number | null): void {
    const rest = without(closing_confirmed_by, heir);
    this.#set(id, { closed_by: heir, closing_confirmed_by: rest });
  }

  /**
   * Whose it is then: an import's, or null: the API's; undefined: nothing else has it. Where more have
   * it than are named, it is passed on for as long as any other import into the account is kept.
   */
  #heirOf({ imports, hasMore, isOfApi }: Confirmations): number | null | undefined {
    if (isOfApi) return null;
    const named = imports.find((number) => this.#isKept(number));
    return named ?? (hasMore ? (this.#anyOther() ?? undefined) : undefined);
  }

  #anyOther(): number | null {
    if (this.#other === undefined) {
      const { partner_id, account_id } = this.#undone;
      const { first } = prepared<{ first: number | null }>(
        this.#handle,
        `select min(number) as first from imports
         where partner_id = ? and account_id = ? and state = 'done'`,
      ).get(partner_id, account_id)!;
      this.#other = first;
    }
    return this.#other;
  }

  #set(id: string, origin: Partial<Origin>): void {
    const { partner_id, account_id, tells_each } = this.#undone;
    const names = Object.keys(origin);
    prepared(
      this.#handle,
      `update trades set ${names.map((name) => `${name} = ?`).join(', ')} where ${isTrade}`,
    ).run(...Object.values(origin), partner_id, account_id, id);
    const heir = origin.added_by ?? origin.closed_by ?? null;
    if (heir !== null && tells_each) this.#letTell(heir);
  }

  /** What is told of a trade that was told is told, too, when the import is taken back that has it now. */
  #letTell(heir: number): void {
    if (this.#telling.has(heir)) return;
    this.#telling.add(heir);
    prepared(
      this.#handle,
      'update imports set tells_each = 1 where number = ? and partner_id = ?',
    ).run(heir, this.#undone.partner_id);
  }

  #isKept(number: number): boolean {
    let isKept = this.#kept.get(number);
    if (isKept === undefined) {
      const found = prepared(
        this.#handle,
        "select 1 from imports where number = ? and partner_id = ? and state = 'done'",
      ).get(number, this.#undone.partner_id);
      isKept = found !== undefined;
      this.#kept.set(number, isKept);
    }
    return isKept;
  }

  #remove(id: string): void {
    const { partner_id, account_id } = this.#undone;
    const key = [partner_id, account_id, id];
    prepared(this.#handle, `delete from trades where ${isTrade}`).run(...key);
    forgetFingerprint(this.#handle, partner_id, account_id!, id);
    // If an import had brought it back, it is deleted again.
    prepared(this.#handle, `update deleted_trades set restored_by = null where ${isTrade}`).run(
      ...key,
    );
    this.removed++;
    this.#tell('trade.deleted', { trade_id: id, account_id });
  }

  #reopen(id: string): void {
    const { partner_id, account_id } = this.#undone;
    const key = [partner_id, account_id, id];
    prepared(
      this.#handle,
      `update trades set exit_price = null, exit_time = null, pnl = null,
         commission = coalesce(open_commission, commission) where ${isTrade}`,
    ).run(...key);
    forgetClosing(this.#handle, { partner_id, account_id: account_id!, id });
    prepared(this.#handle, `update corrected_trades set at_exit = null where ${isTrade}`).run(
      ...key,
    );
    this.reopened++;
    this.#tell('trade.updated', { trade_id: id, account_id, changes: closingFields });
  }

  #tell(type: NewEvent['type'], data: object): void {
    if (this.#undone.tells_each)
      this.events.push({ type, accountId: this.#undone.account_id, data });
  }
}

/** An SQL condition: whether a trade of an account names an import and is to be taken back. */
function isNaming({ by, edited }: Way, isForced: boolean): string {
  return `${by} = ?${isForced ? '' : ` and ${edited} = 0`} and partner_id = ? and account_id = ?`;
}

/** Confirmations without those of an import. */
function without(confirmed: string | null, number: number | null): string | null {
  const rest = confirmed?.split(' ').filter((each) => each !== String(number));
  return rest && rest.length > 0 ? rest.join(' ') : null;
}

async function finish(writing: UndoWriting, undone: ImportRecord): Promise<void> {
  const { transaction, handle, now, random } = writing;
  const { partner_id: partnerId, id, account_id } = undone;
  const done = await transaction
    .updateTable('imports')
    .set({ state: 'undone', undone_at: now })
    .where('partner_id', '=', partnerId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await raiseRevision(transaction, partnerId);
  if (account_id === null) return;
  const account = await findAccount(transaction, partnerId, account_id);
  if (!account) return;
  // Some of its trades may have come with imports before it, which were taken back.
  const { since } = prepared<{ since: number }>(
    handle,
    `select min(created_at) as since from imports
     where partner_id = ? and account_id = ? and state in ('undoing', 'undone')`,
  ).get(partnerId, account_id)!;
  reviseMilestones(handle, account, since, { now, random });
  const { removed, reopened, confirmed } = done;
  const data = {
    ...{ account_id, import_id: id, file: undone.file_name, undone: true },
    ...{ removed, reopened, confirmed },
  };
  raiseEvents(handle, partnerId, [{ type: 'import.completed', accountId: account_id, data }], {
    now,
    random,
  });
}

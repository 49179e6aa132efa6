import { toDecimal } from '../../shared/money.ts';
import {
  columnKinds,
  fieldsWhere,
  presentField,
  requiredFields,
  type Trade,
  type TradeField,
  tradeColumns,
  tradeDefaults,
  tradeFields,
} from '../../shared/trades.ts';
import type { NewEvent } from '../events/outbox.ts';
import { newId } from '../store/ids.ts';
import { confirmByApi, forgetClosing } from '../store/origins.ts';
import type { TradesTable } from '../store/schema.ts';
import { insertion, isTrade, prepared } from '../store/statements.ts';
import { forgetFingerprint, keepFingerprint } from './corrections.ts';
import type { Difference } from './differences.ts';
import { type PartnerWriting, raise } from './partner-writing.ts';
import { attemptAt, isOpenAt, type TradeAccount, TradeAccounts } from './trade-accounts.ts';
import { ofClosed, type TradeProblem, tradeProblems } from './trade-rules.ts';

/** A trade as it was given: the account that it names, and of its fields those that were given. */
export interface GivenTrade {
  /** The id of the account, or `ext:` and its external id. */
  account: string;
  /** Absent: one is made. */
  id: string | undefined;
  /** Money in units. */
  fields: Partial<Trade>;
}

/** What became of a trade. */
export type Verdict = Stored | Deleted | Refused;

interface Stored {
  kind: 'created' | 'closed' | 'updated' | 'unchanged';
  trade: TradesTable;
}

interface Deleted {
  kind: 'deleted';
  accountId: string;
  id: string;
}

/** Nothing was done, for a reason. */
export type Refused = { kind: 'refused'; account: string; id: string | undefined } & Reason;

export type Reason =
  | { reason: 'invalid'; problems: readonly FieldProblem[] }
  | { reason: 'no account' | 'no trade' | 'deleted' | 'account closed' }
  | { reason: 'conflict'; differences: readonly Difference[] };

export type FieldProblem = Pick<TradeProblem, 'field' | 'message'>;

export interface SendOptions {
  /** Whether trades that are there are changed where they differ. */
  upsert: boolean;
  /** Whether trades that were deleted come back. */
  restore: boolean;
}

const atEntry = fieldsWhere(({ settled }) => settled === 'at entry');
const keyColumns = ['partner_id', 'account_id', 'id'] as const;
const columns = ['partner_id', 'account_id', 'attempt', ...tradeFields] as const;
const changeable = ['attempt', ...tradeFields.filter((field) => field !== 'id')] as const;

// Built once, as they are run a thousand times.
const find = `select ${columns.join(', ')} from trades where ${isTrade}`;
const insert = insertion('trades', columns);
const update = `update trades set ${changeable.map((name) => `${name} = ?`).join(', ')},
  is_edited = 1, is_closing_edited = 1 where ${isTrade}`;
const findMark = `select 1 from deleted_trades where ${isTrade} and restored_by is null`;
const forgetMark = `delete from deleted_trades where ${isTrade}`;
const mark = `${insertion('deleted_trades', [...keyColumns, 'deleted_at'])}
  on conflict do update set deleted_at = excluded.deleted_at, restored_by = null`;

/**
 * Writes trades of a partner one by one, with their events. What is refused changes nothing; the
 * caller decides whether the rest is kept.
 */
export class TradeWriter {
  readonly #writing: PartnerWriting;
  readonly #accounts: TradeAccounts;
  readonly #events: NewEvent[] = [];

  constructor(writing: PartnerWriting) {
    this.#writing = writing;
    this.#accounts = new TradeAccounts(writing.handle, writing.partnerId);
  }

  /** Raises the events of all that was written; to be called at the end. */
  finish(): void {
    raise(this.#writing, ...this.#events);
  }

  /**
   * Adds a trade, or finds it there. Of one that is there only the given fields are compared: an
   * exit closes an open trade; other differences are a conflict, unless `upsert` is set.
   */
  send(given: GivenTrade, options: SendOptions): Stored | Refused {
    return this.#inAccount(given, (account) => {
      const { id } = given;
      const stored = id === undefined ? undefined : this.#find(account, id);
      if (!stored) return this.#add(account, given, options);
      const after = withExitCleared({ ...stored, ...given.fields }, given.fields);
      const changed = differing(stored, after);
      const isClosing =
        stored.exit_time === null &&
        after.exit_time !== null &&
        !changed.some((field) => atEntry.includes(field));
      if (changed.length === 0) return this.#unchanged(given, stored);
      if (!isClosing && !options.upsert) {
        return refused(given, {
          reason: 'conflict',
          differences: describe(stored, after, changed),
        });
      }
      return this.#store(account, given, stored, after, changed, isClosing ? 'closed' : 'updated');
    });
  }

  /** Changes the given fields of a trade. An explicit null as exit opens it again. */
  change(given: GivenTrade): Stored | Refused {
    return this.#inAccount(given, (account) => {
      const stored = this.#find(account, given.id!);
      if (!stored) return refused(given, { reason: 'no trade' });
      const after = withExitCleared({ ...stored, ...given.fields }, given.fields);
      const changed = differing(stored, after);
      // It names some fields: that is not to have the trade.
      if (changed.length === 0) return { kind: 'unchanged', trade: stored };
      return this.#store(account, given, stored, after, changed, 'updated');
    });
  }

  /** Replaces a trade. Without an exit a closed trade stays closed; only an explicit null opens it. */
  replace(given: GivenTrade): Stored | Refused {
    return this.#inAccount(given, (account) => {
      const stored = this.#find(account, given.id!);
      if (!stored) return refused(given, { reason: 'no trade' });
      const exit = Object.fromEntries(ofClosed.map((field) => [field, stored[field]]));
      const { partner_id, account_id, attempt, id } = stored;
      const whole = { ...blank, ...tradeDefaults, ...exit, ...given.fields, id };
      const after = withExitCleared(
        { ...whole, partner_id, account_id, attempt } as TradesTable,
        given.fields,
      );
      const problems = problemsOf(after, given.fields);
      if (problems.length > 0) return refused(given, { reason: 'invalid', problems });
      const changed = differing(stored, after);
      if (changed.length === 0) return this.#unchanged(given, stored);
      return this.#store(account, given, stored, after, changed, 'updated');
    });
  }

  /** Deletes a trade. It does not come back with the file that it came from. */
  remove(given: Pick<GivenTrade, 'account'> & { id: string }): Deleted | Refused {
    return this.#inAccount(given, (account) => {
      const { handle, partnerId, now } = this.#writing;
      const key = [partnerId, account.id, given.id];
      const { changes } = prepared(handle, `delete from trades where ${isTrade}`).run(...key);
      if (changes === 0) return refused(given, { reason: 'no trade' });
      prepared(handle, mark).run(...key, now);
      forgetFingerprint(handle, partnerId, account.id, given.id);
      this.#tell('trade.deleted', account, { trade_id: given.id, account_id: account.id });
      return { kind: 'deleted', accountId: account.id, id: given.id };
    });
  }

  #inAccount<Result extends Verdict>(
    given: Pick<GivenTrade, 'account' | 'id'>,
    work: (account: TradeAccount) => Result | Refused,
  ): Result | Refused {
    const account = this.#accounts.find(given.account);
    if (!account) return refused(given, { reason: 'no account' });
    const verdict = work(account);
    // By its id, by which stored answers are found when the account is erased.
    return isRefused(verdict) ? { ...verdict, account: account.id } : verdict;
  }

  #find(account: TradeAccount, id: string): TradesTable | undefined {
    const { handle, partnerId } = this.#writing;
    return prepared<TradesTable>(handle, find).get(partnerId, account.id, id);
  }

  #add(account: TradeAccount, given: GivenTrade, { restore }: SendOptions): Stored | Refused {
    const { handle, partnerId, random } = this.#writing;
    const id = given.id ?? newId('trd', random);
    const fields = { ...blank, ...tradeDefaults, ...given.fields, id } as Trade;
    const problems = problemsOf(fields, given.fields);
    if (problems.length > 0) return refused(given, { reason: 'invalid', problems });
    if (!isOpenAt(account, fields.entry_time)) return refused(given, { reason: 'account closed' });
    const key = [partnerId, account.id, id];
    if (given.id !== undefined) {
      const isDeleted = prepared(handle, findMark).get(...key) !== undefined;
      if (isDeleted && !restore) return refused(given, { reason: 'deleted' });
      if (isDeleted) prepared(handle, forgetMark).run(...key);
    }
    const attempt = attemptAt(account, fields.entry_time);
    const trade = { partner_id: partnerId, account_id: account.id, attempt, ...fields };
    prepared(handle, insert).run(...columns.map((name) => trade[name]));
    this.#tell('trade.created', account, describeCreated(trade));
    return { kind: 'created', trade };
  }

  /** Notes that the API has the trade as it is. */
  #unchanged({ fields }: Pick<GivenTrade, 'fields'>, trade: TradesTable): Stored {
    const exit = ofClosed.some((field) => fields[field] != null);
    const { commission = tradeDefaults.commission } = fields;
    confirmByApi(this.#writing.handle, trade, { exit, commission });
    return { kind: 'unchanged', trade };
  }

  #store(
    account: TradeAccount,
    given: Pick<GivenTrade, 'account' | 'id'>,
    stored: TradesTable,
    after: TradesTable,
    changed: readonly TradeField[],
    kind: 'closed' | 'updated',
  ): Stored | Refused {
    const problems = tradeProblems(after);
    if (problems.length > 0) return refused(given, { reason: 'invalid', problems });
    const isMoved = changed.includes('entry_time');
    if (isMoved && !isOpenAt(account, after.entry_time)) {
      return refused(given, { reason: 'account closed' });
    }
    const { handle, partnerId } = this.#writing;
    if (kind === 'updated') keepFingerprint(handle, partnerId, account.id, stored, changed);
    const attempt = isMoved ? attemptAt(account, after.entry_time) : stored.attempt;
    const trade = { ...after, attempt };
    const values = changeable.map((name) => trade[name]);
    prepared(handle, update).run(...values, partnerId, account.id, stored.id);
    if (trade.exit_time === null) forgetClosing(handle, trade);
    const data = { trade_id: stored.id, account_id: account.id, changes: changed };
    this.#tell('trade.updated', account, data);
    return { kind, trade };
  }

  #tell(type: NewEvent['type'], { id }: TradeAccount, data: object): void {
    this.#events.push({ type, accountId: id, data });
  }
}

/** The data of the event that tells of a new trade. */
export function describeCreated(trade: Trade & { account_id: string }): object {
  return {
    trade_id: trade.id,
    account_id: trade.account_id,
    symbol: trade.symbol,
    direction: trade.direction,
    quantity: trade.quantity,
    entry_price: trade.entry_price,
    pnl: trade.pnl === null ? null : toDecimal(trade.pnl),
  };
}

/** The values of fields that have no default and were not given: all break the field's rule. */
const blank = Object.fromEntries(
  tradeFields.map((field) => [
    field,
    columnKinds[tradeColumns[field].kind] === 'text' ? '' : Number.NaN,
  ]),
);

/** All problems of a whole trade of which these fields were given. */
function problemsOf(trade: Trade, given: Partial<Trade>): FieldProblem[] {
  const missing = requiredFields.filter((field) => given[field] === undefined);
  return [
    ...missing.map((field) => ({ field, message: 'is required' })),
    ...tradeProblems(trade).filter(({ field }) => !missing.includes(field)),
  ];
}

function isRefused(verdict: Verdict): verdict is Refused {
  return verdict.kind === 'refused';
}

function refused({ account, id }: Pick<GivenTrade, 'account' | 'id'>, reason: Reason): Refused {
  return { kind: 'refused', account, id, ...reason };
}

/** Without a time of exit there is no price of exit and no P&L, unless one is given. */
function withExitCleared(after: TradesTable, given: Partial<Trade>): TradesTable {
  if (given.exit_time !== null) return after;
  const cleared = ofClosed.filter((field) => given[field] === undefined);
  return { ...after, ...Object.fromEntries(cleared.map((field) => [field, null])) };
}

function differing(stored: Trade, after: Trade): TradeField[] {
  return tradeFields.filter((field) => stored[field] !== after[field]);
}

function describe(stored: Trade, after: Trade, changed: readonly TradeField[]): Difference[] {
  return changed.map((field) => ({
    field,
    stored: presentField(stored, field),
    given: presentField(after, field),
  }));
}

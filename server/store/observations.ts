import type SQLite from 'better-sqlite3';
import type { Units } from '../../shared/money.ts';
import { day, minute } from '../../shared/time.ts';
import type { Account } from './accounts.ts';
import type { Queries } from './database.ts';
import { keptForDays } from './retention.ts';
import type { LatestObservationsTable, ObservedSlotsTable } from './schema.ts';
import { insertion, prepared } from './statements.ts';

/**
 * What accounts were observed to be worth: the latest of each, and first, last, high and low of each
 * quarter of an hour, and of each minute of the last day. In whatever order and batches observations
 * arrive, the same is kept of them. They raise no revision but their own: other answers stay known.
 */

/** What an account was worth at a moment. */
export interface Observation {
  /** Epoch ms. */
  time: number;
  balance: Units;
  equity: Units;
  /** The P&L of the open positions; null: it was not told. */
  open_pnl: Units | null;
}

const lengths = { observed_quarters: 15 * minute, observed_minutes: minute } as const;
type SlotTable = keyof typeof lengths;

/** An account, as the keys of the tables have it. */
type Key = readonly [partnerId: string, accountId: string];

/**
 * Keeps observations of a partner's accounts, by the ids of these, each list in the order of arrival.
 * Returns of how many accounts that changed something. To be called in a transaction.
 */
export function keepObservations(
  handle: SQLite.Database,
  partnerId: string,
  byAccount: ReadonlyMap<string, readonly Observation[]>,
  now: number,
): number {
  const changed: string[] = [];
  for (const [accountId, observations] of byAccount) {
    if (keepOfAccount(handle, [partnerId, accountId], observations, now)) changed.push(accountId);
  }
  if (changed.length === 0) return 0;
  const { revision } = prepared<{ revision: number }>(
    handle,
    `update partners set observation_revision = observation_revision + 1 where id = ?
     returning observation_revision as revision`,
  ).get(partnerId)!;
  const setRevision = prepared(
    handle,
    'update latest_observations set revision = ? where partner_id = ? and account_id = ?',
  );
  for (const accountId of changed) setRevision.run(revision, partnerId, accountId);
  return changed.length;
}

function keepOfAccount(
  handle: SQLite.Database,
  key: Key,
  observations: readonly Observation[],
  now: number,
): boolean {
  const young = observations.filter(({ time }) => time >= now - keptForDays.observedMinutes * day);
  const changes = [
    keepLatest(handle, key, observations.reduce(laterOf)),
    keepSlots(handle, key, 'observed_quarters', observations),
    keepSlots(handle, key, 'observed_minutes', young),
  ];
  return changes.includes(true);
}

/** Of the same time, the one that arrived later counts. */
function laterOf(one: Observation, next: Observation): Observation {
  return next.time >= one.time ? next : one;
}

const values = ['observed_at', 'balance', 'equity', 'open_pnl'] as const;
const isOfAccount = 'partner_id = ? and account_id = ?';
const replacing = (columns: readonly string[]) =>
  columns.map((name) => `${name} = excluded.${name}`).join(', ');
const findLatest = `select ${values.join(', ')} from latest_observations where ${isOfAccount}`;
const storeLatest = `${insertion('latest_observations', ['partner_id', 'account_id', 'revision', ...values])}
  on conflict do update set ${replacing(values)}`;

/** Returns whether that changed something. */
function keepLatest(
  handle: SQLite.Database,
  key: Key,
  { time, balance, equity, open_pnl }: Observation,
): boolean {
  const row = { observed_at: time, balance, equity, open_pnl };
  const known = prepared<Pick<LatestObservationsTable, (typeof values)[number]>>(
    handle,
    findLatest,
  ).get(...key);
  if (known && (known.observed_at > time || values.every((name) => known[name] === row[name]))) {
    return false;
  }
  prepared(handle, storeLatest).run(...key, 0, ...values.map((name) => row[name]));
  return true;
}

type Slot = Omit<ObservedSlotsTable, 'partner_id' | 'account_id'>;

const slotColumns = [
  ...['start', 'first_at', 'last_at'],
  ...['equity_first', 'equity_last', 'equity_high', 'equity_low'],
  ...['balance_first', 'balance_last', 'balance_high', 'balance_low'],
] as readonly (keyof Slot)[];

const slotStatements = (table: SlotTable) => ({
  find: `select ${slotColumns.join(', ')} from ${table} where ${isOfAccount} and start = ?`,
  store: `${insertion(table, ['partner_id', 'account_id', ...slotColumns])}
    on conflict do update set ${replacing(slotColumns)}`,
});
const statements = {
  observed_quarters: slotStatements('observed_quarters'),
  observed_minutes: slotStatements('observed_minutes'),
};

/** Returns whether that changed something. */
function keepSlots(
  handle: SQLite.Database,
  key: Key,
  table: SlotTable,
  observations: readonly Observation[],
): boolean {
  const find = prepared<Slot>(handle, statements[table].find);
  const store = prepared(handle, statements[table].store);
  let isChanged = false;
  for (const slot of slotsOf(observations, lengths[table])) {
    const known = find.get(...key, slot.start);
    const merged = known ? merge(known, slot) : slot;
    if (known && slotColumns.every((name) => known[name] === merged[name])) continue;
    store.run(...key, ...slotColumns.map((name) => merged[name]));
    isChanged = true;
  }
  return isChanged;
}

function slotsOf(observations: readonly Observation[], length: number): Iterable<Slot> {
  const slots = new Map<number, Slot>();
  for (const observation of observations) {
    const slot = slotOf(observation, length);
    const known = slots.get(slot.start);
    slots.set(slot.start, known ? merge(known, slot) : slot);
  }
  return slots.values();
}

function slotOf({ time, equity, balance }: Observation, length: number): Slot {
  return {
    ...{ start: time - (time % length), first_at: time, last_at: time },
    ...{ equity_first: equity, equity_last: equity, equity_high: equity, equity_low: equity },
    ...{
      balance_first: balance,
      balance_last: balance,
      balance_high: balance,
      balance_low: balance,
    },
  };
}

/** Two parts of the same slot together; `next` arrived later. */
function merge(one: Slot, next: Slot): Slot {
  const first = next.first_at < one.first_at ? next : one;
  const last = next.last_at >= one.last_at ? next : one;
  return {
    start: one.start,
    first_at: first.first_at,
    last_at: last.last_at,
    equity_first: first.equity_first,
    equity_last: last.equity_last,
    equity_high: Math.max(one.equity_high, next.equity_high),
    equity_low: Math.min(one.equity_low, next.equity_low),
    balance_first: first.balance_first,
    balance_last: last.balance_last,
    balance_high: Math.max(one.balance_high, next.balance_high),
    balance_low: Math.min(one.balance_low, next.balance_low),
  };
}

/**
 * What was last observed of an account in its current attempt; undefined: nothing yet, or `account`
 * was read with an earlier attempt.
 */
export async function findObservation(
  database: Queries,
  { partner_id, id, attempt, started_at }: Account,
): Promise<Observation | undefined> {
  const latest = await database
    .selectFrom('latest_observations')
    .innerJoin('accounts', (join) =>
      join
        .onRef('accounts.partner_id', '=', 'latest_observations.partner_id')
        .onRef('accounts.id', '=', 'latest_observations.account_id'),
    )
    .where('latest_observations.partner_id', '=', partner_id)
    .where('account_id', '=', id)
    .where('accounts.attempt', '=', attempt)
    // The first attempt reaches back without end.
    .$if(attempt > 1, (query) => query.where('observed_at', '>=', started_at))
    .select(['observed_at', 'balance', 'equity', 'open_pnl'])
    .executeTakeFirst();
  if (!latest) return undefined;
  const { observed_at: time, ...worth } = latest;
  return { time, ...worth };
}

const eraseQuarters = erasing('observed_quarters');
const eraseMinutes = erasing('observed_minutes');

function erasing(table: SlotTable): string {
  return `delete from ${table} where (partner_id, account_id, start) in (
    select partner_id, account_id, start from ${table} where ${isOfAccount} limit ?)`;
}

/** Erases some of an account's observations, at most `most` rows of each kind; false: none are left. */
export function eraseObservations(
  handle: SQLite.Database,
  partnerId: string,
  accountId: string,
  most: number,
): boolean {
  const key = [partnerId, accountId];
  const rows = [eraseQuarters, eraseMinutes].map(
    (text) => prepared(handle, text).run(...key, most).changes,
  );
  const latest = prepared(handle, `delete from latest_observations where ${isOfAccount}`);
  return latest.run(...key).changes > 0 || rows.some((count) => count > 0);
}

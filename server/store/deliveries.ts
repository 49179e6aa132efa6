import type SQLite from 'better-sqlite3';
import type { Selectable } from 'kysely';
import type { DeliveryState } from '../../shared/webhooks.ts';
import type { Queries } from './database.ts';
import type { DeliveriesTable, DeliveryAttemptsTable, WebhooksTable } from './schema.ts';
import { prepared } from './statements.ts';

export type Delivery = Selectable<DeliveriesTable>;

type OfWebhook = Pick<WebhooksTable, 'partner_id' | 'id'>;

/** Larger than the number of any delivery. */
export const afterLast = Number.MAX_SAFE_INTEGER;

export interface WantedDeliveries {
  /** Only those with a lower number. */
  before: number;
  /** Only those in this state; null: all. */
  state: DeliveryState | null;
  limit: number;
}

/** How many deliveries are looked through at once for those in a state. */
const mostLookedAt = 1_000;

/**
 * Deliveries of a webhook, the newest first, and the number before which to go on; null: there are no
 * more. There may be fewer than the limit, and still more.
 */
export async function listDeliveries(
  database: Queries,
  webhook: OfWebhook,
  { before, state, limit }: WantedDeliveries,
): Promise<{ deliveries: Delivery[]; next: number | null }> {
  const older = deliveriesOf(database, webhook).where('number', '<', before);
  const most = state === null ? limit : mostLookedAt;
  const found = await older
    .clearSelect()
    .select(['number', 'state'])
    .orderBy('number', 'desc')
    .limit(most + 1)
    .execute();
  const looked = found.slice(0, most);
  const wanted = looked.filter((each) => state === null || each.state === state).slice(0, limit);
  const last = (wanted.length === limit ? wanted : looked).at(-1)?.number ?? 0;
  const numbers = wanted.map(({ number }) => number);
  const deliveries = await older.where('number', 'in', numbers).orderBy('number', 'desc').execute();
  return { deliveries, next: found.some(({ number }) => number < last) ? last : null };
}

export function findDelivery(
  database: Queries,
  webhook: OfWebhook,
  number: number,
): Promise<Delivery | undefined> {
  return deliveriesOf(database, webhook).where('number', '=', number).executeTakeFirst();
}

function deliveriesOf(database: Queries, { partner_id, id }: OfWebhook) {
  return database
    .selectFrom('deliveries')
    .selectAll()
    .where('partner_id', '=', partner_id)
    .where('webhook_id', '=', id);
}

/** Where a list of deliveries by their events' times goes on: after this one. */
export interface DeliveryPlace {
  created_at: number;
  number: number;
}

/** Deliveries of events from `from` on, before `to`, in their order. */
export function deliveriesBetween(
  database: Queries,
  webhook: OfWebhook,
  { from, to, after }: { from: number; to: number; after: DeliveryPlace | null },
  limit: number,
): Promise<Delivery[]> {
  const all = deliveriesOf(database, webhook)
    .where('created_at', '>=', from)
    .where('created_at', '<', to);
  const rest = after
    ? all.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('created_at', 'number'), '>', tuple(after.created_at, after.number)),
      )
    : all;
  return rest.orderBy('created_at').orderBy('number').limit(limit).execute();
}

/** An attempt with the beginning of its answer; null: that is not kept any more. */
export type ShownAttempt = Selectable<DeliveryAttemptsTable>;

/** The attempts of a delivery, the oldest first. */
export function listAttempts(
  database: Queries,
  { partner_id, webhook_id, number }: Delivery,
): Promise<ShownAttempt[]> {
  return database
    .selectFrom('delivery_attempts as tried')
    .leftJoin('long_answers as long', (join) =>
      join
        .onRef('long.partner_id', '=', 'tried.partner_id')
        .onRef('long.webhook_id', '=', 'tried.webhook_id')
        .onRef('long.number', '=', 'tried.number')
        .onRef('long.attempt', '=', 'tried.attempt'),
    )
    .selectAll('tried')
    .select((eb) => eb.fn.coalesce('tried.answer', 'long.answer').as('answer'))
    .where('tried.partner_id', '=', partner_id)
    .where('tried.webhook_id', '=', webhook_id)
    .where('tried.number', '=', number)
    .orderBy('tried.attempt')
    .execute();
}

/** Has deliveries sent again now; to be called in a transaction. */
export async function replay(
  transaction: Queries,
  { partner_id, id }: OfWebhook,
  numbers: readonly number[],
  now: number,
): Promise<void> {
  if (numbers.length === 0) return;
  await transaction
    .updateTable('deliveries')
    .set({ state: 'waiting', tries: 0, due_at: now })
    .where('partner_id', '=', partner_id)
    .where('webhook_id', '=', id)
    .where('number', 'in', numbers)
    .execute();
  await transaction
    .updateTable('webhooks')
    .set({ due_at: 0, not_before: null })
    .where('partner_id', '=', partner_id)
    .where('id', '=', id)
    .where('is_active', '=', 1)
    .execute();
}

/** Empties what webhooks answered to an event, as they may have repeated it. */
export function eraseAnswersTo(handle: SQLite.Database, partnerId: string, event: number): void {
  const deliveries = prepared<Pick<Delivery, 'webhook_id' | 'number'>>(
    handle,
    'select webhook_id, number from deliveries where partner_id = ? and event_number = ?',
  ).all(partnerId, event);
  const isOfDelivery = 'partner_id = ? and webhook_id = ? and number = ?';
  for (const { webhook_id, number } of deliveries) {
    const key = [partnerId, webhook_id, number];
    prepared(handle, `update delivery_attempts set answer = null where ${isOfDelivery}`).run(
      ...key,
    );
    prepared(handle, `delete from long_answers where ${isOfDelivery}`).run(...key);
  }
}

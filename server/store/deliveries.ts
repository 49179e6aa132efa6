import type SQLite from 'better-sqlite3';
import type { Selectable } from 'kysely';
import type { DeliveryState } from '../../shared/webhooks.ts';
import type { Queries } from './database.ts';
import type { DeliveriesTable, WebhooksTable } from './schema.ts';
import { prepared } from './statements.ts';

export type Delivery = Selectable<DeliveriesTable>;

type OfWebhook = Pick<WebhooksTable, 'partner_id' | 'id'>;

/** A place in the lists of deliveries, which go by the time of the event, then by number. */
export interface DeliveryPlace {
  created_at: number;
  number: number;
}

export interface WantedDeliveries {
  /** Only those before this one. */
  before: DeliveryPlace | null;
  /** Only those in this state; null: all. */
  state: DeliveryState | null;
  limit: number;
}

/** How many deliveries are looked through at once for those in a state. */
const mostLookedAt = 1_000;

/**
 * Deliveries of a webhook, the newest first, and the one before which to go on; null: there are no
 * more. There may be fewer than the limit, and still more.
 */
export async function listDeliveries(
  database: Queries,
  webhook: OfWebhook,
  { before, state, limit }: WantedDeliveries,
): Promise<{ deliveries: Delivery[]; next: DeliveryPlace | null }> {
  const all = deliveriesOf(database, webhook);
  const older = before
    ? all.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('created_at', 'number'), '<', tuple(before.created_at, before.number)),
      )
    : all;
  const most = state === null ? limit : mostLookedAt;
  const found = await older
    .clearSelect()
    .select(['number', 'state', 'created_at'])
    .orderBy('created_at', 'desc')
    .orderBy('number', 'desc')
    .limit(most + 1)
    .execute();
  const looked = found.slice(0, most);
  const wanted = looked.filter((each) => state === null || each.state === state).slice(0, limit);
  const last = (wanted.length === limit ? wanted : looked).at(-1);
  const deliveries = await all
    .where(
      'number',
      'in',
      wanted.map(({ number }) => number),
    )
    .orderBy('created_at', 'desc')
    .orderBy('number', 'desc')
    .execute();
  return { deliveries, next: last && last !== found.at(-1) ? last : null };
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

export type Attempted = Pick<
  Delivery,
  'attempt' | 'at' | 'duration' | 'status' | 'problem' | 'answer'
>;

/**
 * The attempts of a delivery, the oldest first, with the beginnings of their answers; null: that is
 * not kept any more.
 */
export async function listAttempts(database: Queries, delivery: Delivery): Promise<Attempted[]> {
  const { partner_id, webhook_id, number } = delivery;
  const earlier = await database
    .selectFrom('delivery_attempts')
    .selectAll()
    .where('partner_id', '=', partner_id)
    .where('webhook_id', '=', webhook_id)
    .where('number', '=', number)
    .orderBy('attempt')
    .execute();
  const long = await database
    .selectFrom('long_answers')
    .select(['attempt', 'answer'])
    .where('partner_id', '=', partner_id)
    .where('webhook_id', '=', webhook_id)
    .where('number', '=', number)
    .execute();
  const answers = new Map(long.map(({ attempt, answer }) => [attempt, answer]));
  return [...earlier, delivery].map((each) => ({
    ...each,
    answer: each.answer ?? answers.get(each.attempt) ?? null,
  }));
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
    .set({ due_at: 0 })
    .where('partner_id', '=', partner_id)
    .where('id', '=', id)
    .where('is_active', '=', 1)
    .execute();
}

/** Empties what webhooks answered to an event, as they may have repeated it. */
export function eraseAnswersTo(handle: SQLite.Database, partnerId: string, event: number): void {
  const webhooks = prepared<{ id: string }>(
    handle,
    'select id from webhooks where partner_id = ?',
  ).all(partnerId);
  const isOfDelivery = 'where partner_id = ? and webhook_id = ? and number = ?';
  for (const { id } of webhooks) {
    const key = [partnerId, id, event];
    prepared(handle, `update deliveries set answer = null ${isOfDelivery}`).run(...key);
    prepared(handle, `update delivery_attempts set answer = null ${isOfDelivery}`).run(...key);
    prepared(handle, `delete from long_answers ${isOfDelivery}`).run(...key);
  }
}

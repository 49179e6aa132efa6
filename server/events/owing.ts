import type SQLite from 'better-sqlite3';
import { allowances, tiers } from '../../shared/access.ts';
import type { EventType } from '../../shared/events.ts';
import type { WebhooksTable } from '../store/schema.ts';
import { insertion, prepared } from '../store/statements.ts';

const tiersWithWebhooks = tiers
  .filter((tier) => allowances[tier].scopes.includes('webhooks:manage'))
  .map((tier) => `'${tier}'`)
  .join(', ');

/** An SQL condition: nothing is sent for a partner that is not active, or whose tier has no webhooks. */
export const mayBeSentTo = `partners.is_active = 1 and partners.tier in (${tiersWithWebhooks})`;

type Owing = Pick<WebhooksTable, 'partner_id' | 'id' | 'events' | 'next_event' | 'last_event'>;

/**
 * Owes events to the webhooks that take them: those after the number `before`. To be called in the
 * transaction that raises them, so whatever is changed later, of a webhook or its partner, takes
 * nothing away from what is owed and adds nothing to it. A webhook is owed a range of numbers: what
 * this writes does not grow with the events.
 */
export function owe(
  handle: SQLite.Database,
  partnerId: string,
  before: number,
  types: readonly EventType[],
): void {
  const webhooks = prepared<Owing>(
    handle,
    `select partner_id, webhooks.id, events, next_event, last_event
     from webhooks join partners on partners.id = partner_id
     where partner_id = ? and webhooks.is_active = 1 and deleted_at is null and ${mayBeSentTo}`,
  ).all(partnerId);
  for (const webhook of webhooks) {
    const wanted = webhook.events.split(' ');
    const isWanted = types.some((type) => wanted.includes(type));
    if (isOwedNothing(webhook)) {
      if (!isWanted) continue;
      webhook.next_event = before + 1;
    } else if (webhook.last_event !== before) {
      // Something happened while nothing was to be sent to it.
      setAside(handle, webhook);
      webhook.next_event = before + 1;
    }
    prepared(
      handle,
      `update webhooks set next_event = ?, last_event = ?, due_at = ${isWanted ? '0' : 'due_at'}
       where partner_id = ? and id = ?`,
    ).run(webhook.next_event, before + types.length, partnerId, webhook.id);
  }
}

function isOwedNothing({ next_event, last_event }: Owing): boolean {
  return last_event < next_event;
}

const insertOwed = insertion('owed_events', [
  ...['partner_id', 'webhook_id', 'next_event', 'last_event', 'events'],
]);

/**
 * Puts what a webhook is owed aside, with the types that this is about; to be called before the
 * webhook is paused or takes other types.
 */
export function setAside(handle: SQLite.Database, webhook: Owing): void {
  if (isOwedNothing(webhook)) return;
  const { partner_id, id, next_event, last_event, events } = webhook;
  prepared(handle, insertOwed).run(partner_id, id, next_event, last_event, events);
  prepared(
    handle,
    'update webhooks set next_event = last_event + 1 where partner_id = ? and id = ?',
  ).run(partner_id, id);
}

import { randomBytes } from 'node:crypto';
import { type NewEvent, raiseEvents } from '../../server/events/outbox.ts';
import { type Database, transact } from '../../server/store/database.ts';
import { raiseRevision } from '../../server/store/partners.ts';
import { testNow } from './server.ts';

/** Raises events of a partner, as the writes do that cause them. */
export function raise(
  database: Database,
  partnerId: string,
  events: readonly NewEvent[],
  now = testNow,
): Promise<void> {
  return transact(database, async (transaction) => {
    raiseEvents(database.handle, partnerId, events, { now, random: randomBytes });
    await raiseRevision(transaction, partnerId);
  });
}

/** Events about no account, each with its number. */
export function someEvents(count: number, first = 1, type: NewEvent['type'] = 'trade.created') {
  return Array.from({ length: count }, (_, index): NewEvent => {
    return { type, accountId: null, data: { number: first + index } };
  });
}

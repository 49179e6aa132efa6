import { randomBytes } from 'node:crypto';
import { type Database, transact } from '../../server/store/database.ts';
import { newId } from '../../server/store/ids.ts';
import { raiseRevision } from '../../server/store/partners.ts';
import { testNow } from './server.ts';

export interface TestUser {
  externalId?: string;
  name?: string;
  email?: string;
  createdAt?: number;
}

/** Adds a user to a partner; returns its id. */
export function addUser(
  database: Database,
  partnerId: string,
  { externalId, name, email, createdAt = testNow }: TestUser = {},
): Promise<string> {
  const id = newId('usr', randomBytes);
  return transact(database, async (transaction) => {
    await transaction
      .insertInto('users')
      .values({
        ...{ partner_id: partnerId, id, external_id: externalId ?? null },
        ...{ name: name ?? null, email: email ?? null, created_at: createdAt },
      })
      .execute();
    await raiseRevision(transaction, partnerId);
    return id;
  });
}

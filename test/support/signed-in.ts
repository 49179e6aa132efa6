import { randomBytes } from 'node:crypto';
import { transact } from '../../server/store/database.ts';
import { openSession } from '../../server/store/sessions.ts';
import type { TestPartner } from './partner.ts';
import type { TestServer } from './server.ts';

/** The session cookie of a person who signed in by mail, made without sending the mail. */
export async function signIn(
  { database, clock }: TestServer,
  { id, email }: TestPartner,
): Promise<{ Cookie: string }> {
  const secret = await transact(database, (transaction) =>
    openSession(transaction, id, { email }, clock.now, randomBytes),
  );
  return { Cookie: `pt_session=${secret}` };
}

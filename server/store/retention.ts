import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { sql } from 'kysely';
import { utcDay } from '../../shared/day.ts';
import { day } from '../../shared/time.ts';
import { type Database, transact } from './database.ts';

/** How long data are kept, in days; after that the server deletes them. */
export const keptForDays = {
  /** Requests by day, key and endpoint, and the counts of the quotas. */
  usage: 90,
  audit: 365,
  /** The entries of the audit trail for newly made embed tokens. */
  madeTokens: 30,
  /** Keys, sessions and sign-in links, from when they ended or expired. */
  keys: 90,
  sessions: 30,
  links: 1,
  /** Mails in the queue, with their recipients' addresses, from when they were requested. */
  mail: 7,
  droppedMail: 1,
} as const;

/** How many rows are deleted in one transaction, so that no request waits for long. */
const batch = 500;
const mostBatches = 40;

/** Deletes what has been kept for long enough; of each kind at most `mostBatches` batches. */
export async function prune(database: Database, now: number): Promise<void> {
  const before = (days: number) => now - days * day;
  const firstUsageDay = utcDay(before(keptForDays.usage));
  const old = [
    sql`delete from usage_days where (partner_id, day, key_id, endpoint, method) in (
      select partner_id, day, key_id, endpoint, method from usage_days
      where day < ${firstUsageDay} limit ${batch})`,
    sql`delete from key_days where (partner_id, key_id, day) in (
      select partner_id, key_id, day from key_days where day < ${firstUsageDay} limit ${batch})`,
    sql`delete from audit where (partner_id, number) in (
      select partner_id, number from audit where at < ${before(keptForDays.audit)}
        or (at < ${before(keptForDays.madeTokens)} and action = 'embed_token.created')
      limit ${batch})`,
    sql`delete from sign_in_links where (partner_id, digest) in (
      select partner_id, digest from sign_in_links
      where expires_at < ${before(keptForDays.links)} limit ${batch})`,
    sql`delete from sessions where (partner_id, id) in (
      select partner_id, id from sessions
      where expires_at < ${before(keptForDays.sessions)}
        or ended_at < ${before(keptForDays.sessions)} limit ${batch})`,
    sql`delete from keys where (partner_id, id) in (
      select partner_id, id from keys
      where revoked_at < ${before(keptForDays.keys)} or expires_at < ${before(keptForDays.keys)}
      limit ${batch})`,
    sql`delete from mail where id in (
      select id from mail where asked_at < ${before(keptForDays.mail)}
        or (asked_at < ${before(keptForDays.droppedMail)} and state = 'dropped')
      limit ${batch})`,
  ];
  for (const deletion of old) {
    for (let count = 0; count < mostBatches; count++) {
      const { numAffectedRows } = await transact(database, (transaction) =>
        deletion.execute(transaction),
      );
      await yieldToEventLoop();
      if ((numAffectedRows ?? 0n) < batch) break;
    }
  }
}

import { type Kysely, sql } from 'kysely';

/**
 * Days with trades of several accounts were built in an order that ignored the account. They are
 * marked as stale, and so rebuilt when they are next needed.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    update partner_days set is_stale = 1
    where trades > (
      select coalesce(max(days.trades), 0)
      from account_days as days
      join accounts on accounts.partner_id = days.partner_id and accounts.id = days.account_id
        and accounts.attempt = days.attempt
      where days.partner_id = partner_days.partner_id and days.day = partner_days.day
        and accounts.currency = partner_days.currency
    )`.execute(database);
}

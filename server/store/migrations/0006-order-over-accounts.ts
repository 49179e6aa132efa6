import { type Kysely, sql } from 'kysely';

/**
 * Days that several accounts share were put in an order that left out the account: they are put in
 * order again when they are asked for.
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

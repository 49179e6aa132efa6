import type SQLite from 'better-sqlite3';
import type { Selectable } from 'kysely';
import type { DaySettings } from '../../shared/trading-day.ts';
import { countAccounts } from './accounts.ts';
import type { Queries } from './database.ts';
import { NotPossible } from './not-possible.ts';
import type { Partner } from './partners.ts';
import { beginRemaking, endRemaking } from './remaking.ts';
import type { RemakingsTable } from './schema.ts';

export type Remaking = Selectable<RemakingsTable>;

/** The sums of a partner that are being made for other days, or anew; undefined: none are. */
export function findRemaking(database: Queries, partnerId: string): Promise<Remaking | undefined> {
  return database
    .selectFrom('remakings')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .executeTakeFirst();
}

/**
 * Changes when a partner's days begin. What is not given stays as it is, or as it is going to be.
 * Its sums are then made anew (remaking.ts), and the new days are in force once they are complete. A
 * change that is under way is replaced. To be called in a transaction.
 */
export async function changeDays(
  handle: SQLite.Database,
  transaction: Queries,
  partner: Partner,
  change: Partial<DaySettings>,
): Promise<void> {
  const remaking = await findRemaking(transaction, partner.id);
  const { day_zone: zone, day_start: start } = remaking ?? partner;
  const wanted = { zone, start, ...change };
  const isWanted = (days: Pick<Partner, 'day_zone' | 'day_start'>) =>
    days.day_zone === wanted.zone && days.day_start === wanted.start;
  if (remaking && isWanted(remaking)) return;
  if (isWanted(partner)) endRemaking(handle, partner.id);
  else beginRemaking(handle, partner.id, wanted);
}

/** Throws NotPossible when an account of the partner has another currency. */
export async function refuseOtherCurrency(
  transaction: Queries,
  partnerId: string,
  currency: string,
): Promise<void> {
  const { left_out } = await countAccounts(transaction, partnerId, currency);
  if (left_out === 0) return;
  throw new NotPossible(
    'other_currency',
    `${left_out} of its accounts ${left_out === 1 ? 'has' : 'have'} another currency than ${currency}, and nothing is converted.`,
    'currency',
  );
}

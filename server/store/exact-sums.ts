import { sql } from 'kysely';
import type { Tally } from '../analytics/run.ts';
import type { Account } from './accounts.ts';
import type { Queries } from './database.ts';

/** Doubles hold integers exactly up to this: 900,719,925,474.0991 in money, 285,420 years in ms. */
const most = Number.MAX_SAFE_INTEGER;

/** A sum would no longer be exact. Its message is for a person. */
export class InexactSums extends Error {}

/** The upper bounds of all sums over a set of trades. */
interface Extent {
  /** The sum of all amounts without their signs. */
  money: number;
  duration: number;
}

/** Checks, while trades are added to an account, that all its sums and its partner's stay exact. */
export interface ExactSums {
  /** To be called with a day's tally before and after a change. Throws InexactSums. */
  change(before: Tally, now: Tally): void;
}

export async function watchSums(transaction: Queries, account: Account): Promise<ExactSums> {
  const { nickname, currency, partner_id, id, attempt } = account;
  const own = await extentOf(
    transaction,
    sql`account_days where partner_id = ${partner_id} and account_id = ${id}
      and attempt = ${attempt}`,
  );
  own.money += account.starting_balance ?? 0;
  const all = await extentOf(
    transaction,
    sql`partner_days where partner_id = ${partner_id} and currency = ${currency}`,
  );
  const change = (extent: Extent, whose: string, before: Tally, now: Tally) => {
    extent.money += moneyOf(now) - moneyOf(before);
    extent.duration += now.duration - before.duration;
    if (extent.money > most) {
      throw new InexactSums(
        `The amounts of ${whose} would come to more than 900,719,925,474.0991 ${currency}, signs aside: sums are exact up to there and no further.`,
      );
    }
    if (extent.duration > most) {
      throw new InexactSums(
        `The trades of ${whose} would have lasted more than 285,420 years together: sums are exact up to there and no further.`,
      );
    }
  };
  return {
    change(before, now) {
      change(own, `the account ${nickname}`, before, now);
      change(all, `the partner’s accounts in ${currency}`, before, now);
    },
  };
}

/** total() adds doubles: a sum of positive numbers above `most` stays above it when rounded. */
async function extentOf(transaction: Queries, days: ReturnType<typeof sql>): Promise<Extent> {
  const { rows } = await sql<Extent>`
    select total(gross_profit - gross_loss - commission) as money, total(duration) as duration
    from ${days}`.execute(transaction);
  return rows[0]!;
}

function moneyOf({ grossProfit, grossLoss, commission }: Tally): number {
  return grossProfit - grossLoss - commission;
}

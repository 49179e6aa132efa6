import type SQLite from 'better-sqlite3';
import { type DaySettings, type TradingDays, tradingDays } from '../../shared/trading-day.ts';
import type { RemakingsTable } from './schema.ts';
import { prepared } from './statements.ts';
import type { Attempt, TradeKey } from './touched-trades.ts';

/** One version of a partner's sums, and the days that it was made for. */
export interface Version {
  number: number;
  settings: DaySettings;
  days: TradingDays;
}

/** A version of a partner's sums that is being made, and how far that has come. */
export interface Remaking {
  version: Version;
  /** The partner's days that begin before this moment are made. */
  partnerDone: number;
  /** The days of attempts before this one are made, and of this one all before `accountDone`. */
  attempt: Pick<Attempt, 'account_id' | 'attempt'>;
  /** The beginning of a day, or the place of a trade: of a long day the pieces before it are made. */
  accountDone: TradeKey;
}

/** A partner's versions of its sums: the one in force, and the one that is being made. */
export interface Versions {
  partnerId: string;
  inForce: Version;
  remaking: Remaking | null;
}

type VersionsRow = Pick<RemakingsTable, 'version' | 'day_zone' | 'day_start'>;

export function readVersions(handle: SQLite.Database, partnerId: string): Versions {
  const inForce = prepared<VersionsRow>(
    handle,
    'select sums_version as version, day_zone, day_start from partners where id = ?',
  ).get(partnerId)!;
  const remaking = prepared<RemakingsTable>(
    handle,
    'select * from remakings where partner_id = ?',
  ).get(partnerId);
  return {
    partnerId,
    inForce: versionOf(inForce),
    remaking: remaking
      ? {
          version: versionOf(remaking),
          partnerDone: remaking.partner_done,
          attempt: { account_id: remaking.account_id, attempt: remaking.attempt },
          accountDone: {
            exit_time: remaking.account_done,
            entry_time: remaking.account_done_entry,
            id: remaking.account_done_id,
          },
        }
      : null,
  };
}

function versionOf({ version, day_zone, day_start }: VersionsRow): Version {
  const settings = { zone: day_zone, start: day_start };
  return { number: version, settings, days: tradingDays(settings) };
}

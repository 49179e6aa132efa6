import SQLite from 'better-sqlite3';
import { Option } from 'commander';
import { tiers } from '../../shared/access.ts';
import { formatDayStart } from '../../shared/trading-day.ts';
import type { Partner } from '../store/partners.ts';
import { Failure } from './output.ts';

export const tierOption = () =>
  new Option('--tier <tier>', 'the partner’s tier, which decides what it may use').choices(tiers);

/** Throws an error again; if an address was not unique, as a Failure that says so. */
export function explainTaken(error: unknown, email: string | undefined): never {
  if (!(error instanceof SQLite.SqliteError) || error.code !== 'SQLITE_CONSTRAINT_UNIQUE')
    throw error;
  throw new Failure(`A partner with the address ${email} is there already.`);
}

export function presentPartner(partner: Partner) {
  const { id, name, email, tier, currency, is_active, billing_status, created_at } = partner;
  const { day_zone, day_start } = partner;
  return {
    id,
    name,
    email,
    tier,
    currency,
    is_active: is_active === 1,
    billing_status,
    day_zone,
    day_start: formatDayStart(day_start),
    created_at,
  };
}

type Days = Pick<Partner, 'day_zone' | 'day_start'>;

/** `coming`: the days for which sums are being made; undefined: none are. */
export function describeDays(now: Days, coming: Days | undefined): string {
  const sentence = `Trading days begin at ${startOf(now)}`;
  if (!coming || startOf(coming) === startOf(now)) return `${sentence}.`;
  return `${sentence}, and at ${startOf(coming)} once all figures are summed for that.`;
}

function startOf({ day_zone, day_start }: Days): string {
  return `${formatDayStart(day_start)} in ${day_zone}`;
}

import type { AuditActor } from '../../shared/answers/audit.ts';
import type { AccountFields } from '../records/accounts.ts';
import type { SameFile } from '../store/imports.ts';
import type { FormatName } from './formats.ts';
import type { Odd } from './odd-times.ts';

/** What an import is told to do; its record keeps it. */
export interface ImportSettings {
  /** `auto` detects the format from the start of the file. */
  format: FormatName | 'auto';
  /** The IANA zone of the file's wall-clock times; null: UTC is assumed, and the report says so. */
  zone: string | null;
  /** Whether to import the valid rows even if others are refused. */
  skipsBad: boolean;
  /** Whether trades that were deleted come back. */
  restores: boolean;
  /**
   * Which events tell of its trades: `auto`: one for each, of up to 1,000; `each`: of up to 10,000;
   * `none`. One tells of the import itself in any case.
   */
  events: (typeof eventChoices)[number];
}

/** What is to be imported, into which account, by whom and how. */
export interface ImportOptions extends ImportSettings {
  partnerId: string;
  /** The id of an account, `ext:` and its external id, or a new account to be created. */
  account: string | AccountToMake;
  /** Whether to read and check everything, but store nothing. */
  isDryRun: boolean;
  fileName: string | null;
  actor: AuditActor;
}

export const eventChoices = ['auto', 'each', 'none'] as const;

/** The most trades of an import of which each has an event of its own. */
export const mostEvents = { auto: 1_000, each: 10_000, none: -1 } as const;

/** A new account. `currency` null: the file's currency, or else the partner's. */
export type AccountToMake = Omit<AccountFields, 'nickname' | 'currency'> & {
  nickname: string;
  currency: string | null;
};

/**
 * The result of an import. `read` is the sum of `added`, `closed`, `already_there`, `corrected`,
 * `deleted`, `refused` and `held_back`.
 */
export interface ImportReport {
  /** The id of its record; null: nothing was kept. */
  id: string | null;
  format: FormatName;
  /**
   * The account of the trades. Null when a new account was not created. The id is null when a dry
   * run would create the account.
   */
  account: { id: string | null; nickname: string } | null;
  /** The account's currency, ISO 4217. */
  currency: string;
  /** Whether the file's valid rows are in the database now. */
  kept: boolean;
  dry_run: boolean;
  /** Rows that should be trades, valid or refused. */
  read: number;
  added: number;
  /** Trades that were open in the database and are closed in the file. */
  closed: number;
  /** Rows that add nothing to the database or to an earlier row of the file. */
  already_there: number;
  /** Rows of trades that were corrected since they came from the same row; they stay as they are. */
  corrected: number;
  /** Rows of trades that were deleted since. */
  deleted: number;
  refused: number;
  /** Valid rows that were not imported because others were refused. */
  held_back: number;
  /** The first thousand refused rows. */
  refusals: Refusal[];
  /** The number of rows that are no trades, by what they are (balances, open positions). */
  passed_over: Record<string, number>;
  /** Set when times without a zone were taken as UTC. */
  assumed_zone: 'UTC' | null;
  /** Trades that end, or open ones that begin, after today in every zone: a year may be mistyped. */
  in_future: Odd;
  /** Trades that began more than thirty years ago. */
  long_ago: Odd;
  /** An earlier import of the same file into another account, which is not taken back; null: none. */
  same_file_in: SameFile | null;
  /** Why nothing was kept, if that has another reason than refused rows. */
  problem: string | null;
}

/** A row that was refused. */
export interface Refusal {
  line: number;
  reason: string;
}

export const mostRefusalsListed = 1_000;

/** The file can be read, but not imported into the account. The message is for a person. */
export class ImportRefused extends Error {}

/** Adds refused rows to a report, which lists the first ones. */
export function addRefusals(
  report: Pick<ImportReport, 'refused' | 'refusals'>,
  count: number,
  refusals: readonly Refusal[],
): void {
  report.refused += count;
  const last = report.refusals[mostRefusalsListed - 1];
  if (last && refusals.every(({ line }) => line > last.line)) return;
  report.refusals = [...report.refusals, ...refusals]
    .sort((a, b) => a.line - b.line)
    .slice(0, mostRefusalsListed);
}

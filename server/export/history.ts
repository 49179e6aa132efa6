import { toDecimal, type Units } from '../../shared/money.ts';
import {
  presentField,
  type Trade,
  type TradeField,
  tradeColumns,
  tradeFields,
} from '../../shared/trades.ts';
import { type Cell, csvRow } from '../csv.ts';
import { attemptColumns } from '../ingest/file-attempts.ts';
import { notFound } from '../refusal.ts';
import { type HistoryWanted, readAttempts, readTradesById } from '../store/account-history.ts';
import { shownAccounts } from '../store/accounts.ts';
import type { Queries } from '../store/database.ts';

/**
 * The history of an account as CSV, in the format that ingest/plain-csv.ts reads: its trades by id,
 * then all its attempts. These come last, so that they are those of all trades, and a file that was
 * cut short lacks them.
 */

/** Where a page begins: after the trade with an id, or after an attempt. */
export type HistoryPlace = { of: 'trades'; after: string } | { of: 'attempts'; after: number };

export interface HistoryPage {
  text: string;
  /** Null: it is the last one. */
  next: HistoryPlace | null;
}

const firstTrade: HistoryPlace = { of: 'trades', after: '' };
const firstAttempt: HistoryPlace = { of: 'attempts', after: 0 };

/** All of it, in pieces. Between these nothing is held but the place. */
export async function* historyCsv(
  readPage: (place: HistoryPlace) => Promise<HistoryPage>,
): AsyncGenerator<string> {
  for (let place: HistoryPlace | null = firstTrade; place !== null; ) {
    const { text, next }: HistoryPage = await readPage(place);
    if (text !== '') yield text;
    place = next;
  }
}

/** Reads a page, in some ms. Throws a 404 once the account is not there any more. */
export async function readHistoryPage(
  read: Queries,
  wanted: HistoryWanted,
  place: HistoryPlace,
): Promise<HistoryPage> {
  const { partnerId, accountId } = wanted;
  const account = await shownAccounts(read, partnerId)
    .where('id', '=', accountId)
    .select('currency')
    .executeTakeFirst();
  if (!account) throw notFound('The account was erased meanwhile.');
  return place.of === 'trades'
    ? tradesPage(read, wanted, account.currency, place.after)
    : attemptsPage(read, wanted, account.currency, place.after);
}

const columns = [...tradeFields, 'currency', ...attemptColumns];
const header = csvRow(columns);

/** A page that has so many characters gets no further trade: a client may be slow to take it. */
const longestPage = 32_768;

async function tradesPage(
  read: Queries,
  wanted: HistoryWanted,
  currency: string,
  after: string,
): Promise<HistoryPage> {
  const { trades, next } = await readTradesById(read, wanted, after);
  let text = after === '' ? header : '';
  let last = after;
  for (const trade of trades) {
    if (text.length >= longestPage) return { text, next: { of: 'trades', after: last } };
    const attempt = [trade.attempt, startOf(trade), null, null];
    text += csvRow([...tradeFields.map((field) => cellOf(trade, field)), currency, ...attempt]);
    last = trade.id;
  }
  return { text, next: next === null ? firstAttempt : { of: 'trades', after: next } };
}

async function attemptsPage(
  read: Queries,
  wanted: HistoryWanted,
  currency: string,
  after: number,
): Promise<HistoryPage> {
  const { attempts, next } = await readAttempts(read, wanted, after);
  const rows = attempts.map(({ starting_balance, max_drawdown, ...attempt }) =>
    csvRow([
      ...tradeFields.map(() => null),
      ...[currency, attempt.attempt, startOf(attempt)],
      ...[decimal(starting_balance), decimal(max_drawdown)],
    ]),
  );
  return { text: rows.join(''), next: next === null ? null : { of: 'attempts', after: next } };
}

function cellOf(trade: Trade, field: TradeField): Cell {
  const value = presentField(trade, field);
  return tradeColumns[field].kind === 'time' && value !== null ? isoTime(value as number) : value;
}

/** The first attempt has no start: it reaches back without end. */
function startOf({ attempt, started_at }: { attempt: number; started_at: number }): Cell {
  return attempt === 1 ? null : isoTime(started_at);
}

function isoTime(moment: number): string {
  return new Date(moment).toISOString();
}

function decimal(units: Units | null): number | null {
  return units === null ? null : toDecimal(units);
}

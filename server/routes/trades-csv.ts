import { Readable } from 'node:stream';
import { z } from 'zod';
import { type Period, periods } from '../../shared/period.ts';
import { type Direction, type TradeStatus, tradeStatuses } from '../../shared/trades.ts';
import type { TradingDays } from '../../shared/trading-day.ts';
import { parameters } from '../../shared/widgets.ts';
import { turnOf } from '../access/caller.ts';
import { whenOf } from '../answering.ts';
import { csvType } from '../csv.ts';
import { historyCsv } from '../export/history.ts';
import { accountId, oneOf, optionalNumber } from '../query.ts';
import { action } from '../route.ts';
import type { HistoryWanted } from '../store/account-history.ts';
import type { Account } from '../store/accounts.ts';
import { knownAccount, spanOf } from './coverage.ts';
import { tradeFilters } from './trades.ts';

const { least, most } = parameters.attempt;

export const tradesCsv = action({
  name: 'exportTrades',
  method: 'GET',
  path: '/api/partner/trades.csv',
  summary: 'Exports the history of an account as CSV, from which an import makes it again.',
  scope: 'stats:read',
  query: z.object({
    account_id: accountId,
    attempt: optionalNumber(least, most).describe(
      'Only the trades of this attempt: 1 for the first, and so on. Default: those of all.',
    ),
    period: oneOf(periods).default('all').describe(parameters.period.description),
    ...tradeFilters,
    status: oneOf(tradeStatuses)
      .default('all')
      .describe('Closed trades, open ones or all. A period selects closed trades only.'),
  }),
  answers: {
    200: {
      means:
        'A header and a row for each trade, by id; then a row for each attempt of the account. It is sent while it is read: one that ends early ends without the last chunk.',
      type: csvType,
      headers: { 'Content-Disposition': 'A name for the file.' },
    },
  },
  refusals: { 404: ['not_found'] },
  act: async ({ query, caller, now, services: { database, readHistory } }) => {
    const { partner } = caller;
    const { account_id, attempt } = query;
    const account = await knownAccount(account_id, partner.id, database.read, attempt);
    const wanted = historyWanted(account, query, whenOf({ now, isTimely: false }, partner));
    const turn = turnOf(caller);
    const isAwaited = () => !body.destroyed;
    const pieces = historyCsv((place) => readHistory({ wanted, place }, turn, isAwaited));
    // A client that reads slowly is waited for: no page is read before the one before it is taken.
    const body = Readable.from(pieces, { objectMode: false, highWaterMark: 1 });
    const name = `trades-${account.id}${attempt === undefined ? '' : `-${attempt}`}.csv`;
    const headers = { 'Content-Disposition': `attachment; filename="${name}"` };
    return { status: 200, body, headers };
  },
});

/** The parameters that select what is exported. */
export interface HistoryQuery {
  /** Absent: all attempts. */
  attempt?: number | undefined;
  period: Period;
  symbol?: string | undefined;
  direction?: Direction | undefined;
  status: TradeStatus;
}

export function historyWanted(
  { partner_id, id }: Account,
  { attempt, period, symbol, direction, status }: HistoryQuery,
  when: { days: TradingDays; today: number; latest: number },
): HistoryWanted {
  const { from, to } = spanOf(period, when);
  return {
    partnerId: partner_id,
    accountId: id,
    attempt: attempt ?? null,
    status,
    symbol: symbol ?? null,
    direction: direction ?? null,
    from: from === null ? null : when.days.startOf(from),
    to: to === null ? null : when.days.startOf(to + 1),
  };
}

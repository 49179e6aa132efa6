import { z } from 'zod';
import { type EventType, eventTypes } from '../events.ts';
import { count, currency, day, figure, id, money, percent, text } from './fields.ts';

const tradeId = text('The trade’s id, which only its account makes unique.');
const accountId = id('acc', 'The account’s id.');
const changes = z.array(z.string()).describe('The names of the fields that changed.');

const totals = { trades: count('The number of trades.'), pnl: money('Their P&L.') };

const summaryOfAccount = z.object({
  account_id: accountId,
  ...totals,
  win_rate: percent('The share of winning trades.'),
  currency: currency('The account’s currency, if it is not the firm’s.').optional(),
});

const ofFile = { account_id: accountId, import_id: id('imp', 'The import’s id.') };
const fileName = text('The name of the file; null: none was given.').nullable();

/** The `data` of each type of event. */
const data: Record<EventType | 'test', z.ZodType> = {
  'trade.created': z.object({
    trade_id: tradeId,
    account_id: accountId,
    symbol: text('The symbol; of a future its root, such as MES.'),
    direction: z.enum(['long', 'short']).describe('Whether it was bought or sold first.'),
    quantity: figure('The number of contracts, lots or shares.'),
    entry_price: figure('The average price at which it was opened.'),
    pnl: money('Its net P&L; null while it is open.').nullable(),
  }),
  'trade.updated': z.object({ trade_id: tradeId, account_id: accountId, changes }),
  'trade.deleted': z.object({ trade_id: tradeId, account_id: accountId }),
  'milestone.reached': z.object({
    account_id: accountId,
    milestone: text('What was reached: `trade_count_100`, `total_pnl_10000`, `win_streak_5`.'),
    label: text('The same for people: `$10,000 Total Profit`.'),
    value: figure('The number of trades, total P&L or wins in a row.'),
  }),
  'account.created': z.object({
    account_id: accountId,
    nickname: text('The account’s name.'),
    firm: text('The firm’s name, else its `firm_id`; null: neither was given.').nullable(),
  }),
  'account.updated': z.object({ account_id: accountId, changes }),
  daily_summary: z.object({
    date: day('The trading day.'),
    part: count('Of more than 1,000 accounts: the number of this part, from 1.').optional(),
    parts: count('The number of parts.').optional(),
    accounts: z.array(summaryOfAccount).describe('The active accounts.'),
    totals: z
      .object(totals)
      .describe('Of all active accounts in the firm’s currency, those of other parts included.'),
  }),
  'import.completed': z.union([
    z.object({
      ...ofFile,
      file: fileName,
      format: text('The format of the file.'),
      added: count('Trades that were added.'),
      closed: count('Trades that were open and were closed.'),
      already_there: count('Rows that add nothing to what is stored.'),
      corrected: count('Rows of trades that were corrected since; they stay as they are.'),
      deleted: count('Rows of trades that were deleted since.'),
      refused: count('Rows that can’t be kept.'),
    }),
    z.object({
      ...ofFile,
      file: fileName,
      undone: z.literal(true).describe('The import was taken back.'),
      removed: count('Trades that were removed.'),
      reopened: count('Trades that were opened again.'),
      confirmed: count('Trades that stayed because another import, or the API, has them, too.'),
    }),
  ]),
  test: z.record(z.string(), z.unknown()),
};

/** The body of a webhook for each type of event, and for the one that tries the webhook out. */
export const webhookEvents = Object.fromEntries(
  [...eventTypes, 'test' as const].map((type) => [
    type,
    z
      .object({
        event: z.literal(type).describe('What happened.'),
        timestamp: z.iso.datetime().describe('When it happened. ISO 8601, in UTC.'),
        data: data[type].describe('What the event tells.'),
      })
      .meta({ id: `${pascalCase(type)}Event` }),
  ]),
);

/** `milestone.reached` -> `MilestoneReached` */
function pascalCase(type: string): string {
  return type.replace(/(?:^|[._])(\w)/g, (_, first: string) => first.toUpperCase());
}

import { z } from 'zod';
import { refusalCodes } from '../refusals.ts';
import {
  type Trade,
  type TradeColumn,
  type TradeField,
  tradeColumns,
  tradeFields,
} from '../trades.ts';
import { errorAnswer } from './error.ts';
import { count, cursor, figure, id, text, yesOrNo } from './fields.ts';
import { accountName, period } from './stats.ts';

/** The schema of each kind of column in the API. Money is a decimal number. */
const kinds = {
  id: z.string(),
  text: z.string(),
  lines: z.string(),
  quantity: z.number(),
  price: z.number(),
  time: z.int(),
  amount: z.number(),
  cost: z.number(),
} as const;

function schemaOf(column: TradeColumn): z.ZodType {
  const schema = column.kind === 'word' ? z.enum(column.words) : kinds[column.kind];
  const described = schema.describe(column.description);
  return column.default === null ? described.nullable() : described;
}

const columns = Object.fromEntries(
  tradeFields.map((field) => [field, schemaOf(tradeColumns[field])]),
) as { [Field in TradeField]: z.ZodType<Trade[Field]> };

const tradeShape = {
  ...columns,
  duration_minutes: figure(
    'The time from entry to exit, in whole minutes; null while the trade is open.',
  ).nullable(),
};

const tradeAnswer = z.object(tradeShape).meta({ id: 'TradeAnswer' });

export type TradeAnswer = z.output<typeof tradeAnswer>;

/** `GET /trades/{id}` */
export const tradeDetails = z
  .object({
    account_id: id('acc', 'The account that the trade belongs to.'),
    attempt: count('The account’s attempt in which the trade was opened; the first is 1.'),
    ...tradeShape,
  })
  .meta({ id: 'TradeDetails', description: 'A trade, with the account it belongs to.' });

export type TradeDetails = z.output<typeof tradeDetails>;

/** `GET /accounts/{account_id}/trades` */
export const accountTradesAnswer = z
  .object({
    account: accountName,
    attempt: count('The account’s attempt that the trades belong to; the first is 1.'),
    trades: z.array(tradeAnswer).describe('The trades of this page.'),
    next: cursor('The `cursor` of the next page; null: this is the last one.').nullable(),
  })
  .meta({ id: 'AccountTradesAnswer' });

export type AccountTradesAnswer = z.output<typeof accountTradesAnswer>;

export const verdicts = [
  'created',
  'closed',
  'updated',
  'unchanged',
  'deleted',
  'refused',
] as const;

/** What a batch of trades answers. */
export const tradesWritten = z
  .object({
    trades: z
      .array(
        z.object({
          index: count('The place of the trade in the request, from 0.'),
          verdict: z.enum(verdicts).describe('What became of it.'),
          account_id: text(
            'The id of its account; as it was sent where there is no such account.',
          ).nullable(),
          id: text('The trade’s id; null: a refused one was sent without.').nullable(),
          code: z.enum(refusalCodes).optional().describe('Why it was refused, for programs.'),
          error: text('Why it was refused, for people.').optional(),
          details: errorAnswer.shape.details,
        }),
      )
      .describe('What became of each trade, in the order of the request.'),
    counts: z
      .object(
        Object.fromEntries(
          verdicts.map((verdict) => [verdict, count(`How many are ${verdict}.`)]),
        ) as {
          [Name in (typeof verdicts)[number]]: z.ZodInt;
        },
      )
      .describe('How many there are of each verdict.'),
  })
  .meta({ id: 'TradesWritten' });

export type TradesWritten = z.output<typeof tradesWritten>;

/** `GET /trades` */
export const tradesAnswer = z
  .object({
    account: accountName,
    period,
    pagination: z
      .object({
        page: count('The number of this page; the first is 1.'),
        limit: count('The most trades that a page has.'),
        total: count('The number of trades on all pages together.'),
        total_pages: count('The number of pages.'),
        has_more: yesOrNo('Whether there is a next page.'),
      })
      .describe('The page among all that the request selects.'),
    trades: z.array(tradeAnswer).describe('The trades of this page.'),
  })
  .meta({ id: 'TradesAnswer' });

export type TradesAnswer = z.output<typeof tradesAnswer>;

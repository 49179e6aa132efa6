import { z } from 'zod';
import { successAnswer } from '../../shared/answers/partner.ts';
import {
  type TradesWritten,
  tradeDetails,
  tradesWritten,
  verdicts,
} from '../../shared/answers/trades.ts';
import type { Trade } from '../../shared/trades.ts';
import { accountId, flag, invalid } from '../query.ts';
import { describeDifferences } from '../records/differences.ts';
import { type PartnerWriting, record } from '../records/partner-writing.ts';
import { type GivenTrade, type Refused, TradeWriter, type Verdict } from '../records/trades.ts';
import { change, partnerWriting, type Writing } from '../route.ts';
import { noSuchAccount } from './coverage.ts';
import { because, conflicts, type Described, describeProblems, refusalOf } from './row-refusals.ts';
import {
  batchLimits,
  batchOf,
  naming,
  type RowShape,
  readRow,
  tradeBody,
  wholeTradeBody,
} from './trade-rows.ts';
import { presentTradeDetails } from './trades.ts';

const path = '/api/partner/trades';

const sent: RowShape = { id: 'external_id', isIdRequired: false, hasFields: true };
const changed: RowShape = { id: 'id', isIdRequired: true, hasFields: true };
const removed: RowShape = { ...changed, hasFields: false };

const partial = flag.describe(
  'Whether to keep the good trades of a batch even if others are refused, also for not matching their schema.',
);
const tradeId = z.string().max(200).describe('The id of the trade.');
const answeredOne = { means: 'The trade as it is now.', schema: tradeDetails };
const answeredAll = { means: 'What became of each trade.', schema: tradesWritten };

export const tradeSending = change({
  name: 'sendTrades',
  method: 'POST',
  path,
  summary: 'Adds a trade, or a batch of trades; one that is there already is found, or changed.',
  scope: 'trades:write',
  query: z.object({
    partial,
    upsert: flag.describe(
      'Whether trades that are there are changed where the sent fields differ.',
    ),
    restore: flag.describe('Whether deleted trades come back.'),
  }),
  body: z
    .strictObject({ trades: batchOf(sent).optional(), ...naming, ...tradeBody })
    .refine(({ trades, ...one }) => trades === undefined || Object.keys(one).length === 0, {
      path: ['trades'],
      message: 'can’t be given beside a trade',
    })
    .refine(({ trades, account_id }) => trades !== undefined || account_id !== undefined, {
      path: ['account_id'],
      message: 'is required',
    })
    .meta({
      anyOf: [{ required: ['account_id'] }, { required: ['trades'] }],
      dependentSchemas: { trades: { maxProperties: 1 } },
    }),
  limits: batchLimits,
  answers: {
    200: {
      means: 'The trade, or what became of each trade; none is new.',
      schema: z.union([tradeDetails, tradesWritten]).meta({ id: 'TradesFound' }),
    },
    201: {
      means: 'The new trade, or what became of each trade, of which some are new.',
      schema: z.union([tradeDetails, tradesWritten]).meta({ id: 'TradesSent' }),
    },
  },
  refusals: { 404: ['not_found'], 409: conflicts },
  change: async ({ query, body, ...writing }) => {
    const send = (writer: TradeWriter, given: GivenTrade) => writer.send(given, query);
    const { trades, account_id, external_id: id, ...fields } = body;
    if (trades === undefined) {
      const given = { account: account_id!, id, fields } as GivenTrade;
      const verdict = writeOne(writing, (writer) => send(writer, given));
      const answer = presentTradeDetails(verdict.trade);
      return { status: verdict.kind === 'created' ? 201 : 200, body: answer };
    }
    const answer = await writeAll(writing, trades, sent, query.partial, send);
    return { status: answer.counts.created > 0 ? 201 : 200, body: answer };
  },
});

export const tradeReplacement = change({
  name: 'replaceTrade',
  method: 'PUT',
  path: `${path}/:id`,
  summary: 'Replaces a trade. A closed one stays closed unless its exit is set to null.',
  scope: 'trades:write',
  query: z.object({ id: tradeId, account_id: accountId }),
  body: z.strictObject(wholeTradeBody),
  answers: { 200: answeredOne },
  refusals: { 404: ['not_found'], 409: ['account_closed'] },
  change: async ({ query, body, ...writing }) => {
    const given = named(query, body);
    const { trade } = writeOne(writing, (writer) => writer.replace(given));
    return { status: 200, body: presentTradeDetails(trade) };
  },
});

export const tradeChange = change({
  name: 'changeTrade',
  method: 'PATCH',
  path: `${path}/:id`,
  summary: 'Changes the fields of a trade that are sent.',
  scope: 'trades:write',
  query: z.object({ id: tradeId, account_id: accountId }),
  body: z.strictObject(tradeBody),
  answers: { 200: answeredOne },
  refusals: { 404: ['not_found'], 409: ['account_closed'] },
  change: async ({ query, body, ...writing }) => {
    const given = named(query, body);
    const { trade } = writeOne(writing, (writer) => writer.change(given));
    return { status: 200, body: presentTradeDetails(trade) };
  },
});

export const tradeRemoval = change({
  name: 'deleteTrade',
  method: 'DELETE',
  path: `${path}/:id`,
  summary: 'Deletes a trade. It does not come back with the file that it came from.',
  scope: 'trades:write',
  query: z.object({ id: tradeId, account_id: accountId }),
  answers: { 200: { means: 'The trade is deleted.', schema: successAnswer } },
  refusals: { 404: ['not_found'] },
  change: async ({ query, ...writing }) => {
    const { account_id: account, id } = query;
    writeOne(writing, (writer) => writer.remove({ account, id }));
    await recordDeletions(partnerWriting(writing), 1);
    return { status: 200, body: { success: true } };
  },
});

export const tradeChanges = change({
  name: 'changeTrades',
  method: 'PATCH',
  path,
  summary: 'Changes the sent fields of a batch of trades.',
  scope: 'trades:write',
  query: z.object({ partial }),
  body: z.strictObject({ trades: batchOf(changed) }),
  limits: batchLimits,
  answers: { 200: answeredAll },
  refusals: { 404: ['not_found'], 409: ['account_closed'] },
  change: async ({ query, body, ...writing }) => ({
    status: 200,
    body: await writeAll(writing, body.trades, changed, query.partial, (writer, given) =>
      writer.change(given),
    ),
  }),
});

const removing = {
  summary: 'Deletes a batch of trades.',
  scope: 'trades:write',
  query: z.object({ partial }),
  body: z.strictObject({ trades: batchOf(removed) }),
  limits: batchLimits,
  answers: { 200: answeredAll },
  refusals: { 404: ['not_found'] },
} as const;

export const tradeRemovals = change({
  ...removing,
  name: 'deleteTrades',
  method: 'DELETE',
  path,
  change: ({ query, body, ...writing }) => removeAll(writing, body.trades, query.partial),
});

/** For proxies that drop the body of a DELETE. */
export const tradeRemovalsByPost = change({
  ...removing,
  name: 'deleteTradesByPost',
  method: 'POST',
  path: `${path}/delete`,
  change: ({ query, body, ...writing }) => removeAll(writing, body.trades, query.partial),
});

async function removeAll(writing: Writing, trades: readonly unknown[], isPartial: boolean) {
  const answer = await writeAll(writing, trades, removed, isPartial, (writer, { account, id }) =>
    writer.remove({ account, id: id! }),
  );
  const { deleted } = answer.counts;
  if (deleted > 0) await recordDeletions(partnerWriting(writing), deleted);
  return { status: 200, body: answer } as const;
}

export function recordDeletions(writing: PartnerWriting, count: number): Promise<void> {
  return record(writing, 'trades.deleted', null, { trades: count });
}

function named(query: { id: string; account_id: string }, fields: object): GivenTrade {
  return { account: query.account_id, id: query.id, fields: fields as Partial<Trade> };
}

type Write = (writer: TradeWriter, given: GivenTrade) => Verdict;
type Kept = Exclude<Verdict, Refused>;

/** Writes one trade. Throws the refusal of what can't be written. */
function writeOne<Result extends Verdict>(
  writing: Writing,
  write: (writer: TradeWriter) => Result,
): Exclude<Result, Refused> {
  const writer = new TradeWriter(partnerWriting(writing));
  const verdict = write(writer);
  if (verdict.kind === 'refused') throw refusalOf([describeRefused(verdict, '')], 'trade');
  writer.finish();
  return verdict as Exclude<Result, Refused>;
}

/** Writes trades one after another. Throws the refusal of all unless the good ones are to be kept. */
async function writeAll(
  writing: Writing,
  trades: readonly unknown[],
  shape: RowShape,
  isPartial: boolean,
  write: Write,
): Promise<TradesWritten> {
  const read = trades.map((row, index) => readRow(row, index, shape));
  // Nothing is written when it is clear already that nothing will be kept.
  const unread = read.flatMap(({ problems }) => problems);
  if (unread.length > 0 && !isPartial) throw invalid('invalid_body', unread);
  const writer = new TradeWriter(partnerWriting(writing));
  const refusals: Described[] = [];
  const written = read.map(({ given, problems }, index): TradesWritten['trades'][number] => {
    const verdict = given && write(writer, given);
    if (verdict && verdict.kind !== 'refused') return { index, ...presentKept(verdict) };
    const described = verdict
      ? describeRefused(verdict, `trades.${index}.`)
      : describeProblems(problems);
    refusals.push(described);
    const { code, sentence: error, details } = described;
    return {
      ...{ index, verdict: 'refused', code, error, details },
      account_id: verdict?.account ?? null,
      id: given?.id ?? null,
    };
  });
  if (refusals.length > 0 && !isPartial) throw refusalOf(refusals, 'trade');
  writer.finish();
  const counts = Object.fromEntries(
    verdicts.map((verdict) => [verdict, 0]),
  ) as TradesWritten['counts'];
  for (const { verdict } of written) counts[verdict]++;
  return { trades: written, counts };
}

function presentKept(verdict: Kept) {
  return verdict.kind === 'deleted'
    ? { verdict: verdict.kind, account_id: verdict.accountId, id: verdict.id }
    : { verdict: verdict.kind, account_id: verdict.trade.account_id, id: verdict.trade.id };
}

/** `prefix`: before the names of fields, with a dot at its end; empty: there is one trade only. */
function describeRefused(refused: Refused, prefix: string): Described {
  const name = refused.id === undefined ? 'The trade' : `The trade ${refused.id}`;
  switch (refused.reason) {
    case 'invalid':
      return describeProblems(
        refused.problems.map(({ field, message }) => ({
          path: prefix + (field === 'id' ? 'external_id' : field),
          message,
        })),
      );
    case 'no account':
      return because('not_found', noSuchAccount().message, `${prefix}account_id`);
    case 'no trade':
      return because('not_found', `${name} is not in this account.`, `${prefix}id`);
    case 'deleted':
      return because(
        'deleted',
        `${name} was deleted. Say restore=true to bring it back.`,
        `${prefix}external_id`,
      );
    case 'account closed':
      return because(
        'account_closed',
        `${name} was opened after the account was closed.`,
        `${prefix}entry_time`,
      );
    case 'conflict': {
      const details = describeDifferences(refused.differences, prefix);
      return {
        code: 'conflict',
        sentence: `${name} is there already, with another ${refused.differences.map(({ field }) => field).join(', ')}. Say upsert=true to change it.`,
        details: details.map((each) => ({ ...each, code: 'conflict' as const })),
      };
    }
  }
}

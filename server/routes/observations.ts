import { z } from 'zod';
import { type JsonSchema, written } from '../../shared/answers/json-schema.ts';
import {
  type ObservationsWritten,
  observationsWritten,
} from '../../shared/answers/observations.ts';
import type { TradeField } from '../../shared/trades.ts';
import { list } from '../fields.ts';
import { invalid, type Problem } from '../query.ts';
import { type GivenObservation, observe, type Reason } from '../records/observations.ts';
import type { PartnerWriting } from '../records/partner-writing.ts';
import { change, partnerWriting } from '../route.ts';
import { noSuchAccount } from './coverage.ts';
import { because, type Described, describeProblems, refusalOf } from './row-refusals.ts';
import {
  describeAccount,
  describeField,
  mostOfRow,
  type Read,
  readAccount,
  readField,
  shorten,
} from './trade-rows.ts';

/** The most observations of one request. */
const mostObservations = 1_000;

/** The fields of an observation, by the field of a trade that takes the same values. */
const alike = {
  time: 'entry_time',
  balance: 'pnl',
  equity: 'pnl',
  open_pnl: 'pnl',
} as const satisfies Record<string, TradeField>;

const fields = Object.keys(alike) as Field[];
const required = fields.filter((field) => field !== 'open_pnl');
type Field = keyof typeof alike;

const descriptions: Readonly<Record<Field, string>> = {
  time: 'When it was observed, at most five minutes in the future. In epoch milliseconds.',
  balance: 'The account’s balance, without its open positions.',
  equity: 'The balance with the P&L of the open positions.',
  open_pnl: 'The P&L of the open positions; null, or left out: it is not known.',
};

/** `POST /observations`, and what `observe` reads. Its rows are read by {@link writeObservations}. */
export const observationsBody = z.strictObject({
  observations: list(
    written(z.unknown(), describeRow()),
    1,
    mostObservations,
    'observation',
  ).describe('Observations of any accounts.'),
});

export const observationSending = change({
  name: 'sendObservations',
  method: 'POST',
  path: '/api/partner/observations',
  summary: 'Tells what accounts are worth while positions are open.',
  scope: 'accounts:write',
  query: z.object({}),
  body: observationsBody,
  answers: {
    200: { means: 'All of it was known already.', schema: observationsWritten },
    201: { means: 'The observations are kept.', schema: observationsWritten },
  },
  refusals: { 404: ['not_found'], 409: ['account_closed'] },
  change: async ({ body, query: _, ...writing }) => {
    const answer = writeObservations(partnerWriting(writing), body.observations);
    return { status: answer.changed > 0 ? 201 : 200, body: answer };
  },
});

/** Keeps all observations of a body, or throws the refusal of all. */
export function writeObservations(
  writing: PartnerWriting,
  rows: readonly unknown[],
): ObservationsWritten {
  const problems: Problem[] = [];
  const given = rows.map((row, index) => readRow(row, `observations.${index}`, problems));
  if (problems.length > 0) throw invalid('invalid_body', problems);
  const { refused, accounts, changed } = observe(writing, given);
  if (refused.size === 0) return { observations: given.length, accounts, changed };
  const refusals = [...refused].map(([index, reason]) => describe(reason, index));
  throw refusalOf(refusals, 'observation');
}

/** Reads an observation, and adds to `problems` what is wrong with it. `path`: its own in the body. */
function readRow(row: unknown, path: string, problems: Problem[]): GivenObservation {
  const read: Record<string, unknown> = {};
  const refuse = (message: string, name: string) =>
    problems.push({ path: `${path}.${shorten(name)}`, message });
  const take = (name: string, result: Read<unknown>) => {
    if ('value' in result) read[name] = result.value;
    else refuse(result.message, name);
  };
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    problems.push({ path, message: 'must be an observation' });
    return read as unknown as GivenObservation;
  }
  const { account_id, ...others } = row as Record<string, unknown>;
  take('account_id', readAccount(account_id));
  for (const field of fields) take(field, readValue(field, others[field]));
  const unknown = Object.keys(others).filter((name) => !Object.hasOwn(alike, name));
  for (const name of unknown.slice(0, mostOfRow)) refuse('is not known', name);
  return read as unknown as GivenObservation;
}

function readValue(field: Field, value: unknown): Read<unknown> {
  if (field === 'open_pnl') return readField(alike[field], value ?? null);
  if (value === undefined) return { message: 'is required' };
  return value === null ? { message: 'must not be null' } : readField(alike[field], value);
}

function describe(reason: Reason, index: number): Described {
  const path = (field: string) => `observations.${index}.${field}`;
  switch (reason) {
    case 'no account':
      return because('not_found', noSuchAccount().message, path('account_id'));
    case 'account closed': {
      const sentence = 'An observation was made after its account was closed.';
      return because('account_closed', sentence, path('time'));
    }
    case 'in the future': {
      const message = 'must not lie more than five minutes in the future';
      return describeProblems([{ path: path('time'), message }]);
    }
  }
}

/** For the API's document. */
function describeRow(): JsonSchema {
  const described = fields.map((field) => {
    const { type, ...bounds } = describeField(alike[field]) as { type: string | string[] };
    const kind = field === 'open_pnl' ? type : [type].flat()[0]!;
    return [field, { ...bounds, type: kind, description: descriptions[field] }];
  });
  return {
    type: 'object',
    properties: { account_id: describeAccount(), ...Object.fromEntries(described) },
    additionalProperties: false,
    required: ['account_id', ...required],
  };
}

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { BlockList } from 'node:net';
import { InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import type { Burst } from '../../shared/access.ts';
import { fromDecimal } from '../../shared/money.ts';
import { day, hour } from '../../shared/time.ts';
import type { TrustedProxies } from '../access/client-address.ts';
import { origins, text } from '../fields.ts';
import { parseAnyTime } from '../ingest/time-text.ts';
import { wallClock } from '../ingest/wall-clock.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { findPartner, type Partner } from '../store/partners.ts';
import { Failure, unknownPartner } from './output.ts';

/** The machine's clock and random source, which commands pass on to all other code. */
export const outside = { clock: Date.now, random: randomBytes };

/**
 * How long a command that ends something waits for other writers, ms: a leaked key must be revoked
 * even during an import.
 */
export const asLongAsItTakes = Infinity;

export interface CommonOptions {
  db: string;
  json?: boolean;
}

/** The options of every command that serves. */
export interface ServeOptions extends CommonOptions {
  port: number;
  host: string;
  publicUrl?: string;
  trustedProxy: TrustedProxies;
  /** Whether events are sent to webhooks. */
  webhooks: 'on' | 'off';
  /** The addresses that webhooks may have though they are not public. */
  webhookAllow: BlockList;
  /** In MiB. */
  answerMemory: number;
  /** For the benchmark, which sends more requests than any firm. */
  keyBurst?: Burst;
}

export const databaseOption = () =>
  new Option('--db <file>', 'the database file')
    .env('PROPTALLY_DB')
    .default('proptally.db')
    .argParser(databaseFile);

function databaseFile(text: string): string {
  if (text.trim() !== '' && !text.startsWith(':')) return text;
  throw new InvalidArgumentError('It must name a file.');
}

export const jsonOption = () => new Option('--json', 'print only the result, as JSON');

/** Opens the database of --db for a command and closes it afterwards. */
export async function withDatabase<Result>(
  options: CommonOptions,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase(options.db);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Throws a Failure when there is no database, for a command that is about one and makes none. */
export function refuseMissing({ db }: CommonOptions): void {
  if (!existsSync(db)) throw new Failure(`There is no database ${db}. Name it with --db.`);
}

/** The partner with an id. Throws a Failure when there is none. */
export async function knownPartner(database: Database, id: string): Promise<Partner> {
  const partner = await findPartner(database.read, id);
  if (!partner) throw unknownPartner(id);
  return partner;
}

/** A parser that checks an argument as the API checks a field of a body. */
export function readAs<Value>(schema: z.ZodType<Value>) {
  return (text: string): Value => {
    const { data, error } = schema.safeParse(text);
    if (!error) return data;
    throw new InvalidArgumentError(`It ${error.issues[0]!.message}.`);
  };
}

/** A value, or null to remove it. It is in an object, as Commander takes a bare null for an empty text. */
export interface Removable<Value> {
  value: Value | null;
}

/** A parser that takes `none` for no value, and reads other texts by `read`. */
export function orNone<Value>(read: (text: string) => Value | null) {
  return (text: string): Removable<Value> => ({ value: text === 'none' ? null : read(text) });
}

/** Reads origins separated by commas; `any` gives an empty list. */
export function readOrigins(text: string): string[] {
  const list = text === 'any' ? [] : text.split(',').map((origin) => origin.trim());
  return readAs(origins as z.ZodType<string[]>)(list as never);
}

/** Reads `90d` or `12h` as milliseconds. */
export function lifetime(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,4})([dh])$/.exec(text) ?? [];
  if (!count)
    throw new InvalidArgumentError('It must be a number of days or hours, such as 90d or 12h.');
  return Number(count) * (unit === 'd' ? day : hour);
}

export function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

export function currencyCode(text: string): string {
  if (/^[A-Z]{3}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a currency code such as USD.');
}

/** Reads an amount of money above zero, as ten-thousandths (money.ts). */
export function amount(text: string): number {
  const units = fromDecimal(Number(text));
  if (/^\d{1,10}(\.\d{1,4})?$/.test(text) && units > 0) return units;
  throw new InvalidArgumentError('It must be an amount above zero, such as 50000.');
}

/** How an option's description says what {@link time} reads. */
export const timeHint = 'in ISO 8601 (UTC where it names no zone) or epoch milliseconds';

/** Reads a time as epoch ms. */
export function time(text: string): number {
  const moment = parseAnyTime(text, wallClock('UTC'));
  if (moment >= 0) return moment;
  throw new InvalidArgumentError(
    'It must be a time such as 2025-01-22T23:02:03Z, or epoch milliseconds.',
  );
}

/** A parser for a line of text for people. */
export function line(most: number) {
  return readAs(text(most));
}

import type { BlockList } from 'node:net';
import type SQLite from 'better-sqlite3';
import type { Transaction } from 'kysely';
import { admitManager } from './access/admission.ts';
import { actorOf, type Manager } from './access/caller.ts';
import { renewCaller } from './access/identify.ts';
import type { Secrets } from './access/secrets.ts';
import { findStored, type RepeatableRequest, storeAnswer } from './access/stored-answers.ts';
import { type Content, contentOf } from './answers.ts';
import { limitsOf, readBody } from './body.ts';
import { settleTrades } from './events/settle-trades.ts';
import { Refusal } from './refusal.ts';
import type { Change } from './route.ts';
import { InexactSums } from './store/exact-sums.ts';
import type { Random } from './store/ids.ts';
import { NotPossible } from './store/not-possible.ts';
import type { Schema } from './store/schema.ts';

/** A change with all that it depends on besides the database. A thread can tell it another. */
export interface AskedChange {
  /** The name of its route. */
  route: string;
  query: unknown;
  /** The body as it was sent; null: the route takes none. */
  body: Uint8Array | null;
  caller: Manager;
  /** Null: the request has no Idempotency-Key. */
  repeatable: RepeatableRequest | null;
  /** This server's public origin, and whether it can send mail. */
  publicUrl: string;
  canMail: boolean;
}

/** A change whose body was read and checked. */
export interface PreparedChange {
  definition: Change;
  asked: AskedChange;
  body: unknown;
  /** Why the body of a repeatable request is refused, unless its key belongs to another request. */
  refusal: Refusal | null;
}

/** What a change answers. */
export interface Written {
  status: number;
  /** Null: it has no body. */
  content: Content<string> | null;
  headers: Readonly<Record<string, string>>;
}

/**
 * Reads the body of a change: what is possible before its turn to write. Throws a 400, but for a
 * repeatable request, of which it is not known yet whether its key was sent before.
 */
export function prepareChange(definition: Change, asked: AskedChange): PreparedChange {
  const { body: schema, limits } = definition;
  const bytes = asked.body ?? new Uint8Array();
  try {
    const body = schema && readBody(bytes, schema, limitsOf('known', limits));
    return { definition, asked, body, refusal: null };
  } catch (refusal) {
    if (!asked.repeatable || !(refusal instanceof Refusal)) throw refusal;
    return { definition, asked, body: null, refusal };
  }
}

/** What a transaction is made in. */
export interface WriteSurroundings {
  transaction: Transaction<Schema>;
  handle: SQLite.Database;
  now: number;
  random: Random;
  secrets: Secrets;
  /** The addresses that webhooks may have though they are not public. */
  webhookAllow: BlockList;
}

/**
 * Performs a change in a transaction, with everything that follows from it. Throws a Refusal as the
 * route's function does, and for a caller whose rights have ended meanwhile.
 */
export async function performChange(
  { definition, asked, body, refusal }: PreparedChange,
  { transaction, handle, now, random, secrets, webhookAllow }: WriteSurroundings,
): Promise<Written> {
  const { query, repeatable, publicUrl, canMail } = asked;
  const caller = admitManager(definition, await renewCaller(transaction, asked.caller, now));
  const stored = repeatable && findStored(handle, caller, repeatable, secrets, now);
  if (stored) return stored;
  if (refusal) throw refusal;
  try {
    const reply = await definition.change({
      ...{
        query,
        body,
        transaction,
        handle,
        caller,
        now,
        random,
        publicUrl,
        canMail,
        webhookAllow,
      },
      actor: actorOf(caller),
      signToken: (token) => secrets.tokens.sign(token),
      encrypt: (text) => secrets.encrypt(text, random),
    });
    settleTrades(handle, { now, random });
    const declared = definition.answers[reply.status];
    if (!declared) throw new Error(`${definition.name} declares no answer of ${reply.status}`);
    const written: Written = {
      status: reply.status,
      content:
        'schema' in declared || 'type' in declared
          ? (contentOf<string>(declared, reply) as Content<string>)
          : null,
      headers: reply.headers ?? {},
    };
    if (repeatable)
      storeAnswer(handle, caller, repeatable, written, definition.grants === true, {
        ...{ secrets, now, random },
      });
    return written;
  } catch (error) {
    throw refusalOf(error);
  }
}

/** The codes of what is not possible that are no fault of the request's form. */
const statuses: { readonly [Code in NotPossible['code']]?: number } = {
  not_found: 404,
  conflict: 409,
  deleted: 409,
  already_rotated: 409,
  account_closed: 409,
};

/** An error as a refusal, if it is the request's fault. */
export function refusalOf(error: unknown): unknown {
  if (error instanceof InexactSums) return new Refusal(400, 'sums_too_large', error.message);
  if (!(error instanceof NotPossible)) return error;
  const { code, details, message } = error;
  const more = details.length > 0 ? { details: [...details] } : {};
  return new Refusal(statuses[code] ?? 400, code, message, more);
}

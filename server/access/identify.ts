import type { Context } from 'koa';
import { bursts } from '../../shared/access.ts';
import { onlyValue, type RawQuery } from '../query.ts';
import { Refusal, tooManyRequests } from '../refusal.ts';
import type { Database, Queries } from '../store/database.ts';
import { findKeyById, type TokenIssuer } from '../store/keys.ts';
import { findPartner } from '../store/partners.ts';
import { findSessionById, findWorkingSession } from '../store/sessions.ts';
import { Buckets, networkOf } from './bucket.ts';
import { type Caller, isValid } from './caller.ts';
import { clientAddress, type TrustedProxies } from './client-address.ts';
import { type EmbedToken, looksLikeToken, type TokenSigner } from './embed-token.ts';
import type { Found, KnownKeys } from './known-keys.ts';
import { presentedKey } from './presented-key.ts';
import { byCookie, callerOf, findTrader } from './trader.ts';
import { Visitor } from './visitor.ts';

/** The credentials that a route accepts. */
interface AcceptedCredentials {
  readonly kind: 'question' | 'action' | 'change' | 'stream';
  readonly keyParameter?: string;
  readonly reachedBy?: 'script' | 'frame';
}

interface Presented {
  raw: RawQuery;
  now: number;
}

/**
 * Finds the caller of a request. Throws a 401 without a credential, a 403 for an invalid one, and a
 * 429 for too many of either from one address.
 */
export type Identify = (
  context: Context,
  accepted: AcceptedCredentials,
  presented: Presented,
) => Caller | Promise<Caller>;

interface Known {
  database: Database;
  keys: KnownKeys;
  tokens: TokenSigner;
  addressLimit: AddressLimit;
  publicUrl: () => string;
}

export function identifier({ database, keys, tokens, addressLimit, publicUrl }: Known): Identify {
  return (context, accepted, { raw, now }) => {
    const credential = credentialOf(context, accepted, raw);
    const found =
      credential === undefined
        ? findBySession(context, accepted, now)
        : credential === byCookie
          ? findByTrader(context, accepted, now)
          : looksLikeToken(credential)
            ? findByToken(credential, now)
            : findByKey(credential, now);
    return whenFound(found, (caller) => {
      if (caller && isValid(caller, now)) return caller;
      addressLimit.refuseTooMany(context, now);
      throw refusalOf(credential);
    });
  };

  function findByKey(key: string, now: number): Found<Caller> {
    return whenFound(keys.find(key, now), (found) => found && { by: 'key', ...found });
  }

  function findByToken(credential: string, now: number): Found<Caller> {
    const read = tokens.read(credential);
    const signed = read && read.token.expires > now ? read : undefined;
    // For an invalid or expired token a partner that does not exist is looked up, so that the time
    // it takes reveals nothing.
    const found = keys.findIssuer(signed ? issuerOf(signed.token) : nowhere, now);
    return whenFound(found, (issuer) => signed && issuer && { by: 'token', ...issuer, ...signed });
  }

  async function findBySession(
    context: Context,
    { reachedBy }: AcceptedCredentials,
    now: number,
  ): Promise<Caller | undefined> {
    // Most requests have no cookie. A frame ignores sessions: it shows what its URL asks for.
    if (context.headers.cookie === undefined || reachedBy === 'frame') return undefined;
    const secret = new Visitor(context, publicUrl()).cookie('pt_session');
    const found = secret ? await findWorkingSession(database.read, secret, now) : undefined;
    return found && { by: 'session', ...found };
  }

  /** For widgets in the trader's page alone: neither frames nor other pages have them by its cookie. */
  async function findByTrader(
    context: Context,
    { reachedBy }: AcceptedCredentials,
    now: number,
  ): Promise<Caller | undefined> {
    const visitor = new Visitor(context, publicUrl());
    if (reachedBy !== 'script' || !visitor.isOnOwnPage) return undefined;
    const found = await findTrader(database.read, visitor, now);
    return found && callerOf(found);
  }
}

/** Goes on at once with what is in memory, and later with a promise. */
function whenFound<Given, Result>(
  found: Given | Promise<Given>,
  go: (found: Given) => Result,
): Result | Promise<Result> {
  return found instanceof Promise ? found.then(go) : go(found);
}

const nowhere: TokenIssuer = { partnerId: '', keyId: '', generation: 0 };

function issuerOf({ partner, key, generation }: EmbedToken): TokenIssuer {
  return { partnerId: partner, keyId: key, generation };
}

/** The key or the token of a request. In the query it is read only where the route allows it. */
function credentialOf(
  context: Context,
  { keyParameter, reachedBy }: AcceptedCredentials,
  raw: RawQuery,
): string | undefined {
  const token = reachedBy && onlyValue(raw, 'token');
  const key = keyParameter && onlyValue(raw, keyParameter);
  return presentedKey(context.headers, token || key) || undefined;
}

function refusalOf(credential: string | undefined): Refusal {
  if (credential === undefined || credential === byCookie) return missingKey();
  return looksLikeToken(credential)
    ? new Refusal(403, 'invalid_token', 'This embed token is not valid.')
    : invalidKey();
}

function missingKey(): Refusal {
  return new Refusal(
    401,
    'missing_key',
    'An API key or a session is needed. Send the key as the X-API-Key header.',
    {
      headers: { 'WWW-Authenticate': 'Bearer' },
    },
  );
}

/**
 * The caller, read from the database again. Throws a 401 or 403, like {@link Identify}, when its
 * credential is no longer valid.
 */
export async function renewCaller(
  database: Queries,
  { by, ...shown }: Caller,
  now: number,
): Promise<Caller> {
  const id = shown.partner.id;
  const partner = await findPartner(database, id);
  const key = shown.key && (await findKeyById(database, id, shown.key.id));
  const caller = { ...shown, by, partner, key } as Caller;
  const isSessionOver =
    caller.by === 'session' && !(await findSessionById(database, id, caller.session.id, now));
  if (partner && key !== undefined && !isSessionOver && isValid(caller, now)) return caller;
  throw by === 'session' ? missingKey() : invalidKey();
}

/** The same for every invalid key, so that it does not reveal what is wrong with it. */
export function invalidKey(): Refusal {
  return new Refusal(403, 'invalid_key', 'This API key is not valid.');
}

/** Limits the requests without a valid key or session that come from one address. */
export class AddressLimit {
  readonly #buckets = new Buckets(bursts.address);
  readonly #trustedProxies: TrustedProxies;

  constructor(trustedProxies: TrustedProxies) {
    this.#trustedProxies = trustedProxies;
  }

  /** Counts a failed request. Throws a 429 beyond the limit. */
  refuseTooMany(context: Context, now: number): void {
    this.attempt(context, now).fails();
  }

  /** Counts a request whose outcome is not known yet. */
  attempt(context: Context, now: number): Attempt {
    const network = networkOf(clientAddress(context.req, this.#trustedProxies));
    const wait = this.#buckets.take(network, now);
    return {
      fails: () => {
        if (wait > 0) throw tooManyRequests(wait);
      },
      succeeds: () => {
        if (wait === 0) this.#buckets.giveBack(network);
      },
    };
  }
}

interface Attempt {
  /** The request stays counted. Throws a 429 beyond the limit. */
  fails(): void;
  /**
   * The request is not counted after all. So a client with a valid credential is not refused
   * because others behind the same address fail.
   */
  succeeds(): void;
}

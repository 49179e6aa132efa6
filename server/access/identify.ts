import type { Context } from 'koa';
import { bursts } from '../../shared/access.ts';
import { onlyValue, type RawQuery } from '../query.ts';
import { Refusal, tooManyRequests } from '../refusal.ts';
import type { Database, Queries } from '../store/database.ts';
import { findKeyById, type TokenOrigin } from '../store/keys.ts';
import { findPartner } from '../store/partners.ts';
import { findSessionById, findWorkingSession } from '../store/sessions.ts';
import { Buckets, networkOf } from './bucket.ts';
import { type Caller, isValid } from './caller.ts';
import { clientAddress, type TrustedProxies } from './client-address.ts';
import { type EmbedToken, looksLikeToken, type TokenSigner } from './embed-token.ts';
import type { KnownKeys } from './known-keys.ts';
import { presentedKey } from './presented-key.ts';
import { Visitor } from './visitor.ts';

/** What a route says of how it is opened. */
interface Entrance {
  readonly kind: 'question' | 'action';
  readonly keyParameter?: string;
  readonly reachedBy?: 'script' | 'frame';
}

interface Presented {
  raw: RawQuery;
  now: number;
}

/** Throws a 401 without anything to show, a 403 for what is not good, a 429 for too much of either. */
export type Identify = (
  context: Context,
  entrance: Entrance,
  presented: Presented,
) => Promise<Caller>;

interface Known {
  database: Database;
  keys: KnownKeys;
  tokens: TokenSigner;
  addressLimit: AddressLimit;
  publicUrl: () => string;
}

export function identifier({ database, keys, tokens, addressLimit, publicUrl }: Known): Identify {
  return async (context, entrance, { raw, now }) => {
    const credential = credentialOf(context, entrance, raw);
    const caller =
      credential === undefined
        ? await findBySession(context, entrance, now)
        : await findByCredential(credential, now);
    if (caller && isValid(caller, now)) return caller;
    addressLimit.refuseTooMany(context, now);
    throw refusalOf(credential);
  };

  async function findByCredential(credential: string, now: number): Promise<Caller | undefined> {
    if (!looksLikeToken(credential)) {
      const found = await keys.find(credential, now);
      return found && { by: 'key', ...found };
    }
    const read = tokens.read(credential);
    const signed = read && read.token.expires > now ? read : undefined;
    // For what is no token or has ended, what a made-up one would go back to is looked up.
    const origin = await keys.findOrigin(signed ? originOf(signed.token) : nowhere, now);
    return signed && origin && { by: 'token', ...origin, ...signed };
  }

  async function findBySession(
    context: Context,
    { reachedBy }: Entrance,
    now: number,
  ): Promise<Caller | undefined> {
    // Most requests have no cookie at all; and a frame shows what its address says, to whomever.
    if (context.headers.cookie === undefined || reachedBy === 'frame') return undefined;
    const secret = new Visitor(context, publicUrl()).cookie('pt_session');
    const found = secret ? await findWorkingSession(database.read, secret, now) : undefined;
    return found && { by: 'session', ...found };
  }
}

const nowhere: TokenOrigin = { partnerId: '', keyId: '', generation: 0 };

function originOf({ partner, key, generation }: EmbedToken): TokenOrigin {
  return { partnerId: partner, keyId: key, generation };
}

/** A key or a token; in an address only where it may stand there. */
function credentialOf(
  context: Context,
  { keyParameter, reachedBy }: Entrance,
  raw: RawQuery,
): string | undefined {
  const token = reachedBy && onlyValue(raw, 'token');
  const key = keyParameter && onlyValue(raw, keyParameter);
  return presentedKey(context.headers, token || key) || undefined;
}

function refusalOf(credential: string | undefined): Refusal {
  if (credential === undefined) return missingKey();
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

/** The caller as it is at this moment; throws as {@link Identify} does when it is not good any more. */
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

/** The same for every key that does not work, so that nobody learns why. */
export function invalidKey(): Refusal {
  return new Refusal(403, 'invalid_key', 'This API key is not valid.');
}

/** How often requests without a working key or session may come from one address. */
export class AddressLimit {
  readonly #buckets = new Buckets(bursts.address);
  readonly #trustedProxies: TrustedProxies;

  constructor(trustedProxies: TrustedProxies) {
    this.#trustedProxies = trustedProxies;
  }

  /** Counts one more, and throws a 429 when it is one too many. */
  refuseTooMany(context: Context, now: number): void {
    this.attempt(context, now).fails();
  }

  /** Counts one more whose outcome is not known yet. */
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
  /** It stays counted; throws a 429 when it is one too many. */
  fails(): void;
  /** Whoever shows what is good is not refused for what others behind the same address try. */
  succeeds(): void;
}

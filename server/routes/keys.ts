import { z } from 'zod';
import {
  allowances,
  defaultScopes,
  lifetimes,
  mostActiveKeys,
  presetNames,
  presets,
  type Scope,
  scopes,
} from '../../shared/access.ts';
import type {
  KeySummary,
  KeysAnswer,
  NewKeyAnswer,
  RolledKeyAnswer,
} from '../../shared/answers/keys.ts';
import type { SuccessAnswer } from '../../shared/answers/partner.ts';
import {
  type Bounds,
  boundsOf,
  endsWithin,
  isWithin,
  originsOutside,
  originsWithin,
} from '../access/bounds.ts';
import { actorOf, type Manager } from '../access/caller.ts';
import { json } from '../answers.ts';
import { count, moment, origins, text } from '../fields.ts';
import { invalid } from '../query.ts';
import { notFound, Refusal } from '../refusal.ts';
import { type Acting, action } from '../route.ts';
import { transact } from '../store/database.ts';
import {
  changeKey,
  createKey,
  findKeyById,
  isActive,
  joinOrigins,
  type Key,
  type KeyChanges,
  KeyRefused,
  listKeys,
  revokeKey,
  rollKey,
  scopesOf,
  splitOrigins,
} from '../store/keys.ts';

const path = '/api/partner/keys';
const saveNow = 'Save this key now — it will not be shown again.';

const label = text(50);
const scopeList = z
  .array(z.enum(scopes, `must be one of ${scopes.join(', ')}`), 'must be a list of scopes')
  .min(1, 'must hold a scope')
  .transform((list) => [...new Set(list)]);
const expiry = moment.nullable();
const keyId = z.string('is required').min(1, 'must not be empty').max(64, 'is too long for an id');
const nothing = z.object({});

export const keyList = action({
  method: 'GET',
  path,
  summary: 'The partner’s keys, without the keys themselves.',
  query: nothing,
  act: async ({ caller, now, services: { database, flushUsage } }) => {
    await flushUsage();
    const keys = await listKeys(database.read, caller.partner.id, now);
    const answer: KeysAnswer = {
      keys: keys.map((key) => presentKey(key, now)),
      limit: mostActiveKeys,
    };
    return { status: 200, content: json(answer) };
  },
});

export const keyCreation = action({
  method: 'POST',
  path,
  summary: 'Makes a key. It is shown this once.',
  query: nothing,
  body: z.strictObject({
    label: label.default('API Key'),
    scopes: scopeList.optional(),
    preset: z.enum(presetNames, `must be one of ${presetNames.join(', ')}`).optional(),
    expires_at: expiry.optional(),
    allowed_origins: origins.optional(),
  }),
  act: async ({ body, caller, now, services: { database, random } }) => {
    if (body.scopes && body.preset) {
      throw new Refusal(400, 'invalid_body', 'Give scopes or a preset, not both.');
    }
    const bounds = boundsOf(caller);
    const asked = body.preset ? presets[body.preset] : (body.scopes ?? defaultScopes);
    const granted = body.scopes ?? asked.filter((scope) => bounds.scopes.includes(scope));
    if (granted.length === 0) {
      throw new Refusal(403, 'missing_scope', `None of ${asked.join(', ')} is yours to give.`);
    }
    refuseScopesBeyond(granted, caller, bounds);
    const expiresAt = body.expires_at === undefined ? bounds.expiresAt : body.expires_at;
    refuseExpiry(expiresAt, bounds, now);
    const allowed = body.allowed_origins ?? [...bounds.origins];
    const { key, record } = await transact(database, async (transaction) => {
      refuseOrigins(allowed, bounds, caller);
      return createKey(
        transaction,
        caller.partner.id,
        { label: body.label, scopes: granted, expiresAt, origins: allowed },
        actorOf(caller),
        now,
        random,
      );
    }).catch(refuseAsInvalid);
    const answer: NewKeyAnswer = { key, ...presentKey(record, now), message: saveNow };
    return { status: 201, content: json(answer) };
  },
});

export const keyChange = action({
  method: 'PATCH',
  path: `${path}/:id`,
  summary: 'Changes a key’s label, origins and expiry, and takes scopes from it.',
  query: z.object({ id: keyId }),
  body: z.strictObject({
    label: label.optional(),
    scopes: scopeList.optional(),
    expires_at: expiry.optional(),
    allowed_origins: origins.optional(),
  }),
  act: async ({ query, body, caller, now, services: { database } }) => {
    const bounds = boundsOf(caller);
    const changed = await transact(database, async (transaction) => {
      const key = await findKeyById(transaction, caller.partner.id, query.id);
      if (!key) throw noSuchKey();
      refuseStronger(key, bounds, caller);
      refuseEnded(key, now);
      const changes: KeyChanges = {};
      if (body.label !== undefined) changes.label = body.label;
      if (body.scopes) {
        refuseMoreScopes(body.scopes, key);
        changes.scopes = body.scopes.join(' ');
      }
      if (body.expires_at !== undefined) {
        refuseExpiry(body.expires_at, bounds, now);
        changes.expires_at = body.expires_at;
      }
      if (body.allowed_origins) {
        refuseOrigins(body.allowed_origins, bounds, caller);
        changes.allowed_origins = joinOrigins(body.allowed_origins);
      }
      if (Object.keys(changes).length === 0) return key;
      const { id } = caller.partner;
      return (await changeKey(transaction, id, key.id, changes, actorOf(caller), now))!;
    });
    return { status: 200, content: json(presentKey(changed, now)) };
  },
});

export const keyRoll = action({
  method: 'POST',
  path: `${path}/:id/roll`,
  summary: 'Replaces a key by a new one; both work during the overlap.',
  query: z.object({ id: keyId }),
  body: z.strictObject({
    overlap_seconds: count(0, lifetimes.longestOverlap).default(lifetimes.overlap),
    expires_at: expiry.optional(),
  }),
  act: async ({ query, body, caller, now, services: { database, random } }) => {
    const bounds = boundsOf(caller);
    const { rolled, id } = await transact(database, async (transaction) => {
      const key = await findKeyById(transaction, caller.partner.id, query.id);
      if (!key) throw noSuchKey();
      refuseStronger(key, bounds, caller);
      refuseEnded(key, now);
      if (key.replaced_by !== null) {
        throw new Refusal(400, 'already_rolled', `This key was replaced by ${key.replaced_by}.`);
      }
      const expiresAt = body.expires_at === undefined ? key.expires_at : body.expires_at;
      refuseExpiry(expiresAt, bounds, now);
      const oldEndsAt = now + body.overlap_seconds * 1_000;
      const made = await rollKey(
        transaction,
        key,
        { expiresAt, oldEndsAt },
        actorOf(caller),
        now,
        random,
      );
      return { rolled: made, id: key.id };
    }).catch(refuseAsInvalid);
    const answer: RolledKeyAnswer = {
      key: rolled.key,
      ...presentKey(rolled.record, now),
      message: saveNow,
      replaces: { id, expires_at: rolled.oldEndsAt },
    };
    return { status: 201, content: json(answer) };
  },
});

const revoking = {
  method: 'DELETE',
  summary: 'Ends a key: it is refused from the next request on.',
} as const;

export const keyRevocation = action({
  ...revoking,
  path: `${path}/:id`,
  query: z.object({ id: keyId }),
  act: ({ query, ...acting }) => revoke(query.id, acting),
});

export const keyRevocationByQuery = action({
  ...revoking,
  path,
  query: z.object({ key_id: keyId }),
  act: ({ query, ...acting }) => revoke(query.key_id, acting),
});

async function revoke(id: string, acting: Omit<Acting, 'query'>) {
  const { caller, now, services } = acting;
  await transact(services.database, async (transaction) => {
    const key = await findKeyById(transaction, caller.partner.id, id);
    if (!key) throw noSuchKey();
    if (key.id === caller.key?.id) {
      throw new Refusal(400, 'key_in_use', 'This is the key in use. Revoke it with another.');
    }
    await revokeKey(transaction, caller.partner.id, id, actorOf(caller), now);
  });
  const answer: SuccessAnswer = { success: true };
  return { status: 200, content: json(answer) };
}

function noSuchKey(): Refusal {
  return notFound('There is no such key. GET /api/partner/keys lists them.');
}

/** A sentence of the store for whoever asked. */
function refuseAsInvalid(error: unknown): never {
  if (error instanceof KeyRefused) throw new Refusal(400, 'key_refused', error.message);
  throw error;
}

function refuseScopesBeyond(wanted: readonly Scope[], { partner }: Manager, bounds: Bounds): void {
  const beyondTier = wanted.filter((scope) => !allowances[partner.tier].scopes.includes(scope));
  if (beyondTier.length > 0) {
    const missing = beyondTier.join(', ');
    throw new Refusal(403, 'tier_required', `The ${partner.tier} tier does not have ${missing}.`);
  }
  const beyond = wanted.filter((scope) => !bounds.scopes.includes(scope));
  if (beyond.length > 0) {
    throw new Refusal(403, 'missing_scope', `Missing required scope: ${beyond.join(', ')}`);
  }
}

function refuseExpiry(expiresAt: number | null, bounds: Bounds, now: number): void {
  if (expiresAt !== null && expiresAt <= now) {
    throw invalid('invalid_body', [{ path: 'expires_at', message: 'must be in the future' }]);
  }
  if (!endsWithin(expiresAt, bounds.expiresAt)) {
    throw new Refusal(403, 'beyond_key', 'A key can’t make one that outlives it.');
  }
}

function refuseOrigins(origins: readonly string[], bounds: Bounds, { partner }: Manager): void {
  if (!originsWithin(origins, bounds.origins)) {
    throw new Refusal(403, 'beyond_key', 'A key can’t allow origins that it does not have itself.');
  }
  const others = originsOutside(partner, origins);
  if (others.length > 0) {
    const message = `must be among the partner’s own, which ${others.join(', ')} is not`;
    throw invalid('invalid_body', [{ path: 'allowed_origins', message }]);
  }
}

function refuseMoreScopes(wanted: readonly Scope[], key: Key): void {
  const more = wanted.filter((scope) => !scopesOf(key).includes(scope));
  if (more.length > 0) {
    const message = `can only be taken away; the key does not have ${more.join(', ')}`;
    throw invalid('invalid_body', [{ path: 'scopes', message }]);
  }
}

/** What a key can't do it does not get by changing or rolling one that can. */
function refuseStronger(key: Key, bounds: Bounds, caller: Manager): void {
  if (key.id !== caller.key?.id && !isWithin(key, bounds)) {
    throw new Refusal(403, 'beyond_key', 'This key may do more than the one in use.');
  }
}

function refuseEnded(key: Key, now: number): void {
  if (!isActive(key, now)) throw new Refusal(400, 'key_ended', 'This key has ended.');
}

export function presentKey(key: Key, now: number): KeySummary {
  return {
    id: key.id,
    prefix: key.prefix,
    label: key.label,
    scopes: scopesOf(key),
    allowed_origins: splitOrigins(key.allowed_origins),
    is_active: isActive(key, now),
    created_at: key.created_at,
    expires_at: key.expires_at,
    revoked_at: key.revoked_at,
    last_used_at: key.last_used_at,
    replaced_by: key.replaced_by,
  };
}

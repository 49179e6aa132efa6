import { z } from 'zod';
import {
  allowances,
  defaultScopes,
  lifetimes,
  mostActiveKeys,
  type Preset,
  presetNames,
  presets,
  type Scope,
  scopes,
  withIncluded,
} from '../../shared/access.ts';
import {
  type KeySummary,
  keySummary,
  keysAnswer,
  newKeyAnswer,
  rolledKeyAnswer,
} from '../../shared/answers/keys.ts';
import { successAnswer } from '../../shared/answers/partner.ts';
import { type Bounds, boundsOf, endsWithin, isWithin, originsWithin } from '../access/bounds.ts';
import type { Manager } from '../access/caller.ts';
import { count, keyLabel, moment, origins, someOf } from '../fields.ts';
import { notFound, Refusal } from '../refusal.ts';
import { action, change, type Writing } from '../route.ts';
import type { Queries } from '../store/database.ts';
import {
  changeKey,
  createKey,
  findKeyById,
  isActive,
  type Key,
  type KeyChanges,
  listKeys,
  moreScopes,
  refuseOtherOrigins,
  revokeKey,
  rollKey,
  scopesOf,
  splitOrigins,
} from '../store/keys.ts';
import { NotPossible } from '../store/not-possible.ts';

const path = '/api/partner/keys';
const saveNow = 'Save this key now — it will not be shown again.';

const scopeList = someOf(scopes, 'scope', `must be one of ${scopes.join(', ')}`);
const expiry = moment
  .describe('When the key expires, later than now; null: never. In epoch milliseconds.')
  .nullable();
const keyId = z
  .string('is required')
  .min(1, 'must not be empty')
  .max(64, 'is too long for an id')
  .describe('The id of a key.');
const nothing = z.object({});

export const keyList = action({
  name: 'listKeys',
  method: 'GET',
  path,
  summary: 'Lists the partner’s keys, without the keys themselves.',
  query: nothing,
  answers: { 200: { means: 'The keys.', schema: keysAnswer } },
  refusals: {},
  act: async ({ caller, now, services: { database, flushUsage } }) => {
    await flushUsage();
    const keys = await listKeys(database.read, caller.partner.id, now);
    const body = { keys: keys.map((key) => presentKey(key, now)), limit: mostActiveKeys };
    return { status: 200, body };
  },
});

export const keyCreation = change({
  name: 'createKey',
  method: 'POST',
  path,
  summary: 'Creates a key. The key itself is shown in this response only.',
  grants: true,
  query: nothing,
  body: z
    .strictObject({
      label: keyLabel.default('API Key'),
      scopes: scopeList
        .optional()
        .describe(`Default: ${defaultScopes.join(', ')}, as far as the caller has them.`),
      preset: z
        .enum(presetNames, `must be one of ${presetNames.join(', ')}`)
        .optional()
        .describe('A name for a list of scopes, instead of `scopes`.'),
      expires_at: expiry.optional(),
      allowed_origins: origins
        .optional()
        .describe(
          'The origins of the pages that may show widgets with the key; empty: those of the partner. Default: those of the key that asks.',
        ),
    })
    .refine(({ scopes, preset }) => !(scopes && preset), {
      path: ['preset'],
      message: 'can’t be given beside scopes',
    })
    .meta({ dependentSchemas: { preset: { properties: { scopes: false } } } }),
  answers: { 201: { means: 'The new key.', schema: newKeyAnswer } },
  refusals: {
    400: ['too_many_keys', 'origin_not_allowed'],
    403: ['tier_required', 'missing_scope', 'beyond_key'],
  },
  change: async ({ body, transaction, caller, actor, now, random }) => {
    const bounds = boundsOf(caller);
    const scopes = scopesWithin(bounds, caller, body);
    const expiresAt = body.expires_at === undefined ? bounds.expiresAt : body.expires_at;
    const allowed = body.allowed_origins ?? bounds.origins;
    refuseBeyond(bounds, { expiresAt, origins: allowed });
    refuseOtherOrigins(caller.partner, body.allowed_origins ?? []);
    const wanted = { label: body.label, scopes, expiresAt, origins: allowed };
    const { id } = caller.partner;
    const { key, record } = await createKey(transaction, id, wanted, actor, now, random);
    return { status: 201, body: { key, ...presentKey(record, now), message: saveNow } };
  },
});

export const keyChange = change({
  name: 'changeKey',
  method: 'PATCH',
  path: `${path}/:id`,
  summary: 'Changes a key’s label, scopes, expiry and allowed origins, or pauses or resumes it.',
  query: z.object({ id: keyId }),
  body: z.strictObject({
    label: keyLabel.optional(),
    scopes: scopeList.optional().describe('The scopes that the key has from now on.'),
    expires_at: expiry.optional(),
    allowed_origins: origins
      .optional()
      .describe(
        'The origins of the pages that may show widgets with the key; empty: those of the partner.',
      ),
    is_active: z
      .boolean('must be true or false')
      .optional()
      .describe('False pauses the key, true resumes it.'),
  }),
  answers: { 200: { means: 'The key as it is now.', schema: keySummary } },
  refusals: {
    400: [
      ...(['key_in_use', 'key_ended', 'too_many_keys'] as const),
      ...(['tier_required', 'origin_not_allowed'] as const),
    ],
    403: ['beyond_key'],
    404: ['not_found'],
  },
  change: async ({ query, body, transaction, caller, actor, now }) => {
    const key = await keyToChange(transaction, caller, query.id);
    if (body.is_active === false) refuseKeyInUse(key, caller, 'Pause');
    if (body.scopes) refuseWidening(key, caller, body.scopes);
    const changes = {
      label: body.label,
      scopes: body.scopes,
      expiresAt: body.expires_at,
      origins: body.allowed_origins,
      isActive: body.is_active,
    };
    refuseBeyond(boundsOf(caller), changes);
    const changed = await changeKey(transaction, key, changes, actor, now);
    return { status: 200, body: presentKey(changed, now) };
  },
});

export const keyRoll = change({
  name: 'rollKey',
  method: 'POST',
  path: `${path}/:id/roll`,
  summary: 'Replaces a key with a new one. Both are valid until the overlap ends.',
  grants: true,
  query: z.object({ id: keyId }),
  body: z.strictObject({
    overlap_seconds: count(0, lifetimes.longestOverlap)
      .default(lifetimes.overlap)
      .describe('How long the old key stays valid, in seconds.'),
    expires_at: expiry.optional(),
  }),
  answers: {
    201: { means: 'The new key, and when the old one expires.', schema: rolledKeyAnswer },
  },
  refusals: {
    400: ['key_ended', 'key_paused', 'already_rolled', 'tier_required', 'too_many_keys'],
    403: ['beyond_key'],
    404: ['not_found'],
  },
  change: async ({ query, body, transaction, caller, actor, now, random }) => {
    const old = await keyToChange(transaction, caller, query.id);
    const expiresAt = body.expires_at === undefined ? old.expires_at : body.expires_at;
    refuseBeyond(boundsOf(caller), { expiresAt });
    const overlap = body.overlap_seconds * 1_000;
    const rolled = await rollKey(transaction, old, { expiresAt, overlap }, actor, now, random);
    const { key, record, oldEndsAt } = rolled;
    const replaces = { id: old.id, expires_at: oldEndsAt };
    const answer = { key, ...presentKey(record, now), message: saveNow, replaces };
    return { status: 201, body: answer };
  },
});

const revoking = {
  method: 'DELETE',
  summary: 'Revokes a key. It is refused from the next request on.',
  ends: true,
  answers: { 200: { means: 'The key is revoked.', schema: successAnswer } },
  refusals: { 400: ['key_in_use'], 404: ['not_found'] },
} as const;

export const keyRevocation = change({
  ...revoking,
  name: 'revokeKey',
  path: `${path}/:id`,
  query: z.object({ id: keyId }),
  change: ({ query, ...writing }) => revoke(query.id, writing),
});

export const keyRevocationByQuery = change({
  ...revoking,
  name: 'revokeKeyByQuery',
  path,
  query: z.object({ key_id: keyId }),
  change: ({ query, ...writing }) => revoke(query.key_id, writing),
});

async function revoke(id: string, { transaction, caller, actor, now }: Writing) {
  const key = await knownKey(transaction, caller, id);
  refuseKeyInUse(key, caller, 'Revoke');
  await revokeKey(transaction, key, actor, now);
  return { status: 200, body: { success: true } } as const;
}

function refuseKeyInUse(key: Key, caller: Manager, doIt: string): void {
  if (key.id !== caller.key?.id) return;
  throw new Refusal(400, 'key_in_use', `This is the key in use. ${doIt} it with another.`);
}

/**
 * Throws a 400 when a key would add scopes to a key. A person who signed in by mail may, within the
 * tier.
 */
function refuseWidening(key: Key, caller: Manager, wanted: readonly Scope[]): void {
  const more = caller.key ? moreScopes(key, wanted) : [];
  if (more.length === 0) return;
  const sentence = `A key only takes scopes away; this one does not have ${more.join(', ')}. Sign in by mail to add some.`;
  throw new NotPossible('invalid_body', sentence, 'scopes');
}

async function knownKey(database: Queries, { partner }: Manager, id: string): Promise<Key> {
  const key = await findKeyById(database, partner.id, id);
  if (!key) throw notFound('There is no such key. GET /api/partner/keys lists them.');
  return key;
}

/**
 * The key to change or roll. Throws a 403 when it may do more than the calling key, which could
 * otherwise gain those rights.
 */
async function keyToChange(database: Queries, caller: Manager, id: string): Promise<Key> {
  const key = await knownKey(database, caller, id);
  // A person who signed in by mail may change every key; a key may always change itself.
  if (caller.key && key.id !== caller.key.id && !isWithin(key, caller.key)) {
    throw new Refusal(403, 'beyond_key', 'This key may do more than the one in use.');
  }
  return key;
}

/**
 * The scopes of a new key: all that the body lists, or those of a preset or the default that are
 * within the bounds. Throws a 403 if a listed one is beyond the bounds, or if none is left.
 */
function scopesWithin(bounds: Bounds, { partner }: Manager, body: WantedScopes): readonly Scope[] {
  const asked = body.scopes ?? (body.preset ? presets[body.preset] : defaultScopes);
  const granted = asked.filter((scope) => bounds.scopes.includes(scope));
  if (granted.length > 0 && !body.scopes) return withIncluded(granted);
  if (granted.length > 0 && granted.length === asked.length) return granted;
  const ofTier = allowances[partner.tier].scopes;
  const beyondTier = asked.filter((scope) => !ofTier.includes(scope));
  if (beyondTier.length > 0) {
    const missing = beyondTier.join(', ');
    throw new Refusal(403, 'tier_required', `The ${partner.tier} tier does not have ${missing}.`);
  }
  const missing = asked.filter((scope) => !bounds.scopes.includes(scope)).join(', ');
  throw new Refusal(403, 'missing_scope', `Missing required scope: ${missing}`);
}

interface WantedScopes {
  scopes?: readonly Scope[] | undefined;
  preset?: Preset | undefined;
}

function refuseBeyond(bounds: Bounds, { expiresAt, origins }: KeyChanges): void {
  if (expiresAt !== undefined && !endsWithin(expiresAt, bounds.expiresAt)) {
    throw new Refusal(403, 'beyond_key', 'A key can’t give another a longer life than its own.');
  }
  if (origins && !originsWithin(origins, bounds.origins)) {
    throw new Refusal(403, 'beyond_key', 'A key can’t allow origins that it does not have itself.');
  }
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
    paused_at: key.paused_at,
    last_used_at: key.last_used_at,
    replaced_by: key.replaced_by,
  };
}

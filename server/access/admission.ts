import {
  allowances,
  isPublishable,
  type Scope,
  type Tier,
  tierIncludes,
} from '../../shared/access.ts';
import { Refusal } from '../refusal.ts';
import { scopesOf } from '../store/keys.ts';
import { type Caller, holds, type Manager } from './caller.ts';

/** Who may call a route by which a partner manages what is its own. */
export interface ForManagers {
  /** The scope that the caller needs, or all those that it needs; absent: none. */
  readonly scope?: Scope | readonly Scope[];
  /** The smallest tier whose partners may call it; absent: any. */
  readonly tier?: Tier;
  /** Whether only a person who signed in by mail may call it. */
  readonly isPersonal?: boolean;
}

/**
 * Checks that the caller may manage something: embed tokens and publishable keys may not, some
 * routes need a person, and some a scope. Throws a 403.
 */
export function admitManager(route: ForManagers, caller: Caller): Manager {
  if (caller.by === 'token') {
    throw new Refusal(403, 'outside_token', 'An embed token opens widgets and nothing else.');
  }
  if (caller.by === 'key' && isPublishable(scopesOf(caller.key))) {
    throw new Refusal(
      403,
      'publishable_key',
      'A key with embed:read alone opens widgets and nothing else.',
    );
  }
  if (route.isPersonal && (caller.by !== 'session' || caller.key)) {
    throw new Refusal(403, 'sign_in_required', 'Only somebody who signed in by mail may do this.');
  }
  for (const scope of scopesNeeded(route)) refuseMissingScope(caller, [scope]);
  if (route.tier) refuseSmallerTier(caller, route.tier);
  return caller;
}

export function scopesNeeded({ scope = [] }: ForManagers): readonly Scope[] {
  return [scope].flat();
}

/** Throws a 403 unless the caller has any one of the wanted scopes. */
export function refuseMissingScope(caller: Caller, wanted: readonly Scope[]): void {
  if (wanted.some((scope) => holds(caller, scope))) return;
  const { tier } = caller.partner;
  const ofTier = wanted.filter((scope) => allowances[tier].scopes.includes(scope));
  throw ofTier.length > 0
    ? new Refusal(403, 'missing_scope', `Missing required scope: ${ofTier.join(' or ')}`)
    : new Refusal(403, 'tier_required', `The ${tier} tier does not have ${wanted.join(' or ')}.`);
}

/** Throws a 403 unless the caller's partner has a tier that includes the needed one. */
export function refuseSmallerTier({ partner }: Caller, needed: Tier): void {
  if (tierIncludes(partner.tier, needed)) return;
  throw new Refusal(
    403,
    'tier_required',
    `This needs the ${needed} tier; the key's partner has ${partner.tier}.`,
  );
}

import { includesScope, type Scope } from '../../shared/access.ts';
import { type Key, scopesOf, splitOrigins } from '../store/keys.ts';
import { type Caller, scopesOfCaller } from './caller.ts';

/** The most that a caller may grant to a key: no key can make a stronger one. */
export interface Bounds {
  scopes: readonly Scope[];
  /** The latest expiry, epoch ms; null: no limit. */
  expiresAt: number | null;
  /** The origins that may be allowed; empty: any. */
  origins: readonly string[];
}

export function boundsOf(caller: Caller): Bounds {
  const { key } = caller;
  return {
    scopes: scopesOfCaller(caller),
    expiresAt: key?.expires_at ?? null,
    origins: splitOrigins(key?.allowed_origins ?? null),
  };
}

export function endsWithin(expiresAt: number | null, bound: number | null): boolean {
  return bound === null || (expiresAt !== null && expiresAt <= bound);
}

export function originsWithin(origins: readonly string[], bound: readonly string[]): boolean {
  if (bound.length === 0) return true;
  return origins.length > 0 && origins.every((origin) => bound.includes(origin));
}

/** Whether bounds allow all that others allow. */
export function include(bounds: Bounds, others: Bounds): boolean {
  return (
    others.scopes.every((scope) => bounds.scopes.includes(scope)) &&
    endsWithin(others.expiresAt, bounds.expiresAt) &&
    originsWithin(others.origins, bounds.origins)
  );
}

/**
 * Whether `key` can do nothing that `other` can't, whatever scopes their tier has at the moment.
 */
export function isWithin(key: Key, other: Key): boolean {
  const scopes = scopesOf(other);
  return (
    scopesOf(key).every((scope) => includesScope(scopes, scope)) &&
    endsWithin(key.expires_at, other.expires_at) &&
    originsWithin(splitOrigins(key.allowed_origins), splitOrigins(other.allowed_origins))
  );
}

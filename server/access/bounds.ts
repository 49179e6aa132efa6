import type { Scope } from '../../shared/access.ts';
import { type Key, scopesOf, splitOrigins } from '../store/keys.ts';
import { type Caller, scopesOfCaller } from './caller.ts';

/** The most that a caller may hand on: no key makes a stronger one. */
export interface Bounds {
  scopes: readonly Scope[];
  /** Epoch ms; null: never. */
  expiresAt: number | null;
  /** Empty: any. */
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

/** Whether a key can do nothing that another can't, whatever their tier has at the moment. */
export function isWithin(key: Key, other: Key): boolean {
  const scopes = scopesOf(other);
  return (
    scopesOf(key).every((scope) => scopes.includes(scope)) &&
    endsWithin(key.expires_at, other.expires_at) &&
    originsWithin(splitOrigins(key.allowed_origins), splitOrigins(other.allowed_origins))
  );
}

import {
  allowances,
  includesScope,
  isPublishable,
  personsDailyRequests,
  type Scope,
  scopes,
} from '../../shared/access.ts';
import type { AuditActor } from '../../shared/answers/audit.ts';
import { isActive, type Key, scopesOf } from '../store/keys.ts';
import type { Partner } from '../store/partners.ts';
import { type Session, sessionActor } from '../store/sessions.ts';
import type { EmbedToken } from './embed-token.ts';

/** The caller of a request, by its credential: a key, an embed token or a session. */
export type Caller = KeyCaller | TokenCaller | SessionCaller;

/** A caller that may perform actions. An embed token may not, as it is public in a page. */
export type Manager = KeyCaller | SessionCaller;

interface KeyCaller {
  by: 'key';
  partner: Partner;
  key: Key;
}

export interface TokenCaller {
  by: 'token';
  partner: Partner;
  /** The key that made the token; null: a person signed in by mail did, or the operator. */
  key: Key | null;
  token: EmbedToken;
  /** Identifies the token. */
  signature: string;
}

export interface SessionCaller {
  by: 'session';
  partner: Partner;
  /** The key that opened the session; null: a sign-in link did. */
  key: Key | null;
  session: Session;
}

/** Whether the caller's credential is valid at this moment. */
export function isValid(caller: Caller, now: number): boolean {
  const { by, partner, key } = caller;
  if (!partner.is_active || (key && !isActive(key, now))) return false;
  if (by === 'token') {
    const { token } = caller;
    return token.expires > now && token.generation === partner.token_generation;
  }
  return !(by === 'session' && key && isPublishable(scopesOf(key)));
}

/** Whether the caller has a scope at this moment. */
export function holds({ by, partner, key }: Caller, scope: Scope): boolean {
  if (!allowances[partner.tier].scopes.includes(scope)) return false;
  return (
    (key === null || includesScope(scopesOf(key), scope)) &&
    (by !== 'token' || scope === 'embed:read')
  );
}

/** All scopes of the caller: those that both its key and its partner's tier have. */
export function scopesOfCaller(caller: Caller): Scope[] {
  return scopes.filter((scope) => holds(caller, scope));
}

/**
 * The name of the quota that all embed tokens of a partner share. Keys and addresses have quotas of
 * their own.
 */
export const tokensQuota = 'tokens';

/**
 * The name of the quota that a request counts against. A rolled key uses that of the first key in
 * its chain.
 */
export function quotaOf(caller: Caller): string {
  if (caller.by === 'token') return tokensQuota;
  const { key } = caller;
  return key ? (key.root_id ?? key.id) : (caller as SessionCaller).session.email!;
}

/** The daily limit of the caller's quota, in requests. */
export function dailyRequestsOf({ by, key, partner }: Caller): number {
  const isPerson = by === 'session' && key === null;
  return isPerson ? personsDailyRequests : allowances[partner.tier].dailyRequests;
}

/** The credential, of all partners', whose requests share a burst limit and take turns with others. */
export function turnOf(caller: Caller): string {
  const own = caller.by === 'token' ? caller.signature : quotaOf(caller);
  return `${caller.partner.id} ${own}`;
}

/**
 * The name under which a request counts in the usage figures: a key's id, or that of all tokens;
 * null: it does not count.
 */
export function usageOf({ by, key }: Caller): string | null {
  return by === 'token' ? tokensQuota : (key?.id ?? null);
}

/** The caller as the audit trail records it. */
export function actorOf(caller: Manager): AuditActor {
  if (caller.by === 'session') return sessionActor(caller.session, caller.key);
  const { id, label } = caller.key;
  return { type: 'key', id, name: label, key_id: null };
}

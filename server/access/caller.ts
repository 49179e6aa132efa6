import {
  allowances,
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

/** Who asks, by what they showed: a key, an embed token, or a session. */
export type Caller = KeyCaller | TokenCaller | SessionCaller;

/** Who may manage anything: what stands in a page may not. */
export type Manager = KeyCaller | SessionCaller;

interface KeyCaller {
  by: 'key';
  partner: Partner;
  key: Key;
}

interface TokenCaller {
  by: 'token';
  partner: Partner;
  /** That made the token; null: somebody who signed in by mail, or the operator. */
  key: Key | null;
  token: EmbedToken;
  /** Tells it from every other one. */
  signature: string;
}

export interface SessionCaller {
  by: 'session';
  partner: Partner;
  /** That opened the session; null: an address did. */
  key: Key | null;
  session: Session;
}

/** Whether what the caller showed is good at this moment. */
export function isValid(caller: Caller, now: number): boolean {
  const { by, partner, key } = caller;
  if (!partner.is_active || (key && !isActive(key, now))) return false;
  if (by === 'token') {
    const { token } = caller;
    return token.expires > now && token.generation === partner.token_generation;
  }
  return !(by === 'session' && key && isPublishable(scopesOf(key)));
}

/** Whether the caller may do this at this moment. */
export function holds({ by, partner, key }: Caller, scope: Scope): boolean {
  if (!allowances[partner.tier].scopes.includes(scope)) return false;
  return (
    (key === null || scopesOf(key).includes(scope)) && (by !== 'token' || scope === 'embed:read')
  );
}

/** All that it may do: what its key and its partner's tier both have. */
export function scopesOfCaller(caller: Caller): Scope[] {
  return scopes.filter((scope) => holds(caller, scope));
}

/** That of all embed tokens of a partner, whoever made them, beside those of keys and addresses. */
export const tokensQuota = 'tokens';

/** In whose quota a request counts: a rolled key goes on in that of the first of its chain. */
export function quotaOf(caller: Caller): string {
  if (caller.by === 'token') return tokensQuota;
  const { key } = caller;
  return key ? (key.root_id ?? key.id) : (caller as SessionCaller).session.email!;
}

/** How many requests its quota has a day. */
export function dailyRequestsOf({ by, key, partner }: Caller): number {
  const isPerson = by === 'session' && key === null;
  return isPerson ? personsDailyRequests : allowances[partner.tier].dailyRequests;
}

/** Whose requests a burst is made of. */
export function whoseBurst(caller: Caller): string {
  return caller.by === 'token' ? caller.signature : quotaOf(caller);
}

/** In whose usage a request is told: a key's or that of all tokens; null: that of nobody. */
export function usageOf({ by, key }: Caller): string | null {
  return by === 'token' ? tokensQuota : (key?.id ?? null);
}

/** As the audit trail names it. */
export function actorOf(caller: Manager): AuditActor {
  if (caller.by === 'session') return sessionActor(caller.session, caller.key);
  const { id, label } = caller.key;
  return { type: 'key', id, name: label, key_id: null };
}

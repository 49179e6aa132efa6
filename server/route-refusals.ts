import type { RefusalCode } from '../shared/refusals.ts';
import type { Refusals, Route } from './route.ts';

/**
 * Every refusal of a route: its own, and those that follow from its kind and from what it accepts.
 */
export function refusalsOf(route: Route): Refusals {
  const { kind } = route;
  const isKnown = kind !== 'open';
  const isManaged = kind === 'action' || kind === 'change';
  const takesJson = 'body' in route && route.body !== undefined;
  const takesBytes = 'streams' in route && route.streams !== undefined;
  return [
    ofEvery,
    route.refusals,
    isKnown ? ofKnown : {},
    isKnown && !(kind === 'change' && route.ends) ? ofLimited : {},
    kind === 'question' || kind === 'stream' || (isManaged && (route.scope || route.tier))
      ? ofScoped
      : {},
    'reachedBy' in route && route.reachedBy ? ofPages : {},
    isManaged ? ofManagers : {},
    isManaged && route.isPersonal ? ofPeople : {},
    route.method !== 'GET' ? ofChanges : {},
    kind === 'change' ? ofWrites : {},
    isRepeatable(route) ? ofRepeatable : {},
    kind === 'change' && route.grants ? ofGranting : {},
    takesJson || takesBytes ? ofBodies : {},
    takesJson ? ofJson : {},
  ].reduce(join);
}

/** Whether requests of a route may have an Idempotency-Key. */
export function isRepeatable({ kind, method }: Route): boolean {
  return kind === 'change' && method === 'POST';
}

/** Refusals of every route: before a request is matched to it, or while it is served. */
export const ofEvery: Refusals = {
  400: ['malformed_request', 'invalid_encoding', 'invalid_parameters'],
  408: ['request_timeout'],
  417: ['expectation_failed'],
  429: ['too_many_requests'],
  431: ['headers_too_large'],
  500: ['internal_error'],
  503: ['storage_unavailable'],
};
const ofKnown: Refusals = {
  401: ['missing_key'],
  403: ['invalid_key', 'invalid_token', 'outside_token'],
};
const ofLimited: Refusals = { 429: ['daily_limit_reached'] };
const ofScoped: Refusals = { 403: ['missing_scope', 'tier_required'] };
const ofPages: Refusals = { 403: ['origin_not_allowed'] };
const ofManagers: Refusals = { 403: ['publishable_key'] };
const ofPeople: Refusals = { 403: ['sign_in_required'] };
const ofChanges: Refusals = { 403: ['foreign_page'] };
const ofWrites: Refusals = { 400: ['sums_too_large'] };
const ofRepeatable: Refusals = {
  404: ['not_found'],
  409: ['request_running'],
  422: ['idempotency_key_reused'],
};
const ofGranting: Refusals = { 403: ['beyond_key'] };
const ofBodies: Refusals = {
  400: ['incomplete_body'],
  413: ['body_too_large'],
  415: ['unsupported_media_type'],
};
const ofJson: Refusals = { 400: ['invalid_json', 'invalid_body'] };

function join(one: Refusals, other: Refusals): Refusals {
  const joined: Record<number, readonly RefusalCode[]> = { ...one };
  for (const [status, codes] of Object.entries(other)) {
    const known = one[Number(status)] ?? [];
    joined[Number(status)] = [...new Set([...known, ...codes])];
  }
  return joined;
}

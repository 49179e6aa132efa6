import type { RefusalCode } from '../shared/refusals.ts';
import type { Refusals, Route } from './route.ts';

/**
 * Every refusal of a route: its own, and those that follow from its kind and from what it accepts.
 */
export function refusalsOf(route: Route): Refusals {
  const { kind } = route;
  const isKnown = kind !== 'open';
  const takesJson = kind !== 'question' && route.body !== undefined;
  const takesBytes = kind !== 'question' && route.streams !== undefined;
  return [
    ofEvery,
    route.refusals,
    isKnown ? ofKnown : {},
    isKnown && !(kind === 'action' && route.ends) ? ofLimited : {},
    kind === 'question' || (kind === 'action' && route.scope) ? ofScoped : {},
    kind === 'question' && route.reachedBy ? ofPages : {},
    kind === 'action' ? ofManagers : {},
    kind === 'action' && route.isPersonal ? ofPeople : {},
    route.method !== 'GET' ? ofChanges : {},
    takesJson || takesBytes ? ofBodies : {},
    takesJson ? ofJson : {},
  ].reduce(join);
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

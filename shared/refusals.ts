/**
 * Why a request is refused: the codes of errors, and what each means. Programs depend on the codes,
 * so they never change.
 */
export const refusals = {
  malformed_request: 'It is no well-formed HTTP request.',
  expectation_failed: 'It has an Expect header that this server does not meet.',
  headers_too_large: 'Its headers are too large.',
  request_timeout: 'It took too long to arrive.',
  method_not_allowed: 'The address takes other methods.',
  not_found: 'There is nothing at this address, or nothing of the partner’s with this id.',
  invalid_encoding: 'Its parameters, or its body, are not UTF-8.',
  invalid_parameters:
    'A parameter is missing, given twice or not what it may be; `details` lists every problem.',
  unsupported_media_type: 'The body is of another type than the route takes, or compressed.',
  body_too_large: 'The body has more bytes than the route takes.',
  incomplete_body: 'The body did not arrive whole.',
  invalid_json: 'The body is not JSON.',
  invalid_body: 'A field is missing, unknown or not what it may be; `details` lists every problem.',
  missing_key: 'It has no key and no session.',
  invalid_key: 'The key is unknown, revoked, paused or expired, or its partner is not active.',
  invalid_token: 'The embed token is not valid, or ended.',
  outside_token: 'The embed token opens other widgets, or another account.',
  publishable_key: 'A key with `embed:read` alone opens widgets and nothing else.',
  missing_scope: 'The key does not have the scope.',
  tier_required: 'The partner’s tier does not have it.',
  beyond_key: 'It would give more than the key in use has itself.',
  sign_in_required: 'It takes somebody who signed in by mail.',
  foreign_page: 'It came from a page of another site, with a session’s cookie.',
  origin_not_allowed: 'The page’s origin is not among the allowed ones.',
  too_many_requests: 'There were too many at once; `Retry-After` says when to try again.',
  daily_limit_reached:
    'The requests of this UTC day are used; `Retry-After` says when the next one starts.',
  key_in_use: 'A key can’t revoke or pause itself.',
  key_ended: 'The key has ended.',
  key_paused: 'The key is paused.',
  already_rolled: 'The key was replaced by another already.',
  too_many_keys: 'The partner has as many keys as it may.',
  too_many_addresses: 'As many addresses may sign in as there may be.',
  last_address: 'Nobody could sign in any more.',
  invalid_link: 'The sign-in link was used, or has ended.',
  internal_error: 'Something went wrong on our side; the log has it under the `X-Request-Id`.',
  storage_unavailable:
    'The data can’t be reached at the moment; `Retry-After` says when to try again.',
} as const;

export type RefusalCode = keyof typeof refusals;

export const refusalCodes = Object.keys(refusals) as [RefusalCode, ...RefusalCode[]];

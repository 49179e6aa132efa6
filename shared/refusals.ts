/**
 * Why a request is refused: the codes of errors, and what each means. Programs depend on the codes,
 * so they never change.
 */
export const refusals = {
  malformed_request: 'The request is not well-formed HTTP.',
  expectation_failed: 'The request has an `Expect` header that this server does not support.',
  headers_too_large: 'The request’s headers are too large.',
  request_timeout: 'The request took too long to arrive.',
  method_not_allowed: 'This path does not support the method.',
  not_found: 'There is nothing at this path, or the partner has nothing with this id.',
  invalid_encoding: 'The parameters or the body are not valid UTF-8.',
  invalid_parameters:
    'A parameter is missing, given twice or invalid; `details` lists every problem.',
  unsupported_media_type:
    'The body has a media type that the route does not accept, or is compressed.',
  body_too_large: 'The body has more bytes than the route accepts.',
  incomplete_body: 'The body did not arrive completely.',
  invalid_json: 'The body is not valid JSON.',
  invalid_body: 'A field is missing, unknown or invalid; `details` lists every problem.',
  missing_key: 'The request has no key, no embed token and no valid session.',
  invalid_key: 'The key is unknown, revoked, paused or expired, or its partner is not active.',
  invalid_token: 'The embed token is invalid, expired or revoked.',
  outside_token:
    'The embed token does not open this widget or account, or the route accepts no embed tokens.',
  publishable_key: 'A key with `embed:read` alone opens widgets and nothing else.',
  missing_scope: 'The key, token or session does not have the required scope.',
  tier_required: 'The partner’s tier does not include what was asked for.',
  beyond_key:
    'The request would grant more than the key in use has itself, or change a key that may do more.',
  sign_in_required: 'Only a person who signed in by mail may do this.',
  foreign_page:
    'A page of another origin sent the request. Only the server’s own pages may sign in and out, or change anything in a session.',
  origin_not_allowed: 'The origin is not among the allowed ones.',
  too_many_requests:
    'There were too many requests in a short time; `Retry-After` says when to try again.',
  daily_limit_reached:
    'All requests of this UTC day are used; `Retry-After` says when the next day starts.',
  too_many_streams:
    'The server, or the partner, has as many open streams as it may have; `Retry-After` says when to try again.',
  key_in_use: 'A key can’t revoke or pause itself.',
  key_ended: 'The key is revoked or expired.',
  key_paused: 'The key is paused.',
  already_rolled: 'The key was already replaced by another one.',
  too_many_keys: 'The partner already has as many keys as it may have.',
  too_many_addresses: 'The partner already has as many sign-in addresses as it may have.',
  too_many_webhooks: 'The partner already has as many webhooks as it may have.',
  already_rotated: 'The webhook’s secret was rotated already, and the one before it still signs.',
  webhooks_off: 'This server sends nothing to webhooks at the moment; what is owed is kept.',
  last_address: 'This is the partner’s last sign-in address: without it nobody could sign in.',
  other_currency: 'An account has another currency, and nothing is converted.',
  conflict:
    'What is stored under this id differs; `details` names each field that does, with both values.',
  deleted: 'The trade was deleted. It comes back only if the request says `restore`.',
  account_closed: 'The account is closed, and the trade was opened after that.',
  sums_too_large: 'The sums of the account or of the partner would no longer be exact.',
  imports_running:
    'Too many files are being imported, of the firm or of all; `Retry-After` says when to try again.',
  unreadable_file: 'The file is no statement that can be read, or of no known format.',
  import_refused: 'The file can be read, but not imported as asked.',
  rows_refused:
    'Rows of the file are refused, so nothing was kept; `import` lists them, and says what became of the others.',
  request_running:
    'A request with the same `Idempotency-Key` is still running; `Retry-After` says when to try again.',
  idempotency_key_reused: 'The `Idempotency-Key` was sent before, with another query or body.',
  cursor_gone:
    'The cursor is too old, or of a database that was restored since; `cursor` is the oldest one there is.',
  invalid_link: 'The sign-in link is unknown, used or expired.',
  internal_error: 'The server failed; its log has the error under the `X-Request-Id`.',
  storage_unavailable:
    'The data can’t be read or written at the moment; `Retry-After` says when to try again.',
} as const;

export type RefusalCode = keyof typeof refusals;

export const refusalCodes = Object.keys(refusals) as [RefusalCode, ...RefusalCode[]];

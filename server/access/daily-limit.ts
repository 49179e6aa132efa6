import type { Context } from 'koa';
import { day, second } from '../../shared/time.ts';
import { headersOf } from '../headers.ts';
import { Refusal } from '../refusal.ts';
import { type Caller, dailyRequestsOf, quotaOf } from './caller.ts';
import { subjectOf } from './embed-token.ts';
import type { Admission, Quota } from './quota.ts';
import type { Shares } from './shares.ts';

/**
 * Counts a request against the caller's daily quota, or for a token that names accounts or a user,
 * against the share of those. Headers and `pending.admission` say what is left. Throws a 429 when it
 * is used up.
 */
export function countRequest(
  context: Context,
  caller: Caller,
  pending: { now: number; admission: Admission | null },
  { quota, shares }: { quota: Quota; shares: Shares },
): void | Promise<void> {
  const { now } = pending;
  const named = caller.by === 'token' ? subjectOf(caller.token) : null;
  const asked =
    named === null
      ? quota.admit(caller.partner.id, quotaOf(caller), dailyRequestsOf(caller), now)
      : shares.admit(caller.partner.id, named, dailyRequestsOf(caller), now);
  const settle = (admission: Admission) => {
    pending.admission = admission;
    setHeaders(context, admission, now);
    if (!admission.admitted) throw limitReached(admission, now);
  };
  // Usually this is no promise, and awaiting it anyway would cost as much as the rest.
  return asked instanceof Promise ? asked.then(settle) : settle(asked);
}

function secondsUntil(moment: number, now: number): number {
  return Math.ceil((moment - now) / 1000);
}

function setHeaders(context: Context, { limit, remaining, resetsAt }: Admission, now: number) {
  const headers = headersOf(context);
  headers['x-ratelimit-limit'] = String(limit);
  headers['x-ratelimit-remaining'] = String(remaining);
  // draft-ietf-httpapi-ratelimit-headers
  headers['ratelimit-policy'] = `"daily";q=${limit};w=${day / second}`;
  headers.ratelimit = `"daily";r=${remaining};t=${secondsUntil(resetsAt, now)}`;
}

function limitReached({ limit, resetsAt }: Admission, now: number): Refusal {
  return new Refusal(
    429,
    'daily_limit_reached',
    `All ${limit} requests of this day are used. The next one starts at midnight UTC.`,
    { headers: { 'Retry-After': String(secondsUntil(resetsAt, now)) } },
  );
}

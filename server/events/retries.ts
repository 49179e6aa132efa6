import { second } from '../../shared/time.ts';
import { jitter, longestRetryAfter, pauses } from '../../shared/webhooks.ts';
import type { Random } from '../store/ids.ts';
import type { WebhooksTable } from '../store/schema.ts';

/**
 * The pause before the next try, ms, when so many have failed; null: there is no next one. It varies,
 * so that what failed together is not tried again together.
 */
export function pauseAfter(tries: number, random: Random): number | null {
  const pause = pauses[tries - 1];
  if (pause === undefined) return null;
  const share = random(4).readUInt32BE() / 2 ** 32;
  return Math.round(pause * (1 - jitter + 2 * jitter * share));
}

/** Longer than every pause: what is due later still was put off by a clock that was ahead. */
export const longestPause = Math.max(longestRetryAfter, ...pauses) * (1 + jitter);

/**
 * Until when the server of a webhook asks to be left in peace, by a Retry-After header in seconds or
 * as a date; null: it does not.
 */
export function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  const wait = /^\d+$/.test(header) ? Number(header) * second : Date.parse(header) - now;
  return wait > 0 ? now + Math.min(wait, longestRetryAfter) : null;
}

/** Until when a webhook has asked to be left in peace; 0: it has not. */
export function restsUntil({ not_before }: Pick<WebhooksTable, 'not_before'>, now: number): number {
  return not_before !== null && not_before <= now + longestPause ? not_before : 0;
}

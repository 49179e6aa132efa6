import { minute } from '../../shared/time.ts';

/**
 * The ms until the UTC day ends and daily limits start over, and up to a minute more: otherwise the
 * widgets of all pages would ask at the same moment.
 */
export function untilUtcMidnight(): number {
  return new Date().setUTCHours(24, 0, 0, 0) - Date.now() + Math.random() * minute;
}

import { minute } from '../../shared/time.ts';

/**
 * In how many ms the UTC day is over and daily limits begin anew, and up to a minute more: all
 * widgets of all pages see the same midnight.
 */
export function untilTomorrow(): number {
  return new Date().setUTCHours(24, 0, 0, 0) - Date.now() + Math.random() * minute;
}

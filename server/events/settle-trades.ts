import type SQLite from 'better-sqlite3';
import { settleSums } from '../store/sums.ts';
import { raiseMilestones } from './milestones.ts';
import type { Moment } from './outbox.ts';

/**
 * Brings the sums up to date with the trades that the open transaction has changed, and raises the
 * milestones that they reach; to be called at the end of everything that writes trades. Throws
 * InexactSums.
 */
export function settleTrades(handle: SQLite.Database, moment: Moment): void {
  raiseMilestones(handle, settleSums(handle), moment);
}

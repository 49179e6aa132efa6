import { minute } from '../../shared/time.ts';
import { keepObservations, type Observation } from '../store/observations.ts';
import type { PartnerWriting } from './partner-writing.ts';
import { isOpenAt, TradeAccounts } from './trade-accounts.ts';

/** An observation as it was given: with the account that it names. */
export interface GivenObservation extends Observation {
  /** The id of the account, or `ext:` and its external id. */
  account_id: string;
}

/** How far a clock elsewhere may be ahead, ms. */
export const mostAhead = 5 * minute;

/** Why an observation is not kept. */
export type Reason = 'no account' | 'account closed' | 'in the future';

export interface Observed {
  /** By the places of the observations. If there are any, nothing is kept. */
  refused: ReadonlyMap<number, Reason>;
  /** How many accounts they are of, and how many of these something new is known of. */
  accounts: number;
  changed: number;
}

/** Keeps observations of a partner's accounts: all of them, or none. */
export function observe(writing: PartnerWriting, given: readonly GivenObservation[]): Observed {
  const { handle, partnerId, now } = writing;
  const accounts = new TradeAccounts(handle, partnerId);
  const refused = new Map<number, Reason>();
  const byAccount = new Map<string, Observation[]>();
  for (const [index, { account_id, ...observation }] of given.entries()) {
    const account = accounts.find(account_id);
    const { time } = observation;
    if (!account) refused.set(index, 'no account');
    else if (time > now + mostAhead) refused.set(index, 'in the future');
    else if (!isOpenAt(account, time)) refused.set(index, 'account closed');
    else {
      const known = byAccount.get(account.id);
      if (known) known.push(observation);
      else byAccount.set(account.id, [observation]);
    }
  }
  const changed = refused.size > 0 ? 0 : keepObservations(handle, partnerId, byAccount, now);
  return { refused, accounts: byAccount.size, changed };
}

import type { Units } from '../../../shared/money.ts';
import type { Asked } from '../../route.ts';
import { findObservation } from '../../store/observations.ts';
import { latestExit } from '../../store/trades.ts';
import type { Covered } from '../coverage.ts';

/** What an account is worth beyond its closed trades. */
export interface Live {
  /** Epoch ms. */
  observedAt: number;
  /** What is to be added to the total P&L of the current attempt. */
  unrealised: Units;
}

/**
 * By an account's latest observation, if no trade of its current attempt was closed since. What was
 * observed counts from the starting balance, so that trades that are not told yet are in it; without
 * one, the open positions are added to the trades that are known.
 */
export async function readLive(
  { database }: Asked<unknown>,
  { subject }: Covered,
): Promise<Live | null> {
  if (subject.kind !== 'account') return null;
  const { account } = subject;
  const observation = await findObservation(database.read, account);
  if (!observation) return null;
  const { time, equity, balance, open_pnl } = observation;
  const exit = await latestExit(database.read, account);
  if (exit !== null && exit >= time) return null;
  const { starting_balance, total_pnl } = account;
  const unrealised =
    starting_balance === null
      ? (open_pnl ?? equity - balance)
      : equity - starting_balance - total_pnl;
  return { observedAt: time, unrealised };
}

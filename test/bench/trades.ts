import { type Day, startOfUtcDay, utcDay } from '../../shared/day.ts';
import { hour } from '../../shared/time.ts';
import { testNow } from '../support/server.ts';

/** A made-up closed trade, with the names and units of the API. */
export interface MadeTrade {
  id: string;
  symbol: string;
  direction: 'long' | 'short';
  quantity: number;
  entry_price: number;
  exit_price: number;
  entry_time: number;
  exit_time: number;
  pnl: number;
  commission: number;
}

const symbols = ['ES', 'NQ', 'MES', 'CL', 'GC', 'EURUSD', 'DAX'];
const sessionStart = 14 * hour;
const sessionLength = 6 * hour;

/**
 * Makes the trade of this number: the `place`th of `count` on its day, in the order of their exits.
 * The same arguments make the same trade again. A fraction in `place` moves its exit by as much.
 */
export function makeTrade(number: number, day: Day, place: number, count: number): MadeTrade {
  const exit =
    startOfUtcDay(day) + sessionStart + Math.floor(((place + 1) / count) * sessionLength);
  const ticks = Math.floor(chance(number, 1) * 81) - 38;
  const isLong = chance(number, 2) < 0.5;
  const quantity = 1 + Math.floor(chance(number, 3) * 4);
  const entryPrice = 5_000 + Math.floor(chance(number, 4) * 800) / 4;
  return {
    id: `trade-${String(number).padStart(8, '0')}`,
    symbol: symbols[Math.floor(chance(number, 5) * symbols.length)]!,
    direction: isLong ? 'long' : 'short',
    quantity,
    entry_price: entryPrice,
    exit_price: entryPrice + (isLong ? ticks : -ticks) / 4,
    entry_time: exit - Math.floor(chance(number, 6) * hour),
    exit_time: exit,
    pnl: (ticks * 1_250 * quantity - 460 * quantity) / 100,
    commission: (-460 * quantity) / 100,
  };
}

/** A pseudo-random number from 0 to 1, the same for the same arguments. */
export function chance(number: number, turn: number): number {
  let bits = Math.imul(number, 0x9e3779b1) ^ Math.imul(turn, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
}

/** The days that {@link madeRows} are spread over. */
const tradedDays = 250;
export const lastDay = utcDay(testNow);

/** Makes so many trades of one account, in the order of their exits. */
export function* madeRows(count: number): Generator<MadeTrade> {
  const perDay = count / tradedDays;
  for (let number = 0; number < count; number++) {
    const day = lastDay - tradedDays + Math.floor(number / perDay);
    yield makeTrade(number, day, Math.floor(number % perDay), perDay);
  }
}

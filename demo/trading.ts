import { createHash } from 'node:crypto';
import { type Day, formatDay, startOfUtcDay, utcDay, weekday } from '../shared/day.ts';
import { minute } from '../shared/time.ts';
import { instruments, type Trader } from './traders.ts';

/** The exchange's floor hours, in minutes after midnight UTC. */
const open = 14.5 * 60;
const close = 20.75 * 60;

/**
 * A trader's trades closed up to now, as plain CSV. Every call makes the same past trades again, so
 * that importing them adds only the new ones.
 */
export async function* tradesAsCsv(trader: Trader, now: number): AsyncGenerator<Buffer> {
  yield Buffer.from(
    'id,symbol,direction,quantity,entry_price,exit_price,entry_time,exit_time,pnl,commission,setup_type\n',
  );
  const today = utcDay(now);
  for (let day = today - trader.daysOpen; day <= today; day++) {
    const rows = tradesOn(trader, day).filter(({ exitTime }) => exitTime <= now);
    yield Buffer.from(rows.map(({ row }) => `${row}\n`).join(''));
  }
}

/** A trade as the API takes it. */
export interface MadeTrade {
  symbol: string;
  direction: 'long' | 'short';
  quantity: number;
  entry_price: number;
  exit_price: number;
  /** Epoch ms. */
  entry_time: number;
  exit_time: number;
  pnl: number;
  commission: number;
  setup_type: string;
}

/** A trade of a trader that is closed now. `seed`: another makes another trade. */
export function tradeNow(trader: Trader, now: number, seed: string): MadeTrade {
  const chance = chances(`${trader.nickname} ${seed}`);
  const made = makeTrade(trader, utcDay(now), 0, (chance() - 0.5) * 0.24, chance);
  const entry_time = now - (made.exit_time - made.entry_time);
  return { ...made, entry_time, exit_time: now };
}

function tradesOn(trader: Trader, day: Day): { row: string; exitTime: number }[] {
  const chance = chances(`${trader.nickname} ${formatDay(day)}`);
  const isWeekend = [0, 6].includes(weekday(day));
  if (isWeekend || chance() < 0.07) return [];
  const count = Math.round(trader.tradesPerDay * (0.4 + 1.2 * chance()));
  // By chance, some days go better or worse than the trader's skill.
  const form = (chance() - 0.5) * 0.24;
  const starts = Array.from({ length: count }, () => open + chance() * (close - open)).sort(
    (a, b) => a - b,
  );
  return starts.map((start, index) => {
    const made = makeTrade(trader, day, start, form, chance);
    const id = `demo-${formatDay(day)}-${index}`;
    return { row: [id, ...Object.values(made)].join(','), exitTime: made.exit_time };
  });
}

/** Its fields are in the order of the columns. */
function makeTrade(
  trader: Trader,
  day: Day,
  start: number,
  form: number,
  chance: () => number,
): MadeTrade {
  const symbol = pick(trader.symbols, chance());
  const { price, tick, tickValue, commission, stop } = instruments[symbol]!;
  const direction = chance() < 0.54 ? 'long' : 'short';
  const quantity = Math.max(1, Math.round(trader.contracts * (0.5 + chance())));
  const outcome = chance();
  const isWinner = outcome < trader.skill + form;
  const isScratch = Math.abs(outcome - trader.skill - form) < 0.012;
  const reach = stop * (0.25 + 1.5 * chance() ** 1.4);
  const ticks = isScratch ? 0 : Math.max(1, Math.round(isWinner ? reach * trader.patience : reach));
  const gain = isWinner ? ticks : -ticks;
  const fees = commission * quantity;
  const entryPrice = roundTo(price * (1 + 0.02 * Math.sin(day / 17) + 0.004 * chance()), tick);
  const exitPrice = entryPrice + (direction === 'long' ? gain : -gain) * tick;
  const entryTime = startOfUtcDay(day) + Math.floor(start * minute);
  const exitTime = entryTime + Math.floor((2 + 46 * chance() ** 2) * minute);
  const setup = ['breakout', 'pullback', 'reversal', 'range'][Math.floor(4 * chance())]!;
  return {
    symbol,
    direction,
    quantity,
    entry_price: Number(entryPrice.toFixed(5)),
    exit_price: Number(exitPrice.toFixed(5)),
    entry_time: entryTime,
    exit_time: exitTime,
    pnl: Number((gain * tickValue * quantity - fees).toFixed(2)),
    commission: Number((-fees).toFixed(2)),
    setup_type: setup,
  };
}

/** A generator of pseudo-random numbers from 0 to 1, the same ones for the same seed. */
function chances(seed: string): () => number {
  let block = createHash('sha256').update(seed).digest();
  let at = 0;
  return () => {
    if (at === block.length) {
      block = createHash('sha256').update(block).digest();
      at = 0;
    }
    const value = block.readUInt32LE(at) / 2 ** 32;
    at += 4;
    return value;
  };
}

function pick(shares: Readonly<Record<string, number>>, chance: number): string {
  const entries = Object.entries(shares);
  let left = chance * entries.reduce((sum, [, share]) => sum + share, 0);
  for (const [name, share] of entries) {
    left -= share;
    if (left < 0) return name;
  }
  return entries[0]![0];
}

function roundTo(value: number, tick: number): number {
  return Math.round(value / tick) * tick;
}

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
  return starts.map((start, index) => trade(trader, day, index, start, form, chance));
}

function trade(
  trader: Trader,
  day: Day,
  index: number,
  start: number,
  form: number,
  chance: () => number,
) {
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
  const setup = ['breakout', 'pullback', 'reversal', 'range'][Math.floor(4 * chance())];
  const row = [
    `demo-${formatDay(day)}-${index}`,
    symbol,
    direction,
    quantity,
    entryPrice.toFixed(5),
    exitPrice.toFixed(5),
    entryTime,
    exitTime,
    (gain * tickValue * quantity - fees).toFixed(2),
    (-fees).toFixed(2),
    setup,
  ].join(',');
  return { row, exitTime };
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

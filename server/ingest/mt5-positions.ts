import type { Units } from '../../shared/money.ts';
import type { Direction } from '../../shared/trades.ts';

/** Lots as whole hundred-millionths, so that partial closings add up. */
export type Volume = number;

/** An opening deal, or what later closings have left of it. */
export interface OpenPosition {
  readonly line: number;
  readonly symbol: string;
  readonly direction: Direction;
  readonly price: number;
  readonly time: number;
  volume: Volume;
  /** What of the deal's commission, and of its swap and profit, no closing has taken over yet. */
  commission: Units;
  swapAndProfit: Units;
}

/** The part of the opening deals that a closing deal closes. */
export interface Opening {
  /** Weighted by volume. */
  price: number;
  /** The earliest. */
  time: number;
  commission: Units;
  swapAndProfit: Units;
}

/** No account holds more positions at once; whoever never closes any fills no memory with them. */
export const mostOpenPositions = 5000;

/** The positions that are open while the deals of a history are gone through in order. */
export class OpenPositions {
  private positions: OpenPosition[] = [];

  get size(): number {
    return this.positions.length;
  }

  open(position: OpenPosition): void {
    this.positions.push(position);
  }

  /** How much is open of a symbol in that direction. */
  volumeOf(symbol: string, direction: Direction): Volume {
    let volume = 0;
    for (const each of this.positions) {
      if (each.symbol === symbol && each.direction === direction) volume += each.volume;
    }
    return volume;
  }

  /**
   * Closes that much, which must be open: the oldest position of exactly this volume, or else the
   * oldest ones one after the other, the last in part. A position closed in parts gives each its
   * share of what opening it cost, and the last one the rest, so that nothing is lost to rounding.
   */
  close(symbol: string, direction: Direction, volume: Volume): Opening {
    const held = this.positions.filter(
      (each) => each.symbol === symbol && each.direction === direction,
    );
    const exact = held.find((each) => each.volume === volume);
    const opening: Opening = { price: 0, time: 0, commission: 0, swapAndProfit: 0 };
    const parts: { price: number; volume: Volume }[] = [];
    let left = volume;
    for (const position of exact === undefined ? held : [exact]) {
      const part = Math.min(left, position.volume);
      const commission = share(position.commission, part, position.volume);
      const swapAndProfit = share(position.swapAndProfit, part, position.volume);
      position.volume -= part;
      position.commission -= commission;
      position.swapAndProfit -= swapAndProfit;
      opening.commission += commission;
      opening.swapAndProfit += swapAndProfit;
      opening.time = parts.length === 0 ? position.time : Math.min(opening.time, position.time);
      parts.push({ price: position.price, volume: part });
      left -= part;
      if (left === 0) break;
    }
    opening.price = weightedPrice(parts, volume);
    this.positions = this.positions.filter((each) => each.volume > 0);
    return opening;
  }

  /** What is still open, oldest first. */
  rest(): readonly OpenPosition[] {
    return this.positions;
  }
}

/** The share of an amount that goes with a part of a volume; all of it goes with the whole. */
export function share(units: Units, part: Volume, whole: Volume): Units {
  return part === whole ? units : Math.trunc(units * (part / whole));
}

function weightedPrice(parts: readonly { price: number; volume: Volume }[], whole: Volume): number {
  const [first] = parts;
  if (parts.every(({ price }) => price === first?.price)) return first!.price;
  let price = 0;
  for (const part of parts) price += part.price * (part.volume / whole);
  // Fifteen digits are what a double tells reliably.
  return Number(price.toPrecision(15));
}

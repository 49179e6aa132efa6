import type { Units } from '../../shared/money.ts';
import type { Direction } from '../../shared/trades.ts';

/** A number of lots in hundred-millionths: an integer, so that partial closings add up exactly. */
export type Volume = number;

/** An opening deal, or the part of it that is still open after partial closings. */
export interface OpenPosition {
  readonly line: number;
  readonly symbol: string;
  readonly direction: Direction;
  readonly price: number;
  readonly time: number;
  volume: Volume;
  /** The shares of the deal's commission, swap and profit that belong to the open volume. */
  commission: Units;
  swapAndProfit: Units;
}

/** The part of the opening deals that a closing deal closes. */
export interface Opening {
  /** The average price, weighted by volume. */
  price: number;
  /** The earliest time of a deal, epoch ms. */
  time: number;
  commission: Units;
  swapAndProfit: Units;
}

/** How many positions may be open at once: a file that closes none must not fill the memory. */
export const mostOpenPositions = 5000;

/** The open positions while the deals of a history are read in order. */
export class OpenPositions {
  private positions: OpenPosition[] = [];

  get size(): number {
    return this.positions.length;
  }

  open(position: OpenPosition): void {
    this.positions.push(position);
  }

  /** How much is open of a symbol in a direction. */
  volumeOf(symbol: string, direction: Direction): Volume {
    let volume = 0;
    for (const each of this.positions) {
      if (each.symbol === symbol && each.direction === direction) volume += each.volume;
    }
    return volume;
  }

  /**
   * Closes a volume, which must be open: the oldest position of exactly this volume, or else the
   * oldest positions one after the other, the last one in part. When a position is closed in parts,
   * each part gets its share of the opening amounts and the last part gets the rest, so that
   * nothing is lost to rounding.
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

  /** The positions that are still open, the oldest first. */
  rest(): readonly OpenPosition[] {
    return this.positions;
  }
}

/** The share of an amount that belongs to a part of a volume, rounded towards zero. */
export function share(units: Units, part: Volume, whole: Volume): Units {
  return part === whole ? units : Math.trunc(units * (part / whole));
}

function weightedPrice(parts: readonly { price: number; volume: Volume }[], whole: Volume): number {
  const [first] = parts;
  if (parts.every(({ price }) => price === first?.price)) return first!.price;
  let price = 0;
  for (const part of parts) price += part.price * (part.volume / whole);
  // A double is reliable to fifteen digits.
  return Number(price.toPrecision(15));
}

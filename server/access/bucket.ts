import type { Burst } from '../../shared/access.ts';

interface Bucket {
  tokens: number;
  /** When it held that many, epoch ms. */
  at: number;
}

/** How many buckets are remembered; the oldest is forgotten, and full again. */
const most = 50_000;

/** Token buckets by name: so many at once, so many a second from then on. */
export class Buckets {
  readonly #burst: Burst;
  readonly #buckets = new Map<string, Bucket>();

  constructor(burst: Burst) {
    this.#burst = burst;
  }

  /** Takes one; 0 when there was one, else in how many seconds there will be. */
  take(name: string, now: number): number {
    const { atOnce, perSecond } = this.#burst;
    const bucket = this.#buckets.get(name);
    if (!bucket) {
      if (this.#buckets.size >= most) this.#buckets.delete(this.#buckets.keys().next().value!);
      this.#buckets.set(name, { tokens: atOnce - 1, at: now });
      return 0;
    }
    // A clock that was set back fills no bucket and empties none.
    const passed = Math.max(0, now - bucket.at) / 1_000;
    bucket.tokens = Math.min(atOnce, bucket.tokens + passed * perSecond);
    bucket.at = now;
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perSecond);
    bucket.tokens--;
    return 0;
  }

  /** Puts back one that was taken. */
  giveBack(name: string): void {
    const bucket = this.#buckets.get(name);
    if (bucket) bucket.tokens = Math.min(this.#burst.atOnce, bucket.tokens + 1);
  }
}

/** What counts as one address: of IPv6 a network of 64 bits, which is what one household is given. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('%', 1)[0]!.split('::', 2);
  const groups = head.split(':');
  if (tail !== undefined) {
    const rest = tail === '' ? [] : tail.split(':');
    while (groups.length + rest.length < 8) groups.push('0');
    groups.push(...rest);
  }
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group || '0', 16).toString(16))
    .join(':');
}

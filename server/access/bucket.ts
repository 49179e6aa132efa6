import type { Burst } from '../../shared/access.ts';

interface Bucket {
  tokens: number;
  /** When it held that many tokens, epoch ms. */
  at: number;
}

/**
 * The most buckets that are kept. Beyond that the oldest is evicted, and its name starts with a
 * full one again.
 */
const most = 50_000;

/** Token buckets by name: each holds up to `atOnce` tokens and gains `perSecond`. */
export class Buckets {
  readonly #burst: Burst;
  readonly #buckets = new Map<string, Bucket>();

  constructor(burst: Burst) {
    this.#burst = burst;
  }

  /** Takes a token. Returns 0, or if there is none, the seconds until there is one. */
  take(name: string, now: number): number {
    const { atOnce, perSecond } = this.#burst;
    const bucket = this.#buckets.get(name);
    if (!bucket) {
      if (this.#buckets.size >= most) this.#buckets.delete(this.#buckets.keys().next().value!);
      this.#buckets.set(name, { tokens: atOnce - 1, at: now });
      return 0;
    }
    // A clock that was set back must neither fill nor empty a bucket.
    const passed = Math.max(0, now - bucket.at) / 1_000;
    bucket.tokens = Math.min(atOnce, bucket.tokens + passed * perSecond);
    bucket.at = now;
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perSecond);
    bucket.tokens--;
    return 0;
  }

  /** Puts back a token that was taken. */
  giveBack(name: string): void {
    const bucket = this.#buckets.get(name);
    if (bucket) bucket.tokens = Math.min(this.#burst.atOnce, bucket.tokens + 1);
  }
}

/**
 * The part of an address that limits are counted by: all of an IPv4 address, but the 64-bit network
 * of an IPv6 address, as providers give each customer one such network.
 */
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

// Token buckets of clients without a key, by their address. Their number is bounded.
import type {RateLimit} from '../protocol/index.ts';
import {fullBucket, isFull, type TokenBucket, takeToken} from './token-bucket.ts';

/** A full table is searched for idle clients at most this often: the search itself must not be a way in. */
const SWEEP_MS = 1_000;

export class AddressBuckets {
  readonly #rate: RateLimit;
  readonly #most: number;
  readonly #buckets = new Map<string, TokenBucket>();
  #sweptAt = Number.NEGATIVE_INFINITY;

  /** `most`: buckets kept. Beyond, idle ones go, then the oldest, whose client starts again with a full one. */
  constructor(rate: RateLimit, most: number) {
    this.#rate = rate;
    this.#most = most;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** As `takeToken`. */
  take(address: string, now: number): number {
    const client = clientOf(address);
    let bucket = this.#buckets.get(client);
    if (!bucket) {
      if (this.#buckets.size >= this.#most) this.#makeRoom(now);
      bucket = fullBucket(this.#rate, now);
      this.#buckets.set(client, bucket);
    }
    return takeToken(bucket, this.#rate, now);
  }

  #makeRoom(now: number): void {
    if (now - this.#sweptAt >= SWEEP_MS) {
      this.#sweptAt = now;
      for (const [client, bucket] of this.#buckets) if (isFull(bucket, this.#rate, now)) this.#buckets.delete(client);
    }
    for (const [client] of this.#buckets) {
      if (this.#buckets.size < this.#most) return;
      this.#buckets.delete(client);
    }
  }
}

/** One client: an IPv4 address, or the /64 network of an IPv6 address, of which a client has all. */
export function clientOf(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  const [bare = ''] = address.split('%');
  const [head = '', tail] = bare.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({length: 8 - groups.length - after.length}, () => '0');
  return `${[...groups, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}

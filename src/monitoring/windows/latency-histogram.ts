/** Latencies as counts on a logarithmic scale: constant memory, quantiles within 3.2 %. */

/** Sixteen buckets per doubling, from 1 µs up; the last doubling ends at 2^32 µs, more than an hour. */
const BUCKETS_PER_DOUBLING = 16;
const BUCKETS = 32 * BUCKETS_PER_DOUBLING;
/** The bits of 1.0 as a float32, cut after four bits of mantissa. */
const FIRST = 0x3f800000 >>> 19;

/**
 * Bucket `16 e + m` holds `[2^e (1 + m/16), 2^e (1 + (m+1)/16))` microseconds. The float32 bits of a positive
 * number, cut after four bits of mantissa, count exactly these buckets; no logarithm is taken.
 */
export class LatencyHistogram {
  readonly counts = new Uint32Array(BUCKETS);
  readonly #float = new Float32Array(1);
  readonly #bits = new Uint32Array(this.#float.buffer);

  /** Below 1 µs counts as 1 µs. */
  record(latencyUs: number): void {
    this.#float[0] = latencyUs;
    const bucket = (this.#bits[0]! >>> 19) - FIRST;
    this.counts[latencyUs < 1 ? 0 : bucket < BUCKETS ? bucket : BUCKETS - 1]!++;
  }

  /** The middle of the bucket that holds the q-quantile; null when nothing was recorded. */
  quantile(q: number): number | null {
    let total = 0;
    for (const count of this.counts) total += count;
    if (total === 0) return null;
    let rank = Math.max(1, Math.ceil(q * total));
    let bucket = 0;
    while (rank > this.counts[bucket]!) rank -= this.counts[bucket++]!;
    const mantissa = 1 + ((bucket % BUCKETS_PER_DOUBLING) + 0.5) / BUCKETS_PER_DOUBLING;
    return 2 ** Math.floor(bucket / BUCKETS_PER_DOUBLING) * mantissa;
  }

  /** Takes what another has recorded. */
  add({counts}: LatencyHistogram): void {
    for (let bucket = 0; bucket < BUCKETS; bucket++) this.counts[bucket]! += counts[bucket]!;
  }
}

/**
 * How long the next call will take: a smoothed mean and deviation of the last ones, as TCP estimates round trips
 * (Jacobson 1988; RFC 6298: gains of 1/8 and 1/4). An estimate that kept a call from being made is forgotten after
 * `staleMs`, so that a slow spell does not last for ever.
 */
const WORST = 4;

export class LatencyEstimate {
  readonly #staleMs: number;
  #mean = Number.NaN;
  #deviation = 0;
  #measuredAt = Number.NEGATIVE_INFINITY;

  constructor(staleMs: number) {
    this.#staleMs = staleMs;
  }

  /** Milliseconds that the next call will hardly exceed; 0 while nothing is known. */
  expected(now: number): number {
    if (Number.isNaN(this.#mean) || now - this.#measuredAt > this.#staleMs) return 0;
    return this.#mean + WORST * this.#deviation;
  }

  /** A call ended at `now` after `tookMs`. */
  took(tookMs: number, now: number): void {
    if (Number.isNaN(this.#mean) || now - this.#measuredAt > this.#staleMs) {
      this.#mean = tookMs;
      this.#deviation = tookMs / 2;
    } else {
      this.#deviation += (Math.abs(tookMs - this.#mean) - this.#deviation) / 4;
      this.#mean += (tookMs - this.#mean) / 8;
    }
    this.#measuredAt = now;
  }
}

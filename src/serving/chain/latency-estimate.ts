/**
 * How long the next call will take: a smoothed mean and deviation of the last ones, as TCP estimates round trips
 * (Jacobson 1988; RFC 6298: gains of 1/8 and 1/4). It keeps calls from being made, so it must not be wrong for long: one
 * slow call (the process stood still for a moment) can do no more than double it, and while no call is made it halves
 * `HALVINGS` times within `staleMs`, so that soon one is made again.
 */
const WORST = 4;
const HALVINGS = 10;
/** What one call can always raise it to, milliseconds. */
const FLOOR_MS = 1;

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
    return (this.#mean + WORST * this.#deviation) * this.#faded(now);
  }

  /** A call ended at `now` after `tookMs`. */
  took(tookMs: number, now: number): void {
    if (Number.isNaN(this.#mean) || now - this.#measuredAt > this.#staleMs) {
      this.#mean = tookMs;
      this.#deviation = tookMs / 2;
    } else {
      const faded = this.#faded(now);
      const mean = this.#mean * faded;
      const deviation = this.#deviation * faded;
      const most = Math.max(FLOOR_MS, 2 * (mean + WORST * deviation));
      const seen = Math.min(tookMs, most);
      this.#deviation = deviation + (Math.abs(seen - mean) - deviation) / 4;
      this.#mean = mean + (seen - mean) / 8;
    }
    this.#measuredAt = now;
  }

  #faded(now: number): number {
    return 2 ** ((-HALVINGS * Math.max(0, now - this.#measuredAt)) / this.#staleMs);
  }
}

/** Good and all requests by the minute, over the longest stretch that anybody asks for. */

export const MINUTE_MS = 60_000;

export type Counted = {readonly good: number; readonly total: number};

const NOTHING: Counted = Object.freeze({good: 0, total: 0});

/**
 * A ring of minutes; noting a request costs two additions and no memory. A request of the past counts in its own minute as
 * long as that is in the ring. Sums take a step per minute: they are for once a minute.
 */
export class EventCounts {
  readonly #good: Uint32Array;
  readonly #total: Uint32Array;
  readonly #size: number;
  /** Minutes since the epoch; the ring holds this one and those before it. */
  #newest = Number.NEGATIVE_INFINITY;

  /** `overMs`: the longest stretch. */
  constructor(overMs: number) {
    this.#size = Math.ceil(overMs / MINUTE_MS) + 1;
    this.#good = new Uint32Array(this.#size);
    this.#total = new Uint32Array(this.#size);
  }

  /** One request at a time (UTC ms). */
  note(good: boolean, at: number): void {
    this.add(Math.floor(at / MINUTE_MS), good ? 1 : 0, 1);
  }

  /** Requests of a minute since the epoch. What is older than the ring is forgotten. */
  add(minute: number, good: number, total: number): void {
    if (minute > this.#newest) this.#advance(minute);
    else if (minute <= this.#newest - this.#size) return;
    const slot = minute % this.#size;
    this.#good[slot]! += good;
    this.#total[slot]! += total;
  }

  /** Of one minute since the epoch. */
  at(minute: number): Counted {
    if (minute > this.#newest || minute <= this.#newest - this.#size) return NOTHING;
    const slot = minute % this.#size;
    return {good: this.#good[slot]!, total: this.#total[slot]!};
  }

  /** Of the minute of `now` and those before it that begin within `ms` of its end. */
  over(ms: number, now: number): Counted {
    const last = Math.floor(now / MINUTE_MS);
    let good = 0;
    let total = 0;
    for (let minute = this.#from(last, ms); minute <= Math.min(last, this.#newest); minute++) {
      good += this.#good[minute % this.#size]!;
      total += this.#total[minute % this.#size]!;
    }
    return {good, total};
  }

  /** Start of the first minute of that stretch in which something was not good; null: all was. */
  firstBad(ms: number, now: number): number | null {
    const last = Math.floor(now / MINUTE_MS);
    for (let minute = this.#from(last, ms); minute <= Math.min(last, this.#newest); minute++)
      if (this.#good[minute % this.#size]! < this.#total[minute % this.#size]!) return minute * MINUTE_MS;
    return null;
  }

  #from(last: number, ms: number): number {
    return Math.max(last - Math.round(ms / MINUTE_MS) + 1, this.#newest - this.#size + 1, 0);
  }

  #advance(minute: number): void {
    const gone = Math.min(this.#size, minute - this.#newest);
    for (let m = minute - gone + 1; m <= minute; m++) {
      this.#good[m % this.#size] = 0;
      this.#total[m % this.#size] = 0;
    }
    this.#newest = minute;
  }
}

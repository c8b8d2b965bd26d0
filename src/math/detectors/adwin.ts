/**
 * ADWIN, adaptive windowing: keeps the longest window whose halves do not differ (Bifet and Gavaldà, "Learning
 * from time-changing data with adaptive windowing", 2007). For real values of any scale.
 */

import {type DriftDetector, type DriftVerdict, requireFinite} from './detector.ts';

export type AdwinOptions = {
  /** The chance of a false cut that is accepted at a check; default 0.002. */
  readonly delta?: number;
  /** Values between two checks; default 32. */
  readonly clock?: number;
  /** Buckets of each size before two are merged: more find a cut more exactly; default 5. */
  readonly maxBuckets?: number;
  /** The least length of either part; default 5. */
  readonly minWindowLength?: number;
  /** Values before the first check; default 10. */
  readonly gracePeriod?: number;
};

export type AdwinState = {
  updates: number;
  width: number;
  total: number;
  /** Sum of squared deviations from the window's mean. */
  squares: number;
  /** Buckets: level `i` has sums of 2^i values each, the oldest first. */
  levels: number[][];
};

/**
 * The same detections as River 0.26. Memory is logarithmic in the window. The paper would keep the newer part of a
 * window that is cut; here, as there, the detector starts afresh, so that one change is not told several times.
 */
export class Adwin implements DriftDetector<AdwinState> {
  readonly #delta: number;
  readonly #clock: number;
  readonly #maxBuckets: number;
  readonly #minWindowLength: number;
  readonly #gracePeriod: number;
  #state = emptyState();

  constructor({delta = 0.002, clock = 32, maxBuckets = 5, minWindowLength = 5, gracePeriod = 10}: AdwinOptions = {}) {
    this.#delta = delta;
    this.#clock = clock;
    this.#maxBuckets = maxBuckets;
    this.#minWindowLength = minWindowLength;
    this.#gracePeriod = gracePeriod;
  }

  /** Values in the window. */
  get width(): number {
    return this.#state.width;
  }

  /** Their mean; NaN without values. */
  get mean(): number {
    return this.#state.total / this.#state.width;
  }

  update(value: number): DriftVerdict {
    requireFinite(value);
    this.#insert(value);
    const state = this.#state;
    state.updates++;
    if (state.updates % this.#clock !== 0 || state.width <= this.#gracePeriod || !this.#differs()) return 'none';
    this.reset();
    return 'drift';
  }

  reset(): void {
    this.#state = emptyState();
  }

  snapshot(): AdwinState {
    return structuredClone(this.#state);
  }

  restore(state: AdwinState): void {
    this.#state = structuredClone(state);
  }

  #insert(value: number): void {
    const state = this.#state;
    state.width++;
    if (state.width > 1) {
      const deviation = value - state.total / (state.width - 1);
      state.squares += ((state.width - 1) * deviation * deviation) / state.width;
    }
    state.total += value;
    state.levels[0]!.push(value);
    for (let i = 0; state.levels[i]!.length > this.#maxBuckets; i++) {
      const [oldest = 0, second = 0] = state.levels[i]!.splice(0, 2);
      state.levels[i + 1] ??= [];
      state.levels[i + 1]!.push(oldest + second);
    }
  }

  /** Whether some cut between two buckets, tried from the oldest, leaves parts whose means differ beyond chance. */
  #differs(): boolean {
    const {levels, width, total, squares} = this.#state;
    const confidence = Math.log((2 * Math.log(width)) / this.#delta);
    const least = this.#minWindowLength;
    let count = 0;
    let sum = 0;
    let restSum = total;
    for (let i = levels.length - 1; i >= 0; i--) {
      for (const bucket of levels[i]!) {
        count += 2 ** i;
        sum += bucket;
        restSum -= bucket;
        const rest = width - count;
        if (count < least || rest < least) continue;
        const harmonic = 1 / (count - least + 1) + 1 / (rest - least + 1);
        const limit = Math.sqrt(2 * harmonic * (squares / width) * confidence) + (2 / 3) * confidence * harmonic;
        if (Math.abs(sum / count - restSum / rest) > limit) return true;
      }
    }
    return false;
  }
}

function emptyState(): AdwinState {
  return {updates: 0, width: 0, total: 0, squares: 0, levels: [[]]};
}

/**
 * KSWIN: the newest values against a random sample of the older ones in a window, by Kolmogorov and Smirnov's test
 * (Raab, Heusinger and Schleif, "Reactive soft prototype computing for concept drift streams", 2020). For real values.
 */

import {kolmogorovSmirnov} from '../tests/kolmogorov-smirnov.ts';
import {type DriftDetector, type DriftVerdict, requireFinite} from './detector.ts';

export type KswinOptions = {
  /** Chooses the samples: the same seed and values give the same verdicts. A 32-bit integer. */
  readonly seed: number;
  /**
   * The p that is drift; default 0.005. Every value is a test, and neighbouring tests share most of their rows: without
   * drift it comes about once in 900 values by default, and once in 25,000 with 0.0001.
   */
  readonly alpha?: number;
  /** Values in the window; default 100. */
  readonly windowSize?: number;
  /** Values in each of the two samples, at most half the window; default 30. */
  readonly statSize?: number;
};

export type KswinState = {
  /** Oldest first. */
  window: number[];
  /** Random words drawn so far. */
  draws: number;
};

const leastDistance = 0.1;

/** Verdicts distributed as those of River 0.26, which draws other older values. Some 8 µs a value. */
export class Kswin implements DriftDetector<KswinState> {
  readonly #seed: number;
  readonly #alpha: number;
  readonly #windowSize: number;
  readonly #statSize: number;
  #state = emptyState();

  constructor({seed, alpha = 0.005, windowSize = 100, statSize = 30}: KswinOptions) {
    if (!(statSize >= 1 && 2 * statSize <= windowSize))
      throw new RangeError(`statSize must be from 1 to half of windowSize, got ${statSize} of ${windowSize}`);
    this.#seed = seed;
    this.#alpha = alpha;
    this.#windowSize = windowSize;
    this.#statSize = statSize;
  }

  update(value: number): DriftVerdict {
    requireFinite(value);
    const {window} = this.#state;
    window.push(value);
    if (window.length > this.#windowSize) window.shift();
    if (window.length < this.#windowSize) return 'none';

    const newest = Float64Array.from(window.slice(-this.#statSize));
    const {statistic, pValue} = kolmogorovSmirnov(this.#sampleOfOlder(), newest);
    if (!(pValue <= this.#alpha && statistic > leastDistance)) return 'none';
    this.reset();
    return 'drift';
  }

  /** Forgets the window; the random words go on, so that a restart does not repeat its samples. */
  reset(): void {
    this.#state = {...emptyState(), draws: this.#state.draws};
  }

  snapshot(): KswinState {
    return structuredClone(this.#state);
  }

  restore(state: KswinState): void {
    this.#state = structuredClone(state);
  }

  /** `statSize` of the values before the newest, without replacement. */
  #sampleOfOlder(): Float64Array {
    const older = Float64Array.from(this.#state.window.slice(0, -this.#statSize));
    for (let i = 0; i < this.#statSize; i++) {
      const at = i + Math.floor(((older.length - i) * this.#word()) / 2 ** 32);
      const chosen = older[at]!;
      older[at] = older[i]!;
      older[i] = chosen;
    }
    return older.subarray(0, this.#statSize);
  }

  /** A random 32-bit word from a counter: MurmurHash3's finaliser (Appleby, 2008) over a Weyl sequence. */
  #word(): number {
    let word = (this.#seed + Math.imul(++this.#state.draws, 0x9e3779b9)) | 0;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return (word ^ (word >>> 16)) >>> 0;
  }
}

function emptyState(): KswinState {
  return {window: [], draws: 0};
}

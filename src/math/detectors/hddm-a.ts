/**
 * HDDM_A: means before and after the best cut, by Hoeffding's bound (Frías-Blanco and others, "Online and
 * non-parametric drift detection methods based on Hoeffding's bounds", 2015). For values from 0 to 1, errors above all.
 */

import {type DriftDetector, type DriftVerdict, requireShare} from './detector.ts';
import {type RunningMean, updateMean} from './running-mean.ts';

export type HddmAOptions = {
  /** The chance of a false drift that is accepted; default 0.001. */
  readonly driftConfidence?: number;
  /** The chance of a false warning that is accepted; default 0.005. */
  readonly warningConfidence?: number;
  /** Whether a falling mean counts too; default false. */
  readonly twoSided?: boolean;
};

export type HddmAState = {
  all: RunningMean;
  /** The mean up to the cut with the lowest upper bound, from which an increase is measured. */
  low: RunningMean;
  /** The mean up to the cut with the highest lower bound. */
  high: RunningMean;
};

/** The same detections as River 0.26. No threshold to tune, best for sudden drift. */
export class HddmA implements DriftDetector<HddmAState> {
  readonly #driftConfidence: number;
  readonly #warningConfidence: number;
  readonly #twoSided: boolean;
  #state = emptyState();

  constructor({driftConfidence = 0.001, warningConfidence = 0.005, twoSided = false}: HddmAOptions = {}) {
    this.#driftConfidence = driftConfidence;
    this.#warningConfidence = warningConfidence;
    this.#twoSided = twoSided;
  }

  update(value: number): DriftVerdict {
    requireShare(value);
    const {all, low, high} = this.#state;
    updateMean(all, value);
    const bound = this.#bound(all.count);
    if (low.count === 0 || low.mean + this.#bound(low.count) >= all.mean + bound) Object.assign(low, all);
    if (high.count === 0 || high.mean - this.#bound(high.count) <= all.mean - bound) Object.assign(high, all);

    if (this.#moved(this.#driftConfidence)) {
      this.reset();
      return 'drift';
    }
    return this.#moved(this.#warningConfidence) ? 'warning' : 'none';
  }

  reset(): void {
    this.#state = emptyState();
  }

  snapshot(): HddmAState {
    return structuredClone(this.#state);
  }

  restore(state: HddmAState): void {
    this.#state = structuredClone(state);
  }

  #bound(count: number): number {
    return Math.sqrt((1 / (2 * count)) * Math.log(1 / this.#driftConfidence));
  }

  #moved(confidence: number): boolean {
    const {all, low, high} = this.#state;
    if (all.mean - low.mean >= reach(low.count, all.count, confidence)) return true;
    return this.#twoSided && high.mean - all.mean >= reach(high.count, all.count, confidence);
  }
}

/** How far the mean of all values may lie from that of the first `cut` by chance. */
function reach(cut: number, all: number, confidence: number): number {
  if (cut === all) return Infinity;
  const share = ((all - cut) / cut) * (1 / all);
  return Math.sqrt((share / 2) * Math.log(2 / confidence));
}

function emptyState(): HddmAState {
  return {all: {count: 0, mean: 0}, low: {count: 0, mean: 0}, high: {count: 0, mean: 0}};
}

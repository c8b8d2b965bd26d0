/**
 * HDDM_W: exponentially weighted means before and after the best cut, by McDiarmid's bound (Frías-Blanco and
 * others, 2015). For values from 0 to 1, errors above all.
 */

import {type DriftDetector, type DriftVerdict, requireShare} from './detector.ts';

export type HddmWOptions = {
  /** The chance of a false drift that is accepted; default 0.001. */
  readonly driftConfidence?: number;
  /** The chance of a false warning that is accepted; default 0.005. */
  readonly warningConfidence?: number;
  /** The weight of the newest value; default 0.05. */
  readonly lambda?: number;
  /** Whether a falling mean counts too; default false. */
  readonly twoSided?: boolean;
};

type WeightedMean = {
  /** null before the first value. */
  mean: number | null;
  /** Sum of the squared weights of independent values. */
  weight: number;
};

/** The weighted mean up to the best cut, that cut's bound (null without one), and the mean after it. */
type Cut = {bound: number | null; before: WeightedMean; after: WeightedMean};

export type HddmWState = {all: WeightedMean; increase: Cut; decrease: Cut};

/** The same detections as River 0.26. Best for gradual drift. */
export class HddmW implements DriftDetector<HddmWState> {
  readonly #driftConfidence: number;
  readonly #warningConfidence: number;
  readonly #lambda: number;
  readonly #twoSided: boolean;
  #state = emptyState();

  constructor({
    driftConfidence = 0.001,
    warningConfidence = 0.005,
    lambda = 0.05,
    twoSided = false,
  }: HddmWOptions = {}) {
    this.#driftConfidence = driftConfidence;
    this.#warningConfidence = warningConfidence;
    this.#lambda = lambda;
    this.#twoSided = twoSided;
  }

  update(value: number): DriftVerdict {
    requireShare(value);
    const {all, increase, decrease} = this.#state;
    this.#add(all, value);
    const reach = mcDiarmid(all.weight, this.#driftConfidence);
    const upper = all.mean! + reach;
    if (increase.bound === null || upper < increase.bound) cutHere(increase, upper, all);
    else this.#add(increase.after, value);
    const lower = all.mean! - reach;
    if (decrease.bound === null || lower > decrease.bound) cutHere(decrease, lower, all);
    else this.#add(decrease.after, value);

    if (this.#moved(this.#driftConfidence)) {
      this.reset();
      return 'drift';
    }
    return this.#moved(this.#warningConfidence) ? 'warning' : 'none';
  }

  reset(): void {
    this.#state = emptyState();
  }

  snapshot(): HddmWState {
    return structuredClone(this.#state);
  }

  restore(state: HddmWState): void {
    this.#state = structuredClone(state);
  }

  #add(state: WeightedMean, value: number): void {
    const kept = 1 - this.#lambda;
    state.mean = state.mean === null ? value : this.#lambda * value + kept * state.mean;
    state.weight = this.#lambda * this.#lambda + kept ** 2 * state.weight;
  }

  #moved(confidence: number): boolean {
    const {increase, decrease} = this.#state;
    if (exceeds(increase.after, increase.before, confidence)) return true;
    return this.#twoSided && exceeds(decrease.before, decrease.after, confidence);
  }
}

/** Whether the larger mean lies above the smaller beyond chance. */
function exceeds(larger: WeightedMean, smaller: WeightedMean, confidence: number): boolean {
  if (larger.mean === null || smaller.mean === null) return false;
  return larger.mean - smaller.mean > mcDiarmid(larger.weight + smaller.weight, confidence);
}

function mcDiarmid(weight: number, confidence: number): number {
  return Math.sqrt((weight * Math.log(1 / confidence)) / 2);
}

function cutHere(cut: Cut, bound: number, all: WeightedMean): void {
  cut.bound = bound;
  cut.before = {...all};
  cut.after = {mean: null, weight: 1};
}

function emptyState(): HddmWState {
  const none = (): WeightedMean => ({mean: null, weight: 1});
  const cut = (): Cut => ({bound: null, before: none(), after: none()});
  return {all: none(), increase: cut(), decrease: cut()};
}

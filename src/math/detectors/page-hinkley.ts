/** The Page-Hinkley test: a cumulative sum that forgets (Page, "Continuous inspection schemes", 1954). For real values. */

import {type DriftDetector, type DriftVerdict, requireFinite} from './detector.ts';
import {type RunningMean, updateMean} from './running-mean.ts';

export type PageHinkleyOptions = {
  /** Values before the first verdict; default 30. */
  readonly minInstances?: number;
  /** The change that is tolerated, in the unit of the values; default 0.005. */
  readonly delta?: number;
  /** The cumulated deviation that is drift, in the unit of the values: set it to fit them; default 50. */
  readonly threshold?: number;
  /** What a cumulated deviation keeps at each value; default 0.9999. */
  readonly alpha?: number;
  /** Which change of the mean counts; default both. */
  readonly direction?: 'up' | 'down' | 'both';
};

export type PageHinkleyState = RunningMean & {
  increase: number;
  decrease: number;
  /** null before the first value. */
  lowestIncrease: number | null;
  highestDecrease: number;
};

/** The same detections as River 0.26. */
export class PageHinkley implements DriftDetector<PageHinkleyState> {
  readonly #minInstances: number;
  readonly #delta: number;
  readonly #threshold: number;
  readonly #alpha: number;
  readonly #direction: 'up' | 'down' | 'both';
  #state = emptyState();

  constructor({
    minInstances = 30,
    delta = 0.005,
    threshold = 50,
    alpha = 0.9999,
    direction = 'both',
  }: PageHinkleyOptions = {}) {
    this.#minInstances = minInstances;
    this.#delta = delta;
    this.#threshold = threshold;
    this.#alpha = alpha;
    this.#direction = direction;
  }

  update(value: number): DriftVerdict {
    requireFinite(value);
    const state = this.#state;
    updateMean(state, value);
    const deviation = value - state.mean;
    state.increase = this.#alpha * state.increase + deviation - this.#delta;
    state.decrease = this.#alpha * state.decrease + deviation + this.#delta;
    state.lowestIncrease = Math.min(state.lowestIncrease ?? Infinity, state.increase);
    state.highestDecrease = Math.max(state.highestDecrease, state.decrease);
    if (state.count < this.#minInstances) return 'none';
    const up = this.#direction !== 'down' && state.increase - state.lowestIncrease > this.#threshold;
    const down = this.#direction !== 'up' && state.highestDecrease - state.decrease > this.#threshold;
    if (!up && !down) return 'none';
    this.reset();
    return 'drift';
  }

  reset(): void {
    this.#state = emptyState();
  }

  snapshot(): PageHinkleyState {
    return {...this.#state};
  }

  restore(state: PageHinkleyState): void {
    this.#state = {...state};
  }
}

function emptyState(): PageHinkleyState {
  return {count: 0, mean: 0, increase: 0, decrease: 0, lowestIncrease: null, highestDecrease: -1};
}

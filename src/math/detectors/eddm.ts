/**
 * EDDM, the early drift detection method: errors that come closer together (Baena-García, del Campo-Ávila,
 * Fidalgo, Bifet, Gavaldà and Morales-Bueno, 2006). For errors, 1 or 0.
 */

import {type DriftDetector, type DriftVerdict, requireError} from './detector.ts';
import {type RunningMean, updateMean} from './running-mean.ts';

export type EddmOptions = {
  /** Values, and errors, before the first verdict; default 30. */
  readonly warmStart?: number;
  /** Below this share of the largest distance seen is a warning; default 0.95. */
  readonly alpha?: number;
  /** Below this share is drift, at most `alpha`; default 0.9. */
  readonly beta?: number;
};

export type EddmState = {
  values: number;
  lastError: number;
  /** Values between two errors. */
  distance: RunningMean;
  squares: number;
  /** The largest mean + 2 standard deviations of that distance; -1 before the first. */
  largest: number;
  warning: boolean;
};

/** The same detections as River 0.26. Sees gradual drift early, at the price of more false alarms than `Ddm`. */
export class Eddm implements DriftDetector<EddmState> {
  readonly #warmStart: number;
  readonly #alpha: number;
  readonly #beta: number;
  #state = emptyState();

  constructor({warmStart = 30, alpha = 0.95, beta = 0.9}: EddmOptions = {}) {
    if (!(alpha >= beta)) throw new RangeError(`alpha must be at least beta, got ${alpha} and ${beta}`);
    this.#warmStart = warmStart;
    this.#alpha = alpha;
    this.#beta = beta;
  }

  update(error: number): DriftVerdict {
    requireError(error);
    const state = this.#state;
    state.values++;
    if (error === 1 && this.#errorsCameCloser()) {
      this.reset();
      return 'drift';
    }
    return state.warning ? 'warning' : 'none';
  }

  reset(): void {
    this.#state = emptyState();
  }

  snapshot(): EddmState {
    return structuredClone(this.#state);
  }

  restore(state: EddmState): void {
    this.#state = structuredClone(state);
  }

  /** Takes an error at the present value; a warning stands until the next error. */
  #errorsCameCloser(): boolean {
    const state = this.#state;
    const {distance} = state;
    const length = state.values - state.lastError;
    const before = distance.mean;
    updateMean(distance, length);
    state.squares += (length - before) * (length - distance.mean);
    state.lastError = state.values;
    if (state.values <= this.#warmStart) return false;

    const variance = distance.count > 1 ? state.squares / (distance.count - 1) : 0;
    const reach = distance.mean + 2 * Math.sqrt(variance);
    if (reach > state.largest) state.largest = reach;
    else if (distance.count > this.#warmStart) {
      const level = reach / state.largest;
      if (level < this.#beta) return true;
      state.warning = level < this.#alpha;
    }
    return false;
  }
}

function emptyState(): EddmState {
  return {values: 0, lastError: 0, distance: {count: 0, mean: 0}, squares: 0, largest: -1, warning: false};
}

/**
 * DDM, the drift detection method: an error rate above its best by some standard deviations (Gama, Medas,
 * Castillo and Rodrigues, "Learning with drift detection", 2004). For errors, 1 or 0.
 */

import {type DriftDetector, type DriftVerdict, requireError} from './detector.ts';
import {type RunningMean, updateMean} from './running-mean.ts';

export type DdmOptions = {
  /** Values before the first verdict; default 30. */
  readonly warmStart?: number;
  /** In standard deviations of the best error rate; default 2. */
  readonly warningThreshold?: number;
  /** In standard deviations of the best error rate; default 3. */
  readonly driftThreshold?: number;
};

export type DdmState = RunningMean & {
  /** The error rate where rate + deviation was lowest; null before the first verdict. */
  best: {rate: number; deviation: number} | null;
};

/** The same detections as River 0.26. Best for sudden drift: after a long calm it is slow to see a gradual one. */
export class Ddm implements DriftDetector<DdmState> {
  readonly #warmStart: number;
  readonly #warningThreshold: number;
  readonly #driftThreshold: number;
  #state = emptyState();

  constructor({warmStart = 30, warningThreshold = 2, driftThreshold = 3}: DdmOptions = {}) {
    this.#warmStart = warmStart;
    this.#warningThreshold = warningThreshold;
    this.#driftThreshold = driftThreshold;
  }

  update(error: number): DriftVerdict {
    requireError(error);
    const state = this.#state;
    updateMean(state, error);
    if (state.count <= this.#warmStart) return 'none';
    const rate = state.mean;
    const deviation = Math.sqrt(Math.max(0, rate * (1 - rate)) / state.count);
    if (state.best === null || rate + deviation <= state.best.rate + state.best.deviation)
      state.best = {rate, deviation};
    const above = rate + deviation;
    if (above > state.best.rate + this.#driftThreshold * state.best.deviation) {
      this.reset();
      return 'drift';
    }
    return above > state.best.rate + this.#warningThreshold * state.best.deviation ? 'warning' : 'none';
  }

  reset(): void {
    this.#state = emptyState();
  }

  snapshot(): DdmState {
    return structuredClone(this.#state);
  }

  restore(state: DdmState): void {
    this.#state = structuredClone(state);
  }
}

function emptyState(): DdmState {
  return {count: 0, mean: 0, best: null};
}

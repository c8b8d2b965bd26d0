/** Streaming detectors on matured rows: the moment at which outcomes stop being what scores said. */

import {Adwin, type AdwinState, Ddm, type DdmState} from '../../math/index.ts';
import {logOdds} from './score-curve.ts';

/** A row whose label has come, in order of the time at which it was predicted. */
export type MaturedOutcome = {
  /** Probability of label 1. */
  readonly score: number;
  /** 0 or 1. */
  readonly label: number;
  /** UTC ms. */
  readonly at: number;
  readonly version: number;
};

export type ConceptDetection = {
  readonly detector: 'ADWIN' | 'DDM';
  /** Outcomes are more or less frequent than the scores say; the scores tell them apart better or worse; more decisions are wrong. */
  readonly of: 'rate' | 'discrimination' | 'errors';
  readonly version: number;
  /** When the row was predicted at which it was detected (UTC ms). */
  readonly at: number;
  /** Rows of this version since it began or the last detection, this one included. */
  readonly rows: number;
};

export type ConceptWatchOptions = {
  readonly detector?: 'adwin' | 'ddm';
  /** Score from which on label 1 is decided; DDM watches decisions. */
  readonly decideAt?: number;
};

/** Plain JSON. */
export type ConceptWatchState = {
  readonly version: number | null;
  readonly rows: number;
  readonly rate: AdwinState;
  readonly discrimination: AdwinState;
  readonly errors: DdmState;
};

/** Log odds that count as one. */
const SCALE = 4;

/**
 * Follows the version that answers now; a newer one starts afresh and rows of earlier ones are left out. ADWIN watches
 * two means that are 0 for calibrated scores whatever inputs come, so that a shift of inputs alone is none: label less
 * score (the rate), and that times the log odds (log loss less what was to be expected: the discrimination). DDM watches
 * the error rate of decisions, which inputs move, too.
 */
export class ConceptWatch {
  readonly #detector: 'adwin' | 'ddm';
  readonly #decideAt: number;
  readonly #rate = new Adwin();
  readonly #discrimination = new Adwin();
  readonly #errors = new Ddm();
  #version: number | null = null;
  #rows = 0;

  constructor({detector = 'adwin', decideAt = 0.5}: ConceptWatchOptions = {}) {
    this.#detector = detector;
    this.#decideAt = decideAt;
  }

  /** What this row made certain; null nearly always. */
  add({score, label, at, version}: MaturedOutcome): ConceptDetection | null {
    if (this.#version !== null && version < this.#version) return null;
    if (version !== this.#version) this.#start(version);
    this.#rows++;
    const found = (detector: ConceptDetection['detector'], of: ConceptDetection['of']): ConceptDetection => {
      const rows = this.#rows;
      this.#start(version);
      return {detector, of, version, at, rows};
    };
    if (this.#detector === 'ddm') {
      const wrong = score >= this.#decideAt === (label === 1) ? 0 : 1;
      return this.#errors.update(wrong) === 'drift' ? found('DDM', 'errors') : null;
    }
    const residual = label - score;
    const rate = this.#rate.update(residual);
    const discrimination = this.#discrimination.update((residual * logOdds(score)) / SCALE);
    if (rate === 'drift') return found('ADWIN', 'rate');
    return discrimination === 'drift' ? found('ADWIN', 'discrimination') : null;
  }

  snapshot(): ConceptWatchState {
    return {
      version: this.#version,
      rows: this.#rows,
      rate: this.#rate.snapshot(),
      discrimination: this.#discrimination.snapshot(),
      errors: this.#errors.snapshot(),
    };
  }

  restore({version, rows, rate, discrimination, errors}: ConceptWatchState): void {
    this.#version = version;
    this.#rows = rows;
    this.#rate.restore(rate);
    this.#discrimination.restore(discrimination);
    this.#errors.restore(errors);
  }

  /** From nothing: what was learned of an earlier version, or before a change, no longer counts. */
  #start(version: number): void {
    this.#version = version;
    this.#rows = 0;
    for (const detector of [this.#rate, this.#discrimination, this.#errors]) detector.reset();
  }
}

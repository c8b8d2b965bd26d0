/** Scores whose labels have come, the newest ones: what a calibration is kept fresh with. */

import type {Random} from '../../math/index.ts';
import type {ReferenceRows} from '../windows/row-sample.ts';
import {fitScoreCalibration, type ScoreCalibration} from './score-calibration.ts';

/** Newest rows that are kept. */
const MOST_ROWS = 10_000;
/** Fewer rows, or fewer of a class, are less to go by than the test split. */
const LEAST_ROWS = 2_000;
const LEAST_OF_A_CLASS = 50;

/**
 * The newest 10,000 rows of one version, by when they were added. Add rows only once their label windows have
 * closed, negatives as well as positives: rows that are known early are not like the others.
 */
export class MaturedScores {
  readonly #scores = new Float64Array(MOST_ROWS);
  readonly #labels = new Float64Array(MOST_ROWS);
  #added = 0;
  #newest = Number.NEGATIVE_INFINITY;

  /** `label`: 0 or 1. `at`: when it was predicted (UTC ms). */
  add(score: number, label: number, at: number): void {
    const place = this.#added++ % MOST_ROWS;
    this.#scores[place] = score;
    this.#labels[place] = label;
    this.#newest = Math.max(this.#newest, at);
  }

  get rows(): number {
    return Math.min(this.#added, MOST_ROWS);
  }

  /** When the newest of them was predicted (UTC ms); null without any. */
  get newest(): number | null {
    return this.#added === 0 ? null : this.#newest;
  }

  get scores(): Float64Array {
    return this.#scores.subarray(0, this.rows);
  }

  get labels(): Float64Array {
    return this.#labels.subarray(0, this.rows);
  }
}

/** A calibration from matured rows where there are enough (2,000, and 50 of each class), else from the test split. */
export function refreshCalibration(
  reference: Pick<ReferenceRows, 'scores' | 'labels'>,
  matured: Pick<MaturedScores, 'scores' | 'labels' | 'newest'>,
  random: Random,
): ScoreCalibration {
  const {scores, labels, newest} = matured;
  const positives = labels.reduce((sum, y) => sum + y, 0);
  const fewer = Math.min(positives, labels.length - positives);
  if (labels.length < LEAST_ROWS || fewer < LEAST_OF_A_CLASS)
    return fitScoreCalibration(reference.scores, reference.labels, {random});
  return fitScoreCalibration(scores, labels, {random, from: 'matured', asOf: newest});
}

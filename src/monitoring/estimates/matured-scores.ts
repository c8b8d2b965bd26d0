/** Scores whose labels have come, of the last weeks: what a calibration is kept fresh with. */

import {type Random, Reservoir} from '../../math/index.ts';
import type {ReferenceRows} from '../windows/row-sample.ts';
import {fitScoreCalibration, type ScoreCalibration} from './score-calibration.ts';

const DAY_MS = 86_400_000;
/** Days that are kept, the newest, and rows of each: a uniform sample. One busy day must not speak for all. */
const DAYS = 28;
const ROWS_A_DAY = 500;
/** Fewer days, rows, or rows of a class are less to go by than the test split. */
const LEAST_DAYS = 7;
const LEAST_ROWS = 2_000;
const LEAST_OF_A_CLASS = 50;

type Row = {readonly score: number; readonly label: number};

/**
 * Rows of one version, at most 14,000. Add rows only once their label windows have closed, negatives as well as
 * positives: rows that are known early are not like the others.
 */
export class MaturedScores {
  readonly #random: Random;
  readonly #days = new Map<number, Reservoir<Row>>();
  #newest: number | null = null;

  constructor(random: Random) {
    this.#random = random;
  }

  /** `label`: 0 or 1. `at`: when it was predicted (UTC ms), in about that order. */
  add(score: number, label: number, at: number): void {
    const day = Math.floor(at / DAY_MS);
    let rows = this.#days.get(day);
    if (rows === undefined) {
      rows = new Reservoir(ROWS_A_DAY, this.#random);
      this.#days.set(day, rows);
      if (this.#days.size > DAYS) this.#days.delete(Math.min(...this.#days.keys()));
    }
    rows.offer({score, label});
    this.#newest = Math.max(this.#newest ?? at, at);
  }

  /** When the newest row was predicted (UTC ms); null without any. */
  get newest(): number | null {
    return this.#newest;
  }

  /** UTC days that rows are of. */
  get days(): number {
    return this.#days.size;
  }

  columns(): {readonly scores: Float64Array; readonly labels: Float64Array} {
    const rows = [...this.#days.values()].flatMap(({items}) => items);
    return {scores: Float64Array.from(rows, row => row.score), labels: Float64Array.from(rows, row => row.label)};
  }
}

/** A calibration from matured rows where there are enough (7 days, 2,000 rows, 50 of each class), else from the test split. */
export function refreshCalibration(
  reference: Pick<ReferenceRows, 'scores' | 'labels'>,
  matured: MaturedScores,
  random: Random,
): ScoreCalibration {
  const {scores, labels} = matured.columns();
  const positives = labels.reduce((sum, y) => sum + y, 0);
  const fewer = Math.min(positives, labels.length - positives);
  if (matured.days < LEAST_DAYS || labels.length < LEAST_ROWS || fewer < LEAST_OF_A_CLASS)
    return fitScoreCalibration(reference.scores, reference.labels, {random});
  return fitScoreCalibration(scores, labels, {random, from: 'matured', asOf: matured.newest});
}

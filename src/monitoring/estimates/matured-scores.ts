/** Scores whose labels have come, of the last weeks: what a calibration is kept fresh with. */

import {hash53, type Random} from '../../math/index.ts';
import type {ReferenceRows} from '../windows/row-sample.ts';
import {fitScoreCalibration, type ScoreCalibration} from './score-calibration.ts';

const DAY_MS = 86_400_000;
/** Days that are kept, the newest, and rows of each: a uniform sample. No busy day may speak for all. */
const DAYS = 28;
const ROWS_A_DAY = 500;
/** Fewer days, rows, or rows of a class are less to go by than the test split. */
const LEAST_DAYS = 7;
const LEAST_ROWS = 2_000;
const LEAST_OF_A_CLASS = 50;

type Row = {readonly score: number; readonly label: number; readonly at: number; readonly rank: number};

/**
 * Rows of one version, at most 14,000. Add rows only once their label windows have closed, negatives as well as
 * positives: rows that are known early are not like the others. Which rows are kept follows from the rows alone (of
 * each day those with the smallest hashes): adding what was kept, in any order, gives the same state again.
 */
export class MaturedScores {
  readonly #days = new Map<number, Row[]>();
  #newest: number | null = null;

  /** `label`: 0 or 1. `at`: when it was predicted (UTC ms). */
  add(score: number, label: number, at: number): void {
    const day = Math.floor(at / DAY_MS);
    const rows = this.#days.get(day) ?? [];
    if (rows.length === 0) {
      this.#days.set(day, rows);
      if (this.#days.size > DAYS) this.#days.delete(Math.min(...this.#days.keys()));
    }
    keepSmallest(rows, {score, label, at, rank: hash53(`${at} ${score}`)});
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

  /** What is kept, by time. */
  columns(): {readonly scores: Float64Array; readonly labels: Float64Array; readonly times: Float64Array} {
    const rows = [...this.#days.values()].flat().sort((a, b) => a.at - b.at || a.rank - b.rank);
    const column = (of: (row: Row) => number) => Float64Array.from(rows, of);
    return {scores: column(row => row.score), labels: column(row => row.label), times: column(row => row.at)};
  }
}

/** Keeps the rows of the smallest ranks; the largest of a full list stands first. */
function keepSmallest(rows: Row[], row: Row): void {
  if (rows.length < ROWS_A_DAY) {
    rows.push(row);
    if (rows.length < ROWS_A_DAY) return;
  } else if (row.rank < rows[0]!.rank) rows[0] = row;
  else return;
  let largest = 0;
  for (let i = 1; i < rows.length; i++) if (rows[i]!.rank > rows[largest]!.rank) largest = i;
  [rows[0], rows[largest]] = [rows[largest]!, rows[0]!];
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

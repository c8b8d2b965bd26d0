import {meanInterval} from '../../../math/index.ts';
import {wholeNumber} from '../../alerts/words.ts';
import {rangeWords} from '../definitions/check-words.ts';
import {CONFIDENCE} from './chance.ts';
import {type ColumnBounds, limitOf, shown} from './column-bounds.ts';
import type {Outcome, ServedRow, Tally} from './tally.ts';

/** The mean, by sums of differences from the first value, which keeps the digits of a narrow column far from 0. */
export class MeanTally implements Tally {
  readonly #bounds: ColumnBounds;
  #rows = 0;
  #first = 0;
  #sum = 0;
  #squares = 0;

  constructor(bounds: ColumnBounds) {
    this.#bounds = bounds;
  }

  add(row: ServedRow): void {
    const value = row[this.#bounds.at];
    if (typeof value !== 'number' || Number.isNaN(value)) return;
    if (this.#rows++ === 0) this.#first = Number.isFinite(value) ? value : 0;
    const difference = value - this.#first;
    this.#sum += difference;
    this.#squares += difference * difference;
  }

  read(): Outcome {
    const {min, max} = this.#bounds;
    const rows = this.#rows;
    const mean = this.#first + this.#sum / rows;
    const m2 = Math.max(0, this.#squares - (this.#sum * this.#sum) / rows);
    const interval =
      rows < 2 || !Number.isFinite(mean) ? {low: mean, high: mean} : meanInterval({count: rows, mean, m2}, CONFIDENCE);
    const kept = (min === null || interval.high >= min) && (max === null || interval.low <= max) && !Number.isNaN(mean);
    return {
      kept: kept || rows === 0,
      rows,
      broken: 0,
      measured: rows === 0 ? null : mean,
      limit: limitOf(mean, this.#bounds),
      message: `The mean of ${wholeNumber(rows)} rows is ${shown(mean)} [${shown(interval.low)}, ${shown(interval.high)}]; it should be ${rangeWords(this.#bounds)}.`,
    };
  }

  reset(): void {
    this.#rows = 0;
    this.#sum = 0;
    this.#squares = 0;
  }
}

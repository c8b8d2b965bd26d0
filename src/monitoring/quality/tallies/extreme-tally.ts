import {wholeNumber} from '../../alerts/words.ts';
import {rangeWords} from '../definitions/check-words.ts';
import {type ColumnBounds, limitOf, shown} from './column-bounds.ts';
import type {Outcome, ServedRow, Tally} from './tally.ts';

/** The smallest or the largest value. */
export class ExtremeTally implements Tally {
  readonly #bounds: ColumnBounds;
  readonly #sign: 1 | -1;
  /** Whether the value itself may be told: it is one row's own. */
  readonly #told: boolean;
  #rows = 0;
  #most = Number.NEGATIVE_INFINITY;

  constructor(of: 'minimum' | 'maximum', bounds: ColumnBounds, told: boolean) {
    this.#bounds = bounds;
    this.#sign = of === 'maximum' ? 1 : -1;
    this.#told = told;
  }

  add(row: ServedRow): void {
    const value = row[this.#bounds.at];
    if (typeof value !== 'number' || Number.isNaN(value)) return;
    this.#rows++;
    if (value * this.#sign > this.#most) this.#most = value * this.#sign;
  }

  read(): Outcome {
    const {min, max} = this.#bounds;
    const value = this.#most * this.#sign;
    const kept = (min === null || value >= min) && (max === null || value <= max);
    const name = this.#sign === 1 ? 'largest' : 'smallest';
    const is = this.#told ? `is ${shown(value)}` : kept ? 'lies within the bounds' : 'lies outside the bounds';
    return {
      kept: kept || this.#rows === 0,
      rows: this.#rows,
      broken: 0,
      measured: this.#told && this.#rows > 0 ? value : null,
      limit: limitOf(value, this.#bounds),
      message: `The ${name} value of ${wholeNumber(this.#rows)} rows ${is}; it should be ${rangeWords(this.#bounds)}.`,
    };
  }

  reset(): void {
    this.#rows = 0;
    this.#most = Number.NEGATIVE_INFINITY;
  }
}

import {wholeNumber} from '../../alerts/words.ts';
import {rangeWords} from '../definitions/check-words.ts';
import {type ColumnBounds, limitOf} from './column-bounds.ts';
import {valueKey} from './remembered-values.ts';
import type {Outcome, ServedRow, Tally} from './tally.ts';

/** Rows for each different value that is asked for, below which too few of them are no surprise. */
const ROWS_PER_VALUE = 10;

/** Different values; no more are remembered than decide. */
export class DistinctTally implements Tally {
  readonly #bounds: ColumnBounds;
  readonly #key: (row: ServedRow) => string | number | null;
  readonly #enough: number;
  readonly #values = new Set<string | number>();
  #rows = 0;

  constructor(bounds: ColumnBounds) {
    this.#bounds = bounds;
    this.#key = valueKey([bounds.at]);
    this.#enough = bounds.max === null ? bounds.min! : bounds.max + 1;
  }

  add(row: ServedRow): void {
    const key = this.#key(row);
    if (key === null) return;
    this.#rows++;
    if (this.#values.size < this.#enough) this.#values.add(key);
  }

  read(): Outcome {
    const {min, max} = this.#bounds;
    const values = this.#values.size;
    const tooFew = min !== null && values < min && this.#rows >= ROWS_PER_VALUE * min;
    const tooMany = max !== null && values > max;
    const orMore = values === this.#enough ? ' or more' : '';
    return {
      kept: !tooFew && !tooMany,
      rows: this.#rows,
      broken: 0,
      measured: values,
      limit: limitOf(values, this.#bounds),
      message: `${wholeNumber(this.#rows)} rows have ${wholeNumber(values)}${orMore} different values; there should be ${rangeWords(this.#bounds)}.`,
    };
  }

  reset(): void {
    this.#rows = 0;
    this.#values.clear();
  }
}

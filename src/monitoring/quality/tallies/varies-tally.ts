import {wholeNumber} from '../../alerts/words.ts';
import {shown} from './column-bounds.ts';
import {isNull, type Outcome, type ServedRow, type Tally} from './tally.ts';

/** Whether there is more than one value. */
export class VariesTally implements Tally {
  readonly #at: number;
  readonly #told: boolean;
  #rows = 0;
  #first: number | string = 0;
  #varies = false;

  constructor(at: number, told: boolean) {
    this.#at = at;
    this.#told = told;
  }

  add(row: ServedRow): void {
    const value = row[this.#at]!;
    if (isNull(value)) return;
    if (this.#rows++ === 0) this.#first = value!;
    else if (value !== this.#first) this.#varies = true;
  }

  read(): Outcome {
    const rows = wholeNumber(this.#rows);
    const value = this.#told
      ? `, ${typeof this.#first === 'number' ? shown(this.#first) : JSON.stringify(this.#first)}`
      : '';
    return {
      kept: this.#varies || this.#rows < 2,
      rows: this.#rows,
      broken: this.#varies ? 0 : this.#rows,
      measured: null,
      limit: null,
      message: this.#varies
        ? `${rows} rows have more than one value.`
        : `All ${rows} rows have the same value${value}; it is stuck.`,
    };
  }

  reset(): void {
    this.#rows = 0;
    this.#varies = false;
  }
}

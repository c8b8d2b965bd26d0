import {percent, wholeNumber} from '../../alerts/words.ts';
import {rangeWords} from '../definitions/check-words.ts';
import {moreThan} from './chance.ts';
import type {ColumnBounds} from './column-bounds.ts';
import type {Outcome, ServedRow, Tally} from './tally.ts';

/**
 * The median lies in [min, max] unless more than half of the values lie below min, or above max: two counters say so
 * exactly, and whether it is more than chance, where a sketch would have an error of its own.
 */
export class MedianTally implements Tally {
  readonly #bounds: ColumnBounds;
  readonly #min: number;
  readonly #max: number;
  #rows = 0;
  #below = 0;
  #above = 0;

  constructor(bounds: ColumnBounds) {
    this.#bounds = bounds;
    this.#min = bounds.min ?? Number.NEGATIVE_INFINITY;
    this.#max = bounds.max ?? Number.POSITIVE_INFINITY;
  }

  add(row: ServedRow): void {
    const value = row[this.#bounds.at];
    if (typeof value !== 'number' || Number.isNaN(value)) return;
    this.#rows++;
    if (value < this.#min) this.#below++;
    else if (value > this.#max) this.#above++;
  }

  read(): Outcome {
    const [rows, below, above] = [this.#rows, this.#below, this.#above];
    const worse = Math.max(below, above);
    const side = below >= above ? `below ${this.#bounds.min}` : `above ${this.#bounds.max}`;
    return {
      kept: !moreThan(0.5, worse, rows),
      rows,
      broken: worse,
      measured: rows === 0 ? null : worse / rows,
      limit: 0.5,
      message: `${rows === 0 ? 'None' : percent(worse / rows)} of ${wholeNumber(rows)} rows ${worse === 0 ? 'lie outside' : `lie ${side}`}; the median should be ${rangeWords(this.#bounds)}.`,
    };
  }

  reset(): void {
    this.#rows = 0;
    this.#below = 0;
    this.#above = 0;
  }
}

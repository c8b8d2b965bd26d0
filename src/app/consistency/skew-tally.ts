import type {ServedBatch} from '../../logs/index.ts';
import type {ColumnData, FeatureSkew, SkewExample, SkewKind, TypeName, Value} from '../../protocol/index.ts';

/** Examples kept of each kind. */
const EXAMPLES = 3;

/** Counts how the served values of one feature differ from the recomputed ones: to the bit, and by how much. */
export class SkewTally {
  readonly #feature: string;
  readonly #numeric: boolean;
  #compared = 0;
  readonly #counts: Record<SkewKind, number> = {mismatch: 0, missing: 0, extra: 0};
  #largest = 0;
  #pairs = 0;
  #distance = 0;
  readonly #examples: SkewExample[] = [];

  constructor(feature: string, type: TypeName) {
    this.#feature = feature;
    this.#numeric = type === 'number' || type === 'int';
  }

  /**
   * Compares row i of `served` with row `offset + i` of `again`. `requestOf` makes the request of a row, for examples.
   */
  compare(
    served: ColumnData,
    again: ColumnData,
    offset: number,
    batch: ServedBatch,
    requestOf: (row: number) => Readonly<Record<string, Value>>,
  ): void {
    this.#compared += batch.count;
    for (let i = 0; i < batch.count; i++) {
      const a = present(served[i]);
      const b = present(again[offset + i]);
      if (a === b) {
        if (a !== null) this.#pairs++;
        continue;
      }
      const kind = a === null ? 'missing' : b === null ? 'extra' : 'mismatch';
      if (typeof a === 'number' && typeof b === 'number') this.#measure(a, b);
      if (this.#counts[kind]++ < EXAMPLES)
        this.#examples.push({
          kind,
          id: batch.ids[i]!,
          at: batch.at[i]!,
          position: batch.positions[i]!,
          served: a,
          recomputed: b,
          request: requestOf(i),
        });
    }
  }

  get result(): FeatureSkew {
    const {mismatch, missing, extra} = this.#counts;
    return {
      feature: this.#feature,
      compared: this.#compared,
      mismatches: mismatch,
      missing,
      extra,
      maxDifference: this.#largest,
      smape: this.#numeric && this.#pairs > 0 ? this.#distance / this.#pairs : null,
      examples: this.#examples,
    };
  }

  #measure(a: number, b: number): void {
    this.#pairs++;
    const difference = Math.abs(a - b);
    // Infinite values are as far apart as can be.
    this.#distance += Number.isFinite(difference) ? (2 * difference) / (Math.abs(a) + Math.abs(b)) : 2;
    this.#largest = Math.max(this.#largest, Math.min(difference, Number.MAX_VALUE));
  }
}

const present = (value: number | string | null | undefined): number | string | null =>
  value === undefined || (typeof value === 'number' && Number.isNaN(value)) ? null : value;

import type {Columns} from '../../protocol/index.ts';
import type {StringCodes} from '../windows/string-codes.ts';

/**
 * Rows grouped by key: those of key k have the numbers [starts[k], starts[k + 1]) among all, and lie in a block of
 * `data` of their own, column by column: column c of the i-th is at `starts[k] * width + c * n + i`.
 */
export type KeyedColumns = {
  readonly keys: number;
  readonly width: number;
  readonly starts: Int32Array;
  readonly data: Float64Array;
};

type Chunk = {readonly count: number; readonly key: Float64Array; readonly columns: readonly Float64Array[]};

/**
 * Groups what comes in chunks by key, in the order in which it comes: a counting sort, since keys are numbered and
 * events are stored nearly in order of time. Memory that threads can share.
 */
export class Grouping {
  readonly #keys: number;
  readonly #width: number;
  readonly #counts: Int32Array;
  readonly #chunks: Chunk[] = [];

  constructor(keys: number, width: number) {
    this.#keys = keys;
    this.#width = width;
    this.#counts = new Int32Array(keys);
  }

  /** Takes the columns in this order. Rows with a key of NaN are passed over. */
  add(count: number, key: Float64Array, columns: readonly Float64Array[]): void {
    for (let i = 0; i < count; i++) {
      const k = key[i]!;
      if (!Number.isNaN(k)) this.#counts[k]!++;
    }
    this.#chunks.push({count, key, columns});
  }

  /** All that was taken. */
  group(): KeyedColumns {
    const width = this.#width;
    const starts = new Int32Array(new SharedArrayBuffer((this.#keys + 1) * 4));
    for (let k = 0; k < this.#keys; k++) starts[k + 1] = starts[k]! + this.#counts[k]!;
    const data = new Float64Array(new SharedArrayBuffer(starts[this.#keys]! * width * 8));
    const next = this.#counts.fill(0);
    for (let chunk = this.#chunks.shift(); chunk !== undefined; chunk = this.#chunks.shift()) {
      const {count, key, columns} = chunk;
      for (let i = 0; i < count; i++) {
        const k = key[i]!;
        if (Number.isNaN(k)) continue;
        const start = starts[k]!;
        const n = starts[k + 1]! - start;
        let at = start * width + next[k]!++;
        for (let c = 0; c < width; c++, at += n) data[at] = columns[c]![i]!;
      }
    }
    return {keys: this.#keys, width, starts, data};
  }
}

/** The named columns of a chunk as numbers, strings as their codes. */
export const numbersOf = ({columns}: Columns, names: readonly string[], codes: StringCodes): Float64Array[] =>
  names.map(name => {
    const column = columns[name]!;
    return column instanceof Float64Array ? column : Float64Array.from(column, text => codes.encode(text));
  });

// The features of one key as bytes: a float64 for each feature in this machine's order, then the strings.
//
//   number, boolean, time   the value, NaN for null
//   string                  its length in bytes, NaN for null; its UTF-8 stands behind the numbers, in order
import type {ColumnData} from '../../protocol/index.ts';
import type {FeatureView} from '../definitions/view.ts';
import {KeyState} from '../windows/key-state.ts';
import {layoutOf} from '../windows/layout.ts';
import {StringCodes} from '../windows/string-codes.ts';

const NO_BYTES: readonly Uint8Array[] = [];

/** The values of a key of which there are no events. */
export function packEmpty(view: FeatureView): Uint8Array {
  const codes = new StringCodes();
  const numbers = new Float64Array(view.features.length);
  new KeyState(layoutOf(view), codes).read(0, numbers, 0);
  const columns = view.features.map(
    ({type}, f): ColumnData => (type === 'string' ? [codes.decode(numbers[f]!)] : numbers.subarray(f, f + 1)),
  );
  return packRow(columns, 0);
}

/** Row `row` of columns in the order of the features. */
export function packRow(columns: readonly ColumnData[], row: number): Uint8Array {
  const numbers = new Float64Array(columns.length);
  let strings = NO_BYTES;
  let bytes = numbers.byteLength;
  for (let f = 0; f < columns.length; f++) {
    const value = columns[f]![row]!;
    if (typeof value === 'number') numbers[f] = value;
    else if (value === null) numbers[f] = Number.NaN;
    else {
      const text = Buffer.from(value);
      numbers[f] = text.byteLength;
      strings = [...strings, text];
      bytes += text.byteLength;
    }
  }
  const packed = new Uint8Array(bytes);
  packed.set(new Uint8Array(numbers.buffer));
  let at = numbers.byteLength;
  for (const text of strings) {
    packed.set(text, at);
    at += text.byteLength;
  }
  return packed;
}

/** Reads packed values of one view: of strings it gives codes, which hold until the next read. */
export class PackedReader {
  readonly numbers: Float64Array;
  readonly #bytes: Uint8Array;
  /** Features that are strings. */
  readonly #texts: readonly number[];
  readonly #strings: string[] = [];

  constructor({features}: FeatureView) {
    this.numbers = new Float64Array(features.length);
    this.#bytes = new Uint8Array(this.numbers.buffer);
    this.#texts = features.flatMap(({type}, f) => (type === 'string' ? [f] : []));
  }

  /** The numbers, which are overwritten by the next read. */
  read(packed: Uint8Array): Float64Array {
    const {numbers} = this;
    if (this.#texts.length === 0) {
      this.#bytes.set(packed);
      return numbers;
    }
    let at = numbers.byteLength;
    this.#bytes.set(packed.subarray(0, at));
    const buffer = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
    for (const f of this.#texts) {
      const length = numbers[f]!;
      if (Number.isNaN(length)) continue;
      this.#strings[f] = buffer.toString('utf8', at, at + length);
      numbers[f] = f;
      at += length;
    }
    return numbers;
  }

  decode(code: number): string | null {
    return Number.isNaN(code) ? null : this.#strings[code]!;
  }
}

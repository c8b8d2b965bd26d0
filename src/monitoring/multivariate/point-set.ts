/** Rows of both sides as points in one space, where a feature of any kind puts two random rows equally far apart. */

import type {SharedColumns} from './shared-columns.ts';

export type PointSet = {
  /** Reference first, then current. */
  readonly rows: number;
  readonly reference: number;
  /** Numeric coordinates of each row, `width` a row. */
  readonly numbers: Float64Array;
  readonly width: number;
  /** Category codes of each row, `categories` a row; −1 is missing. */
  readonly codes: Int32Array;
  readonly categories: number;
};

/**
 * Numeric features are centred and scaled by mean and deviation of the reference; a missing value is the mean, one unit
 * away in a direction of its own. Of two categories only equality counts, as if each were a column of zeros and ones.
 */
export function pointSet({reference, current, categorical}: SharedColumns): PointSet {
  const before = reference[0]?.length ?? 0;
  const rows = before + (current[0]?.length ?? 0);
  const sides = reference.map((column, f) => [column, current[f]!] as const);
  const coordinates = sides.flatMap((side, f) => (categorical[f] ? [] : coordinatesOf(...side)));
  const coded = sides.filter((_, f) => categorical[f]);
  const numbers = new Float64Array(rows * coordinates.length);
  coordinates.forEach((column, c) => {
    for (let row = 0; row < rows; row++) numbers[row * coordinates.length + c] = column[row]!;
  });
  const codes = new Int32Array(rows * coded.length);
  coded.forEach(([a, b], c) => {
    for (let row = 0; row < rows; row++) {
      const code = row < before ? a[row]! : b[row - before]!;
      codes[row * coded.length + c] = Number.isNaN(code) ? -1 : code;
    }
  });
  return {rows, reference: before, numbers, width: coordinates.length, codes, categories: coded.length};
}

/** Squared distance of rows `i` and `j`. */
export function squaredDistance({numbers, width, codes, categories}: PointSet, i: number, j: number): number {
  let sum = 0;
  for (let at = i * width, to = j * width, end = at + width; at < end; at++, to++)
    sum += (numbers[at]! - numbers[to]!) * (numbers[at]! - numbers[to]!);
  for (let at = i * categories, to = j * categories, end = at + categories; at < end; at++, to++)
    if (codes[at] !== codes[to]) sum += 2;
  return sum;
}

function coordinatesOf(reference: Float64Array, current: Float64Array): Float64Array[] {
  const known = reference.filter(Number.isFinite);
  const mean = known.reduce((sum, x) => sum + x, 0) / (known.length || 1);
  const deviation = Math.sqrt(known.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (known.length || 1)) || 1;
  const all = new Float64Array(reference.length + current.length);
  all.set(reference);
  all.set(current, reference.length);
  const values = all.map(x => (Number.isFinite(x) ? (x - mean) / deviation : 0));
  return all.every(Number.isFinite) ? [values] : [values, all.map(x => (Number.isFinite(x) ? 0 : 1))];
}

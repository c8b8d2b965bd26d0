/** What a feature holds: a measured quantity, or one of a list of categories. */
export type FeatureKind = 'numeric' | 'categorical';

/**
 * Feature values of many rows, column by column. NaN is missing. A categorical column holds codes:
 * non-negative integers, positions in the feature's vocabulary (`encodeCategories` makes them).
 * Values are rounded to float32 by training and by every evaluator, so that all take the same branches.
 */
export type Matrix = {
  readonly rows: number;
  /** One per feature, each `rows` long. */
  readonly columns: readonly Float64Array[];
  readonly names: readonly string[];
  readonly kinds: readonly FeatureKind[];
  /** Per feature its vocabulary: the category at position `i` has code `i`. Null for numeric features. */
  readonly vocabularies?: readonly (readonly string[] | null)[];
};

/** Rows `from` (inclusive) to `to` (exclusive) as views: nothing is copied. */
export function sliceRows(matrix: Matrix, from: number, to: number): Matrix {
  const columns = matrix.columns.map(column => column.subarray(from, to));
  return {...matrix, rows: Math.max(0, Math.min(to, matrix.rows) - from), columns};
}

/** Writes row `i` into `row`, one value per feature. */
export function readRow(matrix: Matrix, i: number, row = new Float64Array(matrix.columns.length)): Float64Array {
  for (let f = 0; f < row.length; f++) row[f] = matrix.columns[f]![i]!;
  return row;
}

/** Columns of any kind as centred and scaled numbers, learned from some rows and applied to others. */

export type NumericEncoding = {
  /** Row by row, one number a feature. */
  readonly encode: (columns: readonly Float64Array[]) => Float64Array;
};

/**
 * A category becomes its share of the learned rows, 0 if it is new; a missing value the mean, or the most frequent
 * category; then all are centred and scaled to unit deviation. A constant stays 0. The encoding of NannyML's PCA.
 */
export function learnEncoding(columns: readonly Float64Array[], categorical: readonly boolean[]): NumericEncoding {
  const encoders = columns.map((column, f) => (categorical[f] ? shareEncoder(column) : meanEncoder(column)));
  const scales = columns.map((column, f) => {
    const values = column.map(encoders[f]!);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    return {mean, deviation: Math.sqrt(variance) || 1};
  });
  const encode = (given: readonly Float64Array[]): Float64Array => {
    const width = given.length;
    const encoded = new Float64Array(width * (given[0]?.length ?? 0));
    given.forEach((column, f) => {
      const {mean, deviation} = scales[f]!;
      for (let row = 0; row < column.length; row++)
        encoded[row * width + f] = (encoders[f]!(column[row]!) - mean) / deviation;
    });
    return encoded;
  };
  return {encode};
}

function meanEncoder(column: Float64Array): (x: number) => number {
  const known = column.filter(Number.isFinite);
  const mean = known.reduce((sum, x) => sum + x, 0) / (known.length || 1);
  return x => (Number.isFinite(x) ? x : mean);
}

function shareEncoder(column: Float64Array): (code: number) => number {
  const counts = new Map<number, number>();
  for (const code of column) if (!Number.isNaN(code)) counts.set(code, (counts.get(code) ?? 0) + 1);
  const most = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [Number.NaN, 0]);
  counts.set(most[0], most[1] + column.reduce((nulls, code) => nulls + (Number.isNaN(code) ? 1 : 0), 0));
  return code => (counts.get(Number.isNaN(code) ? most[0] : code) ?? 0) / column.length;
}

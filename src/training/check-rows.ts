import type {Matrix} from '../models/index.ts';

/** Rows looked at. */
const SAMPLE = 1_000;

/**
 * Four rows that a model should predict alike wherever it is loaded: all missing, and each feature at its
 * least, middle and greatest value among evenly spaced rows. No row of the data is copied. Null is missing.
 */
export function checkRows(matrix: Matrix): (number | null)[][] {
  const step = Math.max(1, Math.floor(matrix.rows / SAMPLE));
  const sorted = matrix.columns.map(column => {
    const values: number[] = [];
    for (let i = 0; i < matrix.rows; i += step) if (Number.isFinite(column[i])) values.push(column[i]!);
    return values.sort((a, b) => a - b);
  });
  const at = (share: number) => sorted.map(values => values[Math.round(share * (values.length - 1))] ?? null);
  return [sorted.map(() => null), at(0), at(0.5), at(1)];
}

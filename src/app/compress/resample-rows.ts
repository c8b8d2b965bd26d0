import {type Random, seededRandom} from '../../math/index.ts';
import type {Matrix} from '../../models/index.ts';

/** Share of the values of a mixed row that come from another row. */
const SWAPPED = 0.25;

/**
 * Rows for a teacher to label beyond those that there are: each is a random row with some of its values taken from another
 * one. After Bucilă, Caruana and Niculescu-Mizil, "Model compression" (2006), without their search for near neighbours,
 * so rows may be unlikely; the teacher's answer for them is right by definition.
 */
export function resampleRows(matrix: Matrix, count: number, seed: number): Matrix {
  const random = seededRandom(seed);
  const columns = matrix.columns.map(() => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    const one = anyRow(matrix, random);
    const other = anyRow(matrix, random);
    for (let f = 0; f < columns.length; f++) columns[f]![i] = matrix.columns[f]![random() < SWAPPED ? other : one]!;
  }
  return {...matrix, rows: count, columns};
}

const anyRow = ({rows}: Matrix, random: Random): number => Math.floor(random() * rows);

/** The rows of one matrix below those of another. */
export function appendRows(above: Matrix, below: Matrix): Matrix {
  const rows = above.rows + below.rows;
  const columns = above.columns.map((column, f) => {
    const joined = new Float64Array(rows);
    joined.set(column.subarray(0, above.rows));
    joined.set(below.columns[f]!.subarray(0, below.rows), above.rows);
    return joined;
  });
  return {...above, rows, columns};
}

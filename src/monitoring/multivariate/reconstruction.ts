/** How badly rows are told by the principal components of other rows. */

import type {Random} from '../../math/index.ts';
import {shuffle} from '../../math/index.ts';
import {learnEncoding} from './numeric-encoding.ts';
import {principalComponents, removeComponents} from './principal-components.ts';
import type {SharedColumns} from './shared-columns.ts';

export type Reconstruction = {
  /** Euclidean norm of what is left of each row. */
  readonly errors: Float64Array;
  /** Mean square of what is left of each feature. */
  readonly squares: Float64Array;
};

/** Share of the variance that the components hold; NannyML's. */
const VARIANCE = 0.65;

/** Components are learned from half of the reference, at random; the other half says what is usual. */
export async function reconstructions(
  {reference, current, categorical}: SharedColumns,
  random: Random,
): Promise<{reference: Reconstruction; current: Reconstruction}> {
  const order = shuffle(
    Uint32Array.from({length: reference[0]!.length}, (_, row) => row),
    random,
  );
  const half = order.length >> 1;
  const rowsOf = (from: number, to?: number) =>
    reference.map(column => Float64Array.from(order.subarray(from, to), row => column[row]!));
  const reconstruct = await learnReconstruction(rowsOf(0, half), categorical);
  return {reference: reconstruct(rowsOf(half)), current: reconstruct(current)};
}

/** Imputes, encodes and scales, then finds the components that hold 65 % of the variance. */
export async function learnReconstruction(
  columns: readonly Float64Array[],
  categorical: readonly boolean[],
): Promise<(columns: readonly Float64Array[]) => Reconstruction> {
  const width = columns.length;
  const {encode} = learnEncoding(columns, categorical);
  const components = await principalComponents(encode(columns), width, VARIANCE);
  return given => {
    const left = encode(given);
    removeComponents(components, left);
    const rows = left.length / width;
    const errors = new Float64Array(rows);
    const squares = new Float64Array(width);
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let f = 0; f < width; f++) {
        const square = left[row * width + f]! ** 2;
        sum += square;
        squares[f]! += square / rows;
      }
      errors[row] = Math.sqrt(sum);
    }
    return {errors, squares};
  };
}

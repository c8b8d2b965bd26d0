import {symmetricMatrixEigen} from '../../math/index.ts';

export type PrincipalComponents = {
  readonly width: number;
  /** Of which there are `vectors.length / width`. */
  readonly vectors: Float64Array;
};

/** Rows between two turns of the event loop, in numbers multiplied. */
const STEPS_PER_TURN = 5_000_000;

/** The fewest directions that hold more than `share` of the variance of centred rows, `width` numbers each. */
export async function principalComponents(
  rows: Float64Array,
  width: number,
  share: number,
): Promise<PrincipalComponents> {
  const products = new Float64Array(width * width);
  let since = 0;
  for (let start = 0; start < rows.length; start += width) {
    for (let i = 0; i < width; i++) {
      const x = rows[start + i]!;
      for (let j = 0; j <= i; j++) products[i * width + j]! += x * rows[start + j]!;
    }
    since += width * width;
    if (since < STEPS_PER_TURN) continue;
    since = 0;
    await new Promise(resolve => setImmediate(resolve));
  }
  const {values, vectors} = symmetricMatrixEigen(products, width);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  let count = 0;
  for (let held = 0; count < width && held <= share * total; count++) held += values[count]!;
  return {width, vectors: vectors.slice(0, count * width)};
}

/** Writes what the components cannot say of each row in its place. */
export function removeComponents({width, vectors}: PrincipalComponents, rows: Float64Array): void {
  for (let start = 0; start < rows.length; start += width) {
    for (let at = 0; at < vectors.length; at += width) {
      let along = 0;
      for (let i = 0; i < width; i++) along += vectors[at + i]! * rows[start + i]!;
      for (let i = 0; i < width; i++) rows[start + i]! -= along * vectors[at + i]!;
    }
  }
}

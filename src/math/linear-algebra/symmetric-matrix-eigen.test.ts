import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {normal, seededRandom} from '../random.ts';
import {symmetricMatrixEigen} from './symmetric-matrix-eigen.ts';

/** Largest error of A v = λ v and of vᵀ w = [v is w], over the size of A. */
function residual(matrix: Float64Array, size: number): number {
  const {values, vectors} = symmetricMatrixEigen(matrix, size);
  const scale = Math.max(1e-300, ...matrix.map(Math.abs));
  let worst = 0;
  for (let k = 0; k < size; k++) {
    const v = vectors.subarray(k * size, (k + 1) * size);
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += matrix[i * size + j]! * v[j]!;
      worst = Math.max(worst, Math.abs(sum - values[k]! * v[i]!) / scale);
    }
    for (let other = 0; other <= k; other++) {
      let dot = 0;
      for (let i = 0; i < size; i++) dot += v[i]! * vectors[other * size + i]!;
      worst = Math.max(worst, Math.abs(dot - (other === k ? 1 : 0)));
    }
    if (k > 0) worst = Math.max(worst, values[k]! - values[k - 1]!);
  }
  return worst;
}

const symmetric = (size: number, entry: (i: number, j: number) => number) =>
  Float64Array.from({length: size * size}, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return entry(Math.max(i, j), Math.min(i, j));
  });

describe('symmetricMatrixEigen', () => {
  test('gives the values in closed form of the second difference: 2 − 2 cos(kπ / (n + 1))', () => {
    const size = 30;
    const {values} = symmetricMatrixEigen(
      symmetric(size, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0)),
      size,
    );
    values.forEach((value, k) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((size - k) * Math.PI) / (size + 1)), 12);
    });
  });

  test('solves every small matrix, with zeros, ties and large ratios in it', () => {
    const entry = fc.oneof(fc.constantFrom(0, 1, -1, 1e-9, 1e9), fc.double({min: -10, max: 10, noNaN: true}));
    fc.assert(
      fc.property(
        fc
          .integer({min: 1, max: 6})
          .chain(size => fc.tuple(fc.constant(size), fc.array(entry, {minLength: 21, maxLength: 21}))),
        ([size, entries]) => {
          const matrix = symmetric(size, (i, j) => entries[(i * (i + 1)) / 2 + j]!);
          return residual(matrix, size) < 1e-12;
        },
      ),
      {seed: 1, numRuns: 500},
    );
  });

  test('solves a covariance of 120 columns, ranks lower than that included', () => {
    const random = seededRandom(1);
    for (const rank of [7, 120]) {
      const size = 120;
      const factors = Array.from({length: size}, () => Float64Array.from({length: rank}, () => normal(random)));
      const matrix = symmetric(size, (i, j) => factors[i]!.reduce((sum, x, k) => sum + x * factors[j]![k]!, 0));
      expect(residual(matrix, size)).toBeLessThan(1e-12);
    }
  });

  test('refuses what is not a matrix of finite numbers', () => {
    expect(() => symmetricMatrixEigen(new Float64Array(5), 2)).toThrow(/2 × 2 finite numbers/);
    expect(() => symmetricMatrixEigen(Float64Array.of(1, 0, 0, Number.NaN), 2)).toThrow(RangeError);
  });
});

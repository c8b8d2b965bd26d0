import {describe, expect, test} from 'vitest';
import {normal, seededRandom} from '../../../math/index.ts';
import {type Svd, svd} from './svd.ts';

function product({u, s, v, rank}: Svd, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let k = 0; k < rank; k++) out[i * columns + j]! += u[i * rank + k]! * s[k]! * v[j * rank + k]!;
  return out;
}

/** sin(1 + 3i + 7j), plus 1 on the diagonal. */
const waves = (rows: number, columns: number) =>
  Float64Array.from({length: rows * columns}, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    return Math.sin(1 + 3 * i + 7 * j) + (i === j ? 1 : 0);
  });

describe('svd', () => {
  // numpy 2.4.6, numpy.linalg.svd(a, compute_uv=False)
  test.each([
    [5, 3, [3.557114838192544, 1.2579718972979836, 0.6671662606673625]],
    [3, 5, [3.153421271912266, 1.213051277910979, 0.5647454255118668]],
    [6, 6, [4.553545171355755, 1.6716610501584712, 1.0, 0.9999999999999998, 0.7203436471255186, 0.3581929233905926]],
  ])('gives the singular values of numpy for %i × %i', (rows, columns, expected) => {
    const {s} = svd(waves(rows, columns), rows, columns);
    expect(s).toHaveLength(expected.length);
    for (const [k, value] of expected.entries()) expect(s[k]).toBeCloseTo(value, 13);
  });

  test('gives those of the Hilbert matrix of size 8, small ones included, as numpy does', () => {
    const {s} = svd(
      Float64Array.from({length: 64}, (_, at) => 1 / (1 + (at >> 3) + (at & 7))),
      8,
      8,
    );
    const expected = [
      1.6959389969219496, 0.2981252113169307, 0.026212843578119035, 0.0014676881177418427, 5.436943369749979e-5,
      1.2943320918688685e-6, 1.798873745949071e-8, 1.1115389812040764e-10,
    ];
    for (const [k, value] of expected.entries()) expect(Math.abs(s[k]! - value)).toBeLessThan(1e-15);
  });

  test.each([
    [40, 25],
    [25, 40],
  ])('multiplies back to the matrix, with orthonormal vectors (%i × %i)', (rows, columns) => {
    const random = seededRandom(2);
    const matrix = Float64Array.from({length: rows * columns}, () => normal(random));
    const parts = svd(matrix, rows, columns);
    const back = product(parts, rows, columns);
    for (let at = 0; at < back.length; at++) expect(back[at]).toBeCloseTo(matrix[at]!, 12);
    for (const [vectors, length] of [
      [parts.u, rows],
      [parts.v, columns],
    ] as const)
      for (let p = 0; p < parts.rank; p++)
        for (let q = 0; q <= p; q++) {
          let sum = 0;
          for (let i = 0; i < length; i++) sum += vectors[i * parts.rank + p]! * vectors[i * parts.rank + q]!;
          expect(sum).toBeCloseTo(p === q ? 1 : 0, 12);
        }
  });

  test('finds the rank of a product of thin matrices, and takes a matrix of zeros', () => {
    const random = seededRandom(3);
    const thin = (length: number) => Float64Array.from({length}, () => normal(random));
    const [a, b] = [thin(30 * 4), thin(4 * 20)];
    const matrix = new Float64Array(30 * 20);
    for (let i = 0; i < 30; i++)
      for (let j = 0; j < 20; j++) for (let k = 0; k < 4; k++) matrix[i * 20 + j]! += a[i * 4 + k]! * b[k * 20 + j]!;
    const {s} = svd(matrix, 30, 20);
    expect(s[3]).toBeGreaterThan(1);
    expect(s[4]).toBeLessThan(1e-12);
    expect([...svd(new Float64Array(6), 3, 2).s]).toEqual([0, 0]);
  });
});

import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {solveLinear} from './solve-linear.ts';

describe('solveLinear', () => {
  test('finds the solution that the right side was made of', () => {
    const entry = fc.integer({min: -20, max: 20});
    const systems = fc.integer({min: 1, max: 5}).chain(size =>
      fc.record({
        matrix: fc.array(fc.array(entry, {minLength: size, maxLength: size}), {minLength: size, maxLength: size}),
        solution: fc.array(entry, {minLength: size, maxLength: size}),
      }),
    );
    fc.assert(
      fc.property(systems, ({matrix, solution}) => {
        const right = matrix.map(row => row.reduce((sum, x, j) => sum + x * solution[j]!, 0));
        const found = solveLinear(matrix, right);
        // Of a singular matrix any solution will do, or none.
        if (found === null) return true;
        return matrix.every((row, i) => Math.abs(row.reduce((sum, x, j) => sum + x * found[j]!, 0) - right[i]!) < 1e-6);
      }),
      {seed: 1, numRuns: 500},
    );
  });

  test('needs a pivot that is not on the diagonal, and says null of a singular matrix', () => {
    expect(
      solveLinear(
        [
          [0, 2],
          [4, 0],
        ],
        [6, 8],
      ),
    ).toEqual([2, 3]);
    expect(
      solveLinear(
        [
          [1, 2],
          [2, 4],
        ],
        [1, 2],
      ),
    ).toBeNull();
  });
});
